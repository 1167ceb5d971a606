"""The reading list of a circle: titles by a day, who of its members offers one, and who needs one.

Whoever keeps a copy private learns that they have one, and nobody else does. Times are in Unix seconds.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import BigInteger, ColumnElement, Select, Table, bindparam, delete, func, select

from app.models.base import LIVE, db
from app.models.book import SHELF_COLUMNS, Book, ShelfBook
from app.models.circle import CircleTitle, Membership
from app.models.copy import Copy, Whereabouts
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish
from app.rules.circle.circle import MemberState
from app.rules.circle.reading import ensure_may_add
from app.rules.exchange.drift import CopyState
from app.rules.exchange.listing import WishState
from app.services.circle.access import lock_as_steward, lock_circle
from app.services.errors import NotFound
from app.services.exchange.wish import add_wish
from app.services.sight.visible import KEPT, Sight, listing_visible_to, visible_to
from app.services.transaction import changed_rows, transaction

MOST_SHOWN = 500
"""Members who are named on one list, in each of its two columns."""


class Named(NamedTuple):
    """A member who offers a copy, or who needs one."""

    id: int
    nickname: str


@dataclass
class ReadingTitle:
    """A title of the list, and what is known about it to one member."""

    book: ShelfBook
    wanted_by: int
    offered_by: dict[int, Named] = field(default_factory=dict)
    needed_by: dict[int, Named] = field(default_factory=dict)
    has_one: bool = False
    """The member who looks holds a copy, of any edition, listed or private."""


_TITLE, _BOOK, _GIFT, _WISH, _COPY, _MEMBER, _USER = (
    cast("Table", table.__table__) for table in (CircleTitle, Book, Gift, Wish, Copy, Membership, User)
)
_CIRCLE_ID, _READER = (bindparam(name, type_=BigInteger) for name in ("circle_id", "reader"))
_WORKS: Any = bindparam("works", expanding=True)


def list_titles(circle_id: int, size: int | None = None) -> list[ReadingTitle]:
    """Return the titles of a circle's list, those wanted first at the top; one statement."""
    listed = select(*SHELF_COLUMNS, _TITLE.c.wanted_by).join(_BOOK, _BOOK.c.id == _TITLE.c.book_id)
    listed = listed.where(_TITLE.c.circle_id == circle_id, _BOOK.c.status == LIVE)
    rows = db.session.execute(listed.order_by(_TITLE.c.wanted_by, _TITLE.c.id).limit(size))
    return [ReadingTitle(ShelfBook._make(row[:5]), row.wanted_by) for row in rows]


def list_reading(circle_id: int, reader_id: int, sight: Sight) -> list[ReadingTitle]:
    """Return the same with what a member may know of each; four statements, however long the list is."""
    titles = list_titles(circle_id)
    by_work: defaultdict[int, list[ReadingTitle]] = defaultdict(list)
    for title in titles:
        by_work[title.book.work_id].append(title)
    if not by_work:
        return titles
    values = {"circle_id": circle_id, "reader": reader_id, "works": sorted(by_work)} | sight.values
    for work_id, *named in db.session.execute(_select_offers(sight), values):
        for title in by_work[work_id]:
            title.offered_by[named[0]] = Named(*named)
    for work_id, *named in db.session.execute(_select_needs(sight), values):
        for title in by_work[work_id]:
            title.needed_by[named[0]] = Named(*named)
    for work_id in db.session.scalars(_OWN, values):
        for title in by_work[work_id]:
            title.has_one = True
    return titles


@transaction
def add_title(steward_id: int, circle_id: int, book_id: int, wanted_by: int, now: int) -> None:
    """Put a book on the list, or change the day of one that is there.

    :raises NotFound: the circle has ended, the reader is no steward of it, or there is no such book.
    :raises Refusal: see `rules.circle.reading.ensure_may_add`.
    """
    lock_as_steward(circle_id, steward_id)
    if Book.find_by_id(book_id) is None:
        raise NotFound()
    others = select(func.count(CircleTitle.id)).where(CircleTitle.circle_id == circle_id)
    others = others.where(CircleTitle.book_id != book_id)
    ensure_may_add(db.session.scalar(others) or 0, wanted_by, now)
    row = db.session.scalar(select(CircleTitle).where(*_is_title(circle_id, book_id)))
    if row is None:
        db.session.add(row := CircleTitle(circle_id=circle_id, book_id=book_id, create_time=now))
    row.wanted_by = wanted_by


@transaction
def take_off_title(steward_id: int, circle_id: int, book_id: int) -> None:
    """Take a book off the list; idempotent. Raises `NotFound` unless the reader is a steward of the circle."""
    lock_as_steward(circle_id, steward_id)
    changed_rows(delete(CircleTitle).where(*_is_title(circle_id, book_id)))


@transaction
def need_title(reader_id: int, circle_id: int, book_id: int, now: int) -> int:
    """Wish for a book of the list, as for any other, and return the id of the wish.

    :raises NotFound: the circle has ended, the reader is no member of it, or the book is not on its list any more.
    :raises Refusal: see `services.exchange.wish.add_wish`.
    """
    _, standing = lock_circle(circle_id, reader_id)
    listed = select(CircleTitle.id).where(*_is_title(circle_id, book_id))
    if not standing.is_in or db.session.scalar(listed) is None:
        raise NotFound()
    return add_wish(reader_id, book_id, now)


def _is_title(circle_id: int, book_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a row of `CircleTitle` is about this book on this circle's list."""
    return CircleTitle.circle_id == circle_id, CircleTitle.book_id == book_id


def _members_with(owned: Table, owner: Any) -> Select[Any]:
    """Select the works that the circle wants to read with the members who have a row of `owned` about them."""
    found = select(_BOOK.c.work_id, _USER.c.id, _USER.c.nickname).where(_BOOK.c.work_id.in_(_WORKS))
    found = found.join(owned, owned.c.book_id == _BOOK.c.id).join(_USER, _USER.c.id == owner)
    found = found.join(_MEMBER, (_MEMBER.c.user_id == _USER.c.id) & (_MEMBER.c.circle_id == _CIRCLE_ID))
    return found.where(_MEMBER.c.state == MemberState.IN, owned.c.status == LIVE).limit(MOST_SHOWN)


@lru_cache(KEPT)
def _select_offers(sight: Sight) -> Select[Any]:
    found = _members_with(_GIFT, _GIFT.c.giver_id).where(_GIFT.c.state == CopyState.OPEN)
    return found.where(listing_visible_to(sight, _GIFT)).order_by(_GIFT.c.id)


@lru_cache(KEPT)
def _select_needs(sight: Sight) -> Select[Any]:
    found = _members_with(_WISH, _WISH.c.user_id).where(_WISH.c.state == WishState.OPEN)
    return found.where(visible_to(sight, _WISH.c.user_id)).order_by(_WISH.c.id)


_OWN = (
    select(_BOOK.c.work_id)
    .join(_COPY, _COPY.c.book_id == _BOOK.c.id)
    .where(_BOOK.c.work_id.in_(_WORKS), _COPY.c.holder_id == _READER, _COPY.c.state == Whereabouts.KEPT)
    .distinct()
)
