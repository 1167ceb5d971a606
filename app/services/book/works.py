"""Finding the works of books anew when the rules for it have changed."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, update

from app.models.base import db
from app.models.book import Book, BookChange
from app.models.user import User
from app.models.wish import Wish
from app.models.work import KEYED, Place, Work, find_works, marks_of
from app.rules.book.placing import Placing
from app.rules.book.work_key import VERSION
from app.rules.exchange.listing import WishState
from app.services.transaction import transaction

AT_ONCE = 500

_book: Any = Book.__table__
_work: Any = Work.__table__
_joined = _book.alias()


def count_outdated() -> int:
    """Return how many books have their place from older rules."""
    return db.session.scalar(select(func.count(_book.c.id)).where(_book.c.work_version < VERSION)) or 0


@transaction
def place_outdated() -> int:
    """Find the works of up to `AT_ONCE` books placed by older rules, and return how many; a person's placing stays."""
    outdated = _select_books().where(_book.c.work_version < VERSION).order_by(_book.c.work_version, _book.c.id)
    rows = db.session.execute(outdated.limit(AT_ONCE).with_for_update()).all()
    if rows:
        _place([row for row in rows if row.placed_by != Placing.SPLIT])
        db.session.execute(update(_book).where(_book.c.id.in_([row.id for row in rows])).values(work_version=VERSION))
    return len(rows)


def place_work(work_id: int) -> None:
    """Find the works of the editions that the rules have put into a work anew; inside a transaction."""
    of_it = _select_books().where(_book.c.work_id == work_id, _book.c.placed_by == Placing.RULES)
    _place(db.session.execute(of_it.order_by(_book.c.id).with_for_update()).all())


def _select_books() -> Select[Any]:
    return select(_book.c.id, _book.c.work_id, _book.c.placed_by, _is_free(), *(_book.c[name] for name in KEYED))


def _place(rows: Sequence[Row[Any]]) -> None:
    works = find_works(db.session.connection(), [_place_of(row) for row in rows])
    moved = [{"id": row.id, "work_id": work} for row, work in zip(rows, works, strict=True) if work != row.work_id]
    if moved:
        db.session.execute(update(Book), moved)
        BookChange.note_by_ids(move["id"] for move in moved)
        let_queue_look([move["work_id"] for move in moved])


def let_queue_look(work_ids: Collection[int]) -> None:
    """Let the wish queue look for copies for all who wait for these works, as they have other editions now."""
    waiting = select(Wish.user_id).join(_book, _book.c.id == Wish.book_id)
    waiting = waiting.where(_book.c.work_id.in_(work_ids), Wish.state == WishState.OPEN)
    User.note_able(set(db.session.scalars(waiting)))


def _is_free() -> ColumnElement[bool]:
    """Return whether an edition may keep its work: it is alone there, or neither the rules nor a person gave it."""
    of_it = or_(_work.c.id == _book.c.work_id, _work.c.joined_to == _book.c.work_id)
    is_taken = select(_work.c.id).where(of_it, _work.c.version == VERSION).exists()
    by_hand = select(_joined.c.id).where(_joined.c.work_id == _book.c.work_id, _joined.c.placed_by == Placing.JOINED)
    others = select(_joined.c.id).where(_joined.c.work_id == _book.c.work_id, _joined.c.id != _book.c.id)
    return (~others.exists() | (~is_taken & ~by_hand.exists())).label("is_free")


def _place_of(row: Row[Any]) -> Place:
    is_joined = row.placed_by == Placing.JOINED
    return Place(marks_of(row._asdict()), row.work_id if row.is_free or is_joined else None, is_fixed=is_joined)
