"""What a circle has on its shelf, and what its members wait for. Times are in Unix seconds.

A member sees all that is listed for the circle, so that nothing but blocks has to be asked about each copy. Pages
begin behind a listing and not at a number: the thousandth costs what the first does.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import BigInteger, Select, Table, bindparam, case, func, select

from app.models.base import LIVE, db
from app.models.book import SHELF_COLUMNS, Book, ShelfBook
from app.models.circle import GiftCircle, Membership
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish
from app.rules.circle.circle import MemberState
from app.rules.clock import DAY
from app.rules.exchange.drift import CopyState
from app.rules.exchange.listing import WishState
from app.services.book.search import Filter, search_books
from app.services.sight.visible import KEPT, Sight, visible_to

NEW = 7 * DAY
"""For how long a copy is new on the shelf."""
MOST_HITS = 60
"""Most books that a search within the circle finds."""
MOST_WAITING = 12
_FROM_NEWEST = 2**62


class CircleCopy(NamedTuple):
    """A copy on the shelf of a circle."""

    book: ShelfBook
    gift_id: int
    giver: str
    time: int
    """When it was listed."""
    lend_days: int | None
    """For how many days it is lent; None if it is given."""


class CircleShelf(NamedTuple):
    """Some copies of a circle, the newest first."""

    copies: Sequence[CircleCopy]
    next: int | None = None
    """Behind which listing the next page begins; None on the last one."""
    is_indexed: bool = True
    """Whether the index of books could be searched."""


class WaitingMember(NamedTuple):
    """A member's wish."""

    book: ShelfBook
    reader: str
    time: int


class Stock(NamedTuple):
    """How many copies a circle has."""

    copies: int
    new: int


_GIFT, _MARKED, _BOOK, _USER, _MEMBER, _WISH = (
    cast("Table", table.__table__) for table in (Gift, GiftCircle, Book, User, Membership, Wish)
)
_CIRCLE_ID, _BEFORE, _SINCE, _SIZE = (
    bindparam(name, type_=BigInteger) for name in ("circle_id", "before", "since", "size")
)
_OPEN_HERE = _MARKED.join(_GIFT, _GIFT.c.id == _MARKED.c.gift_id)
_IS_OPEN_HERE = _MARKED.c.circle_id == _CIRCLE_ID, _GIFT.c.state == CopyState.OPEN, _GIFT.c.status == LIVE
_COLUMNS = *SHELF_COLUMNS, _GIFT.c.id.label("gift_id"), _USER.c.nickname, _GIFT.c.create_time, _GIFT.c.lend_days


def list_circle_shelf(circle_id: int, before: int | None, size: int, sight: Sight) -> CircleShelf:
    """Return a page of the copies in a circle behind a listing, or the first one; one statement."""
    values = {"circle_id": circle_id, "before": before or _FROM_NEWEST, "size": size + 1} | sight.values
    found = [_copy(row) for row in db.session.execute(_select_copies(sight), values)]
    return CircleShelf(found[:size], found[size - 1].gift_id if len(found) > size else None)


def search_circle_shelf(circle_id: int, words: str, sight: Sight) -> CircleShelf:
    """Return the copies in a circle whose books are found by a keyword or an ISBN, the best hits first."""
    values = {"circle_id": circle_id} | sight.values
    books = frozenset(db.session.scalars(_select_books(sight), values))
    hits = search_books(words, size=MOST_HITS, by_work=False, kept=Filter(books=books, are_public=False))
    rank = {book.id: place for place, book in enumerate(hits.books)}
    rows = db.session.execute(_select_hits(sight), values | {"ids": list(rank)}) if rank else ()
    found = sorted(map(_copy, rows), key=lambda copy: (rank[copy.book.id], -copy.gift_id))
    return CircleShelf(found[:MOST_HITS], None, hits.is_indexed)


def count_stock(circle_id: int, now: int, sight: Sight) -> Stock:
    """Return how many copies a circle has, and how many of them are new; one statement."""
    values = {"circle_id": circle_id, "since": now - NEW} | sight.values
    return Stock(*map(int, db.session.execute(_select_stock(sight), values).one()))


