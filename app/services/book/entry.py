"""Entering by hand what no catalogue knows, and books without an ISBN; books that look alike are shown first."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from app.catalogues.base import BookRecord
from app.catalogues.text.cleaning import (
    clean_date,
    clean_language,
    clean_line,
    clean_pages,
    clean_text,
    language_of_isbn,
    people_of,
)
from app.models.base import db
from app.models.book import Book, BookSummary
from app.models.user import User
from app.models.work import find_known_works, marks_of
from app.rules.book.identity import may_be_same_title
from app.rules.book.title_language import language_of_title
from app.rules.exchange.refusals import EmailNotConfirmed
from app.services.book.merging import new_values
from app.services.book.search import search_books
from app.services.book.store import merge_into
from app.services.transaction import transaction

MOST_ALIKE = 6
"""Books that are shown to choose from."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A book as a reader enters it; without an ISBN if that is empty."""

    title: str
    isbn: str = ""
    authors: str = ""
    publisher: str = ""
    year: int | None = None
    pages: int | None = None
    language: str = ""
    summary: str = ""

    def record(self) -> BookRecord:
        """Return the record of the book, cleaned as those of imports are."""
        people, title = people_of(self.authors), clean_line(self.title)
        stated = clean_language(self.language) or language_of_isbn(self.isbn)
        return BookRecord(
            isbn=self.isbn,
            title=title,
            authors=people.authors,
            translators=people.translators,
            publisher=clean_line(self.publisher, 120),
            pubdate=clean_date(self.year),
            pages=clean_pages(self.pages),
            summary=clean_text(self.summary),
            language=stated or language_of_title(title, "", ""),
            source="reader",
        )


class Entered(NamedTuple):
    """A book, and whether it is new here."""

    book: Book
    is_new: bool


@transaction
def enter_book(reader: User, entry: Entry) -> Entered:
    """Store a book that a reader entered by hand; one that is known already is left as it is.

    :raises EmailNotConfirmed: the reader has not shown that the address is theirs.
    """
    if not reader.is_confirmed:
        raise EmailNotConfirmed()
    record = entry.record()
    if known := _find_same(record):
        return Entered(known, is_new=False)
    book = Book(isbn=record.isbn or None)
    merge_into(book, record, by_hand=True)
    db.session.flush()
    return Entered(book, is_new=True)


def _find_same(record: BookRecord) -> Book | None:
    values = new_values(record)
    is_same = Book.isbn == record.isbn if record.isbn else Book.identity == values["identity"]
    return db.session.scalar(select(Book).where(is_same).execution_options(include_deleted=True))


def list_look_alikes(entry: Entry) -> list[BookSummary]:
    """Return the books that may be the one to be entered: those of the same work, and what a search finds."""
    record = entry.record()
    works = find_known_works(db.session.connection(), marks_of(new_values(record)))
    same_work = select(Book.id).where(Book.work_id.in_(works)).order_by(Book.id.desc()).limit(MOST_ALIKE)
    ids = list(db.session.scalars(same_work)) if works else []
    for words in (f"{record.title} {' '.join(record.authors[:1])}", record.title):
        found = search_books(words, size=MOST_ALIKE, by_work=False).books
        ids += [book.id for book in found if may_be_same_title(record.title, book.title)]
    return Book.list_by_ids(list(dict.fromkeys(ids))[:MOST_ALIKE])
