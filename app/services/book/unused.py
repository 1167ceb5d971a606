"""Removing books that nobody has used."""

from sqlalchemy import ColumnElement, and_, exists, select

from app.models.base import Base, db
from app.models.book import Book
from app.services.transaction import transaction


@transaction
def remove_unused(source: str) -> tuple[int, int]:
    """Remove the books of a source that no row refers to and nobody has corrected; return how many, and how many not.

    Their works stay, so that an address of a work never leads to another one.
    """
    books = db.session.scalars(select(Book).where(Book.source == source).with_for_update()).all()
    free = set(db.session.scalars(select(Book.id).where(Book.source == source, _is_free())))
    removed = [book for book in books if book.id in free and not book.corrected]
    for book in removed:
        db.session.delete(book)
    return len(removed), len(books) - len(removed)


def _is_free() -> ColumnElement[bool]:
    """Return the condition that no foreign key leads to a book, but of rows that go with it."""
    keys = (key for table in Base.metadata.tables.values() for key in table.foreign_keys)
    keys = (key for key in keys if key.column is Book.__table__.c.id and key.ondelete != "CASCADE")
    return and_(*(~exists().where(key.parent == Book.id) for key in keys))
