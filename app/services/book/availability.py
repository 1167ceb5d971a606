"""How many copies of a work are to be had, and how many readers wait for it: over all its editions."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Label, ScalarSelect, Select, bindparam, func, select

from app.models.base import LIVE, db
from app.models.book import Book
from app.models.gift import Gift
from app.models.wish import Wish
from app.rules.exchange.drift import CopyState
from app.rules.exchange.listing import WishState
from app.services.sight.visible import KEPT, PUBLIC, Sight, listing_visible_to, visible_to


class Availability(NamedTuple):
    """The open copies of a work, the open wishes for it, and its editions."""

    to_be_had: int = 0
    waiting: int = 0
    editions: int = 0


_NOTHING = Availability()


def count_had(work_ids: Iterable[int], sight: Sight = PUBLIC) -> dict[int, Availability]:
    """Return what is to be had of each work; works without a live edition are left out; one statement."""
    ids = sorted(set(work_ids))
    counts: dict[int, Availability] = {}
    found = db.session.execute(_select_editions(sight), {"works": ids} | sight.values).all() if ids else ()
    for work_id, status, copies, wishes in found:
        if status == LIVE:
            had, waiting, editions = counts.get(work_id, _NOTHING)
            counts[work_id] = Availability(had + copies, waiting + wishes, editions + 1)
    return counts


def number_of_copies(sight: Sight) -> Label[int]:
    """Select the number of copies of a book that are to be had: in a join, SQLite would begin with all of the site.

    To be run with the sight's `values`.
    """
    return _number_of(_gift, CopyState.OPEN, listing_visible_to(sight, _gift)).label("copies")


def has_copy_seen(book_id: Any, sight: Sight) -> ColumnElement[bool]:
    """Return the condition that a copy of a book, a column, is to be had by who looks; with the sight's `values`."""
    copy = select(_gift.c.id).where(_gift.c.book_id == book_id, _gift.c.state == CopyState.OPEN)
    copy = copy.where(_gift.c.status == LIVE, listing_visible_to(sight, _gift)).limit(1)
    # One copy and no EXISTS, which MariaDB would turn into a join that begins with all copies.
    return copy.correlate(book_id.table).scalar_subquery().is_not(None)


def _number_of(listed: Any, state: str, is_seen: ColumnElement[bool]) -> ScalarSelect[int]:
    open_rows = select(func.count()).where(listed.c.book_id == _book.c.id, listed.c.state == state)
    return open_rows.where(listed.c.status == LIVE, is_seen).scalar_subquery()


_book: Any = Book.__table__
_gift: Any = Gift.__table__
_wish: Any = Wish.__table__


@lru_cache(KEPT)
def _select_editions(sight: Sight) -> Select[Any]:
    return select(
        _book.c.work_id,
        _book.c.status,
        number_of_copies(sight),
        _number_of(_wish, WishState.OPEN, visible_to(sight, _wish.c.user_id)).label("wishes"),
    ).where(_book.c.work_id.in_(bindparam("works", expanding=True)))
