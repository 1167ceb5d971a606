"""Finding the works of books anew when the rules for it have changed."""

from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select, update

from app.models.base import db
from app.models.book import Book, BookChange
from app.models.work import KEYED, Place, Work, edition_of, find_works
from app.rules.book.placing import Placing
from app.rules.book.work_key import VERSION
from app.services.transaction import changed_rows, transaction

AT_ONCE = 500

_book, _work, _joined = Book.__table__, Work.__table__, Book.__table__.alias()


def count_outdated() -> int:
    """Return how many books have their place from older rules."""
    return db.session.scalar(select(func.count(_book.c.id)).where(_book.c.work_version < VERSION)) or 0


@transaction
def place_outdated() -> int:
    """Find the works of up to `AT_ONCE` books placed by older rules, and return how many; a person's placing stays."""
    outdated = (
        select(_book.c.id, _book.c.work_id, _book.c.placed_by, _is_free(), *(_book.c[name] for name in KEYED))
        .where(_book.c.work_version < VERSION)
        .order_by(_book.c.work_version, _book.c.id)
        .limit(AT_ONCE)
    )
    rows = db.session.execute(outdated.with_for_update()).all()
    if not rows:
        return 0
    movable = [row for row in rows if row.placed_by != Placing.SPLIT]
    works = find_works(db.session.connection(), [_place_of(row) for row in movable])
    moved = [{"id": row.id, "work_id": work} for row, work in zip(movable, works, strict=True) if work != row.work_id]
    if moved:
        db.session.execute(update(Book), moved)
        BookChange.note_by_ids(move["id"] for move in moved)
    changed_rows(update(Book).where(_book.c.id.in_([row.id for row in rows])).values(work_version=VERSION))
    return len(rows)


def _is_free() -> ColumnElement[bool]:
    """Return whether the present rules have not yet given the work to any edition, nor has a person."""
    of_it = or_(_work.c.id == _book.c.work_id, _work.c.joined_to == _book.c.work_id)
    is_taken = select(_work.c.id).where(of_it, _work.c.version == VERSION).exists()
    by_hand = select(_joined.c.id).where(_joined.c.work_id == _book.c.work_id, _joined.c.placed_by == Placing.JOINED)
    return (~is_taken & ~by_hand.exists()).label("is_free")


def _place_of(row: Row[Any]) -> Place:
    is_joined = row.placed_by == Placing.JOINED
    return Place(edition_of(row._asdict()), row.work_id if row.is_free or is_joined else None, is_fixed=is_joined)
