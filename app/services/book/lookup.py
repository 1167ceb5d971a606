"""Books that we do not have yet: asked of the outside catalogues, stored, and brought up to date."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from flask import current_app
from sqlalchemy.exc import OperationalError

from app import deadline
from app.catalogues.base import BookRecord
from app.catalogues.client import Outcome
from app.catalogues.lookup import Lookup
from app.logs import log
from app.models.base import db, now
from app.models.book import Book, BookLike
from app.rules.book import isbn as isbn_rules
from app.rules.clock import DAY
from app.search.read.index import LAST_PAGE
from app.services.book.search import SearchResult, search_books
from app.services.book.store import merge_into, store_books

# What a reader entered by hand is asked for again sooner: a catalogue may know it by now.
HAND_ENTERED_DAYS = 7
AT_ONCE = 25

# A book of which a catalogue did not say which edition it means.
LooseHit = BookRecord


@dataclass(frozen=True)
class Sought:
    """The book, or whether its absence is certain: all catalogues answered and none knows it."""

    book: Book | None
    is_certain: bool = True


@dataclass(frozen=True)
class OutsideHits:
    """Hits that we did not have: editions, now stored, and works, shown only; `is_complete`: all answered."""

    books: Sequence[BookLike]
    loose_hits: tuple[LooseHit, ...]
    is_complete: bool


def site_lookup() -> Lookup:
    """Return the catalogues of this site."""
    lookup: Lookup = current_app.extensions["lookup"]
    return lookup


def list_catalogues() -> list[str]:
    """Return the names of the catalogues, in the order in which they are asked."""
    return [client.name for client in site_lookup().clients]


def has_catalogues() -> bool:
    """Return whether there is anyone outside to ask."""
    return bool(site_lookup().clients)


def find_book(isbn: str) -> Sought:
    """Return the book with this 13-digit ISBN: ours, else what a catalogue knows within the deadline, now stored."""
    db.read_from(None)  # a replica may not have yet what somebody else has just asked for
    book = Book.find_by_isbn(isbn)
    if book or not has_catalogues():
        return Sought(book)
    if not (seconds := _seconds_for_others()):
        return Sought(None, is_certain=False)
    _leave_database()
    finding = site_lookup().find(isbn, seconds)
    if finding.record is None:
        return Sought(None, finding.is_certain)
    # Of many who asked at once, one stores it.
    if book := Book.find_by_isbn(isbn):
        return Sought(book)
    try:
        return Sought(next(iter(store_books([finding.record])), None))
    except OperationalError as error:
        _tell_unstored(error)
        return Sought(None, is_certain=False)


def search_everywhere(words: str, page: int, cursor: str | None) -> tuple[SearchResult, OutsideHits]:
    """Return our own hits, and what the catalogues have beyond them; see `search_books` for the arguments."""
    result = search_books(words, page, cursor)
    ids = [book.id for book in result.books]
    shown = {book.number for book in result.books}
    size = current_app.config["BOOKS_PER_PAGE"]
    hits = _ask_outside(words, shown, size, (page - 1) * size)
    # Read again in one statement: storing what was found has made the rows out of date.
    return replace(result, books=Book.list_by_ids(ids)), hits


def _ask_outside(words: str, shown: Collection[str], count: int, start: int) -> OutsideHits:
    if not (seconds := _seconds_for_others()):
        return OutsideHits((), (), is_complete=False)
    _leave_database()
    findings = site_lookup().search(words, count, start, seconds)
    records = [record for record in findings.records if record.isbn not in shown]
    loose_hits = tuple(hit for hit in findings.loose_hits if hit.isbn not in shown)
    try:
        return OutsideHits(store_books(records), loose_hits, findings.is_complete)
    except OperationalError as error:
        _tell_unstored(error)
        return OutsideHits((), (*records, *loose_hits), is_complete=False)


def list_hits(words: str, count: int, start: int) -> tuple[list[BookLike], int]:
    """Return the hits `start` to `start + count` among our own books, and how many there are in all."""
    pages = [start // count + 1] + ([start // count + 2] if start % count else [])
    results = [search_books(words, page, size=count, by_work=False) for page in pages if page <= LAST_PAGE]
    if not results:
        return [], search_books(words, size=count, by_work=False).total
    books = [book for result in results for book in result.books][start % count :][:count]
    return books, results[0].total


def list_outside_hits(words: str, count: int, start: int) -> tuple[list[BookLike], int]:
    """Return the hits `start` to `start + count` of the catalogues, now stored, and how many are known so far."""
    books = list(_ask_outside(words, (), count, start).books[:count])
    return books, start + len(books)


def is_due(book: Book) -> bool:
    """Return whether a book was last asked for so long ago that it should be again."""
    days = HAND_ENTERED_DAYS if book.entered_by_hand else current_app.config["BOOK_REFRESH_DAYS"]
    return bool(book.fetched_at < now() - days * DAY) and has_catalogues()


def refresh_book(isbn: str) -> bool:
    """Fill the gaps of a book that is due with all that the catalogues know; False: they could not say."""
    book = Book.find_by_isbn(isbn)
    if book is None or not is_due(book):
        return True
    _leave_database()
    finding = site_lookup().find_details(isbn)
    if finding.record is None and not finding.is_certain:
        return False
    _update([isbn], {isbn: finding.record} if finding.record else {})
    return True


def refresh_books(limit: int, tell: Callable[[int, int], None]) -> int:
    """Refresh the oldest books that are due, `limit` at most; `tell` hears how many were asked for and changed.

    It stops when a catalogue is out of order, since a book missing there may only be missing today.
    """
    due_before = now() - current_app.config["BOOK_REFRESH_DAYS"] * DAY
    changed = asked = 0
    while has_catalogues() and (isbns := _due_isbns(due_before, min(AT_ONCE, limit - asked))):
        found = site_lookup().find_many(isbns)
        changed += _update(isbns if found.is_certain else found.records.keys(), found.records)
        asked += len(isbns)
        tell(asked, changed)
        if not found.is_certain:
            break
    return changed


def _due_isbns(due_before: int, limit: int) -> list[str]:
    oldest = Book.list_older_than(due_before, limit) if limit > 0 else []
    isbns = [book.isbn for book in oldest if book.isbn]
    _leave_database()
    return isbns


def compare_catalogues(query: str, name: str | None) -> list[Outcome]:
    """Return what each catalogue, or the one called `name`, says to an ISBN or to words."""
    seconds = current_app.config["BOOK_LOOKUP_DEADLINE"]
    return site_lookup().ask_each(name, isbn_rules.parse(query), query, seconds)


def _update(isbns: Collection[str], found: dict[str, BookRecord]) -> int:
    """Merge what was found; all of them count as asked for now, so that nobody asks again tomorrow."""
    changed = 0
    with db.auto_commit():
        for isbn, book in Book.map_by_isbn(isbns).items():
            changed += isbn in found and merge_into(book, found[isbn])
            book.fetched_at = now()
    return changed


def _seconds_for_others() -> float:
    """Return how long a page may wait for catalogues: no longer than the request itself may last; 0: not at all."""
    return deadline.at_most(site_lookup().deadline)


def _tell_unstored(error: OperationalError) -> None:
    # Nothing can be written now (a full disk, a copy for reading only): what can be read is still shown.
    db.session.rollback()
    log.warning("found books not stored", reason=type(error).__name__)


def _leave_database() -> None:
    """End the reading transaction: no connection is held while others think."""
    db.session.rollback()
