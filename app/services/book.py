"""Finding and storing books."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError

from app.catalogues.base import BookRecord
from app.catalogues.cleaning import clean_date, clean_line, language_of_isbn, people_of
from app.models.base import db
from app.models.book import Book, BookLike
from app.rules import isbn as isbn_rules
from app.search import IndexState
from app.search import InvalidCursor as InvalidCursor
from app.search.site import site_search
from app.services.merging import STORED, merged_values, new_values


@dataclass(frozen=True)
class SearchResult:
    """One page of hits, best first, and how to get the next one.

    `suggestion` is the text that was searched for instead, the given one having no hits. `state` says whether the
    index can answer; while it is built, only books asked for by their ISBN are found.
    """

    books: Sequence[BookLike]
    total: int
    total_is_capped: bool = False
    page: int = 1
    pages: int = 1
    next_cursor: str | None = None
    suggestion: str | None = None
    is_complete: bool = True
    state: IndexState = IndexState.READY


def search_books(text: str, page: int = 1, cursor: str | None = None, size: int | None = None) -> SearchResult:
    """Return the hits for an ISBN or keywords among our own books; `size` is other than `BOOKS_PER_PAGE`.

    :raises InvalidCursor: the cursor was not made by this search.
    """
    if (isbn := isbn_rules.parse(text)) and (book := Book.find_by_isbn(isbn)):
        return SearchResult([book] if page == 1 else [], total=1, page=page)
    size = size or current_app.config["BOOKS_PER_PAGE"]
    answer = site_search().index.search(text, page=page, cursor=cursor, per_page=size)
    return SearchResult(
        books=Book.list_by_ids(answer.book_ids),
        total=answer.total,
        total_is_capped=answer.total_is_capped,
        page=page,
        pages=answer.pages,
        next_cursor=answer.next_cursor,
        suggestion=answer.suggestion,
        is_complete=answer.is_complete,
        state=answer.state,
    )


def is_searchable() -> bool:
    """Tell whether keyword searches are answered."""
    return site_search().index.state() in (IndexState.READY, IndexState.STALE)


def list_front_page_books() -> list[Book]:
    """Return the shelf of the front page, for as long as nobody gives a book."""
    return Book.list_first(current_app.config["FRONT_PAGE_BOOKS"])


def store_books(records: Sequence[BookRecord]) -> list[Book]:
    """Store what catalogues say about books, and return them in the order given, without those that were hidden."""
    try:
        _merge_all(records)
    except IntegrityError:
        # Another process stored one of them at the same moment: now its row is there to be merged into.
        _merge_all(records)
    stored = Book.map_by_isbn(record.isbn for record in records)
    return [stored[record.isbn] for record in records if record.isbn in stored]


def _merge_all(records: Sequence[BookRecord]) -> None:
    if not records:
        return
    with db.auto_commit():
        known = Book.map_by_isbn((record.isbn for record in records), include_deleted=True)
        for record in records:
            merge_into(known.setdefault(record.isbn, Book(isbn=record.isbn)), record)


def enter_book(isbn: str, title: str, authors: str, publisher: str, year: int | None) -> Book:
    """Store a book that a reader entered by hand; one that is known already is left as it is."""
    people = people_of(authors)
    record = BookRecord(
        isbn=isbn,
        title=clean_line(title),
        authors=people.authors,
        translators=people.translators,
        publisher=clean_line(publisher, 120),
        pubdate=clean_date(year),
        language=language_of_isbn(isbn),
        source="reader",
    )
    with db.auto_commit():
        book = Book.map_by_isbn([isbn], include_deleted=True).get(isbn)
        if book is None:
            book = Book(isbn=isbn)
            merge_into(book, record, by_hand=True)
    return book


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
