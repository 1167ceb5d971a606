"""Storing what catalogues say about books."""

from collections.abc import Sequence

from sqlalchemy import inspect

from app.catalogues.base import BookRecord
from app.models.base import db
from app.models.book import Book
from app.services.book.merging import STORED, merged_values, new_values
from app.services.transaction import transaction


def store_books(records: Sequence[BookRecord]) -> list[Book]:
    """Store what catalogues say about books, and return them in the order given, without those that were hidden."""
    if records:
        _merge_all(records)
    stored = Book.map_by_isbn(record.isbn for record in records)
    return [stored[record.isbn] for record in records if record.isbn in stored]


@transaction
def _merge_all(records: Sequence[BookRecord]) -> None:
    known = Book.map_by_isbn((record.isbn for record in records), include_deleted=True)
    for record in records:
        merge_into(known.setdefault(record.isbn, Book(isbn=record.isbn)), record)


def merge_into(book: Book, record: BookRecord, by_hand: bool = False) -> bool:
    """Take over what the record says (see `merging`), to be called inside `auto_commit`; False: nothing new."""
    if inspect(book).transient:
        changes = new_values(record, by_hand)
    else:
        changes = merged_values({name: getattr(book, name) for name in STORED}, record)
    if not changes:
        return False
    book.set_attrs(changes)
    db.session.add(book)
    return True