def list_waiting_members(circle_id: int, sight: Sight) -> list[WaitingMember]:
    """Return the newest wishes of a circle's members; one statement."""
    values = {"circle_id": circle_id, "size": MOST_WAITING} | sight.values
    rows = db.session.execute(_select_waiting(sight), values)
    return [WaitingMember(ShelfBook._make(row[:5]), row.nickname, row.create_time) for row in rows]


def _copy(row: Any) -> CircleCopy:
    return CircleCopy(ShelfBook._make(row[:5]), *row[5:])


def _named(rows: Select[Any]) -> Select[Any]:
    """Join books and givers to listings that are few already."""
    rows = rows.join(_BOOK, _BOOK.c.id == _GIFT.c.book_id).join(_USER, _USER.c.id == _GIFT.c.giver_id)
    return rows.where(_BOOK.c.status == LIVE)


@lru_cache(KEPT)
def _select_copies(sight: Sight) -> Select[Any]:
    page = select(_MARKED.c.gift_id).select_from(_OPEN_HERE).where(*_IS_OPEN_HERE, _MARKED.c.gift_id < _BEFORE)
    # MariaDB would begin with all open copies of the site.
    page = page.prefix_with("STRAIGHT_JOIN", dialect="mysql").prefix_with("STRAIGHT_JOIN", dialect="mariadb")
    page = page.where(visible_to(sight, _GIFT.c.giver_id)).order_by(_MARKED.c.gift_id.desc()).limit(_SIZE)
    chosen = page.subquery("chosen")
    shown = _named(select(*_COLUMNS).select_from(chosen).join(_GIFT, _GIFT.c.id == chosen.c.gift_id))
    return shown.order_by(_GIFT.c.id.desc())


@lru_cache(KEPT)
def _select_books(sight: Sight) -> Select[Any]:
    found = select(_GIFT.c.book_id).select_from(_OPEN_HERE).where(*_IS_OPEN_HERE)
    return found.where(visible_to(sight, _GIFT.c.giver_id)).distinct()


@lru_cache(KEPT)
def _select_hits(sight: Sight) -> Select[Any]:
    found = _named(select(*_COLUMNS).select_from(_OPEN_HERE)).where(*_IS_OPEN_HERE)
    return found.where(visible_to(sight, _GIFT.c.giver_id), _GIFT.c.book_id.in_(bindparam("ids", expanding=True)))


@lru_cache(KEPT)
def _select_stock(sight: Sight) -> Select[Any]:
    new = func.coalesce(func.sum(case((_GIFT.c.create_time > _SINCE, 1), else_=0)), 0)
    counted = select(func.count(), new).select_from(_OPEN_HERE).where(*_IS_OPEN_HERE)
    return counted.where(visible_to(sight, _GIFT.c.giver_id))


@lru_cache(KEPT)
def _select_waiting(sight: Sight) -> Select[Any]:
    waits = _MEMBER.join(_WISH, _WISH.c.user_id == _MEMBER.c.user_id)
    newest = select(_WISH.c.id).select_from(waits).where(_MEMBER.c.circle_id == _CIRCLE_ID)
    newest = newest.where(_MEMBER.c.state == MemberState.IN, _WISH.c.state == WishState.OPEN, _WISH.c.status == LIVE)
    newest = newest.where(visible_to(sight, _WISH.c.user_id)).order_by(_WISH.c.id.desc()).limit(_SIZE)
    chosen = newest.subquery("chosen")
    shown = select(*SHELF_COLUMNS, _USER.c.nickname, _WISH.c.create_time).select_from(chosen)
    shown = shown.join(_WISH, _WISH.c.id == chosen.c.id).join(_BOOK, _BOOK.c.id == _WISH.c.book_id)
    shown = shown.join(_USER, _USER.c.id == _WISH.c.user_id).where(_BOOK.c.status == LIVE)
    return shown.order_by(_WISH.c.id.desc())
