"""What the front page says of the site to visitors, and of their own books to readers; one statement each."""

from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Select, bindparam, func, literal, or_, select

from app.models.base import LIVE, db
from app.models.book import Book
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.wish import Wish
from app.rules.exchange.drift import CopyState, DriftState
from app.rules.exchange.listing import WishState
from app.services.exchange.editions import is_granted_by
from app.services.sight.visible import KEPT, PUBLIC, Sight, listing_visible_to

MOST_COUNTED = 1_000
"""How far the open copies of a site are counted: a sign of life needs no more."""

_GIFT, _WISH, _DRIFT = Gift.__table__, Wish.__table__, Drift.__table__
_BOOK, _OTHER = Book.__table__, Book.__table__.alias()
_READER: Any = bindparam("reader_id", type_=BigInteger)


class SignsOfLife(NamedTuple):
    """What happens on the site."""

    copies: int
    """How many copies are to be had, counted up to `MOST_COUNTED`."""
    last_arrival: int | None
    """When the last book arrived that was for everybody, in Unix seconds."""

    @property
    def are_more(self) -> bool:
        """Whether there may be more copies than were counted."""
        return self.copies == MOST_COUNTED


class Glance(NamedTuple):
    """How a reader's own books stand."""

    has_begun: bool
    """The reader has listed a copy, wished for a book or asked for one."""
    wishes: int
    wishes_to_be_had: int
    """For how many of the wishes a copy is open."""


def see_signs_of_life() -> SignsOfLife | None:
    """Return what shows a visitor that the site is alive; None while no copy is to be had."""
    signs = SignsOfLife._make(db.session.execute(_SIGNS).one())
    return signs if signs.copies else None


def glance_at(reader_id: int, sight: Sight) -> Glance:
    """Return how a reader's own books stand."""
    begun, wishes, to_be_had = db.session.execute(_select_glance(sight), {"reader_id": reader_id} | sight.values).one()
    return Glance(bool(begun), wishes, to_be_had)


_is_open = _GIFT.c.state == CopyState.OPEN, _GIFT.c.status == LIVE, listing_visible_to(PUBLIC, _GIFT)
_open = select(_GIFT.c.id).where(*_is_open).limit(MOST_COUNTED).subquery()
_arrived = (
    select(_DRIFT.c.state_time)
    .where(_DRIFT.c.state == DriftState.RECEIVED)
    .where(select(_GIFT.c.is_closed).where(_GIFT.c.id == _DRIFT.c.gift_id).scalar_subquery().is_(False))
    .order_by(_DRIFT.c.id.desc())
    .limit(1)
)
_SIGNS = select(select(func.count()).select_from(_open).scalar_subquery(), _arrived.scalar_subquery())


@lru_cache(KEPT)
def _select_glance(sight: Sight) -> Select[Any]:
    begun = or_(
        *(
            select(column).where(column == _READER).exists()
            for column in (_GIFT.c.giver_id, _WISH.c.user_id, _DRIFT.c.asker_id)
        )
    )
    mine = select(func.count(_WISH.c.id)).where(_WISH.c.user_id == _READER, _WISH.c.state == WishState.OPEN)
    copy = select(literal(1)).select_from(_GIFT).where(_GIFT.c.book_id == _OTHER.c.id, _GIFT.c.state == CopyState.OPEN)
    copy = copy.where(_GIFT.c.giver_id != _READER, listing_visible_to(sight, _GIFT)).correlate(_OTHER)
    edition = select(_OTHER.c.id).where(is_granted_by(_BOOK, _OTHER), copy.exists()).correlate(_BOOK, _WISH)
    had = mine.join(_BOOK, (_BOOK.c.id == _WISH.c.book_id) & (_BOOK.c.status == LIVE)).where(edition.exists())
    return select(begun, mine.scalar_subquery(), had.scalar_subquery())
