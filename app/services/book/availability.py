"""How many copies of a work are to be had, and how many readers wait for it: over all its editions."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import ScalarSelect, bindparam, func, select

from app.models.base import LIVE, db
from app.models.book import Book
from app.models.gift import Gift
from app.models.wish import Wish
from app.rules.exchange.drift import CopyState
from app.rules.exchange.listing import WishState


class Availability(NamedTuple):
    """The open copies of a work, the open wishes for it, and its editions."""

    to_be_had: int = 0
    waiting: int = 0
    editions: int = 0


_NOTHING = Availability()


def count_had(work_ids: Iterable[int]) -> dict[int, Availability]:
    """Return what is to be had of each work; works without a live edition are left out; one statement."""
    ids = sorted(set(work_ids))
    counts: dict[int, Availability] = {}
    for work_id, status, copies, wishes in db.session.execute(_EDITIONS, {"works": ids}).all() if ids else ():
        if status == LIVE:
            had, waiting, editions = counts.get(work_id, _NOTHING)
            counts[work_id] = Availability(had + copies, waiting + wishes, editions + 1)
    return counts


def number_of(listed: Any, state: str) -> ScalarSelect[int]:
    """Select the number of copies or wishes of a book: in a join, SQLite would begin with all copies of the site."""
    open_rows = select(func.count()).where(listed.c.book_id == _book.c.id, listed.c.state == state)
    return open_rows.where(listed.c.status == LIVE).scalar_subquery()


_book: Any = Book.__table__
_EDITIONS = select(
    _book.c.work_id,
    _book.c.status,
    number_of(Gift.__table__, CopyState.OPEN).label("copies"),
    number_of(Wish.__table__, WishState.OPEN).label("wishes"),
).where(_book.c.work_id.in_(bindparam("works", expanding=True)))
