"""Putting books on their shelves: the new ones, those of which more was said, and those that older rules placed."""

from typing import Any

from sqlalchemy import func, select, update

from app.models.base import db
from app.models.book import Book
from app.models.shelf_place import place_on_shelves
from app.rules.book.shelves import VERSION
from app.services.transaction import transaction

AT_ONCE = 500

_book: Any = Book.__table__
_is_outdated = _book.c.shelf_version < VERSION


def count_unshelved() -> int:
    """Return how many books are still to be put on their shelves."""
    return db.session.scalar(select(func.count(_book.c.id)).where(_is_outdated)) or 0


@transaction
def shelve_outdated() -> int:
    """Put up to `AT_ONCE` books on their shelves, and return how many; 0: all are there."""
    ids = db.session.scalars(
        select(_book.c.id).where(_is_outdated).order_by(_book.c.shelf_version, _book.c.id).limit(AT_ONCE)
    ).all()
    if ids:
        # Written first: who says more of a book meanwhile has to wait, and marks it again.
        db.session.execute(update(_book).where(_book.c.id.in_(ids)).values(shelf_version=VERSION))
        place_on_shelves(db.session.connection(), ids)
    return len(ids)
