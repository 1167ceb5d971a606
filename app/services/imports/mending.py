"""Finding books that were stored with a wrong encoding, and repairing them where the original text is certain."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.catalogues.text.sorting import sort_key
from app.catalogues.text.spoilt import is_spoilt, repaired
from app.models.base import db
from app.models.book import Book
from app.services.imports.run import export_books
from app.services.transaction import transaction

TEXTS = ("title", "subtitle", "publisher", "original_title", "series")
LISTS = ("authors", "translators", "subjects")


@dataclass(frozen=True, kw_only=True)
class SpoiltBook:
    """A book with garbled text, and the repaired fields; empty when not all of them can be repaired."""

    book_id: int
    number: str
    title: str
    repaired: dict[str, Any]


def find_spoilt() -> Iterator[SpoiltBook]:
    """Yield the books that have garbled text, oldest first."""
    for book in export_books():
        spoilt = [name for name in (*TEXTS, *LISTS) if any(map(is_spoilt, _texts(book, name)))]
        if spoilt:
            found = {name: [_mended(text) for text in _texts(book, name)] for name in spoilt}
            values = {name: texts if name in LISTS else texts[0] for name, texts in found.items()}
            is_known = all(map(all, found.values()))
            yield SpoiltBook(book_id=book.id, number=book.number, title=book.title, repaired=values if is_known else {})


@transaction
def mend(books: list[SpoiltBook]) -> None:
    """Store the repaired fields of the books."""
    for spoilt in books:
        book = db.session.get_one(Book, spoilt.book_id)
        for name, value in spoilt.repaired.items():
            setattr(book, name, value)
        book.sort_key = sort_key(book.title)


def _mended(text: str) -> str:
    return repaired(text) if is_spoilt(text) else text


def _texts(book: Book, name: str) -> list[str]:
    value = getattr(book, name)
    return list(value) if name in LISTS else [value]
