"""How many copies of a work are to be had, and how many readers wait for it: over all its editions."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, case, func, literal, null, select, union_all

from app.models.base import LIVE, db
from app.models.book import Book
from app.models.gift import Gift
from app.models.wish import Wish
from app.rules.exchange.drift import CopyState
from app.rules.exchange.listing import WishState


class Availability(NamedTuple):
    """The open copies of a work, and the open wishes for it."""

    to_be_had: int = 0
    waiting: int = 0


def count_had(work_ids: Iterable[int]) -> dict[int, Availability]:
    """Return what is to be had of each work; works that nobody gives or wishes for are left out; one statement."""
    ids = sorted(set(work_ids))
    if not ids:
        return {}
    found = db.session.execute(_COUNTS, {"works": ids})
    counts = {(row.work_id, row.waits): row.number for row in found if row.number}
    return {id: Availability(counts.get((id, 0), 0), counts.get((id, 1), 0)) for id, _ in counts}


def _count(listed: Any, state: str, waits: int) -> Select[Any]:
    """Select the number of rows of a table in a state, over the live editions of each work.

    A condition on the status of the books would make SQLite use the index that begins with it.
    """
    live = case((_book.c.status == LIVE, 1), else_=null())
    return (
        select(_book.c.work_id, literal(waits).label("waits"), func.count(live).label("number"))
        .join_from(_book, listed, listed.c.book_id == _book.c.id)
        .where(_book.c.work_id.in_(bindparam("works", expanding=True)))
        .where(listed.c.state == state, listed.c.status == LIVE)
        .group_by(_book.c.work_id)
    )


_book: Any = Book.__table__
_COUNTS = union_all(_count(Gift.__table__, CopyState.OPEN, 0), _count(Wish.__table__, WishState.OPEN, 1))
