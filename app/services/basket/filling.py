"""Putting books into a reader's basket. Times are in Unix seconds."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from app.catalogues.shelves.files import read_upload
from app.models.base import db
from app.models.basket import BasketLine
from app.models.book import Book
from app.models.copy import Copy
from app.models.wish import Wish
from app.rules.exchange.listing import WishState
from app.rules.shelf.basket import LineState, Missing, Plan, ensure_room
from app.rules.shelf.choosing import Outcome
from app.rules.shelf.row import Intent, ShelfRow
from app.services.basket.looking import queue_look
from app.services.basket.report import note_brought
from app.services.book.lookup import has_catalogues
from app.services.exchange.locking import lock_readers
from app.services.shelf.matching import Match, match_rows
from app.services.transaction import transaction

PLANS = {Intent.WISH: Plan.WISH, Intent.PRIVATE: Plan.PRIVATE, Intent.NOTHING: Plan.OPEN}


class Added(NamedTuple):
    """What became of the rows of a list."""

    lines: int
    """How many are in the basket now that were not before."""
    present: int
    """How many were in the basket before, or more than once in the list."""
    owned: int
    """How many are on the reader's shelf, or are to be wished for and are."""
    keys: tuple[str, ...] = ()
    """The `line_key` of each row that is in the basket now, in their order."""


def key_of(row: ShelfRow) -> str:
    """Return what is the same for the same book on every list."""
    if row.isbn:
        return row.isbn
    said = (row.title.casefold(), *(name.casefold() for name in row.authors), str(row.year or "")) if row.title else ()
    return hashlib.blake2b("\0".join((*said, row.said)).encode(), digest_size=16).hexdigest()


def read_file(content: bytes, name: str) -> Sequence[ShelfRow]:
    """Return the books of a file that a reader brings: the export of another program, any table, or a text.

    :raises Refusal: one of `rules.shelf.refusals`, which says what is wrong with the file.
    """
    return read_upload(content, name).rows


def fill_basket(reader_id: int, rows: Iterable[ShelfRow], now: int) -> Added:
    """Put rows into a reader's basket, except those that are there, on the shelf or on the wish list.

    Rows without a known ISBN are looked for by title and author.

    :raises BasketFull: there is no room for all of them; nothing was added.
    """
    given = list(rows)
    known = _books_with(row.isbn for row in given if row.isbn)
    titled = [row for row in given if row.title and row.isbn not in known]
    matches = {key_of(match.row): match for match in match_rows(titled) if match.book_ids}
    db.session.rollback()
    return _fill(reader_id, given, matches, now)


@transaction
def _fill(reader_id: int, given: Sequence[ShelfRow], matches: Mapping[str, Match], now: int) -> Added:
    named = {key_of(row): row for row in given}
    lock_readers(reader_id)
    mine = BasketLine.reader_id == reader_id
    present = named.keys() & set(db.session.scalars(select(BasketLine.line_key).where(mine)))
    new = {key: row for key, row in named.items() if key not in present}
    by_isbn = _books_with(row.isbn for row in new.values() if row.isbn)
    books = {key: by_isbn[row.isbn] for key, row in new.items() if row.isbn in by_isbn}
    certain = {key: match.book_ids[0] for key, match in matches.items() if match.outcome is Outcome.CERTAIN}
    books |= {key: id for key, id in certain.items() if key in new and not new[key].isbn}
    shelf, wishes = _has(reader_id, books.values())
    owned = {key for key, row in new.items() if _is_had(row, books.get(key), shelf, wishes)}
    added = [
        _line(reader_id, key, row, (books.get(key), matches.get(key)), now)
        for key, row in new.items()
        if key not in owned
    ]
    ensure_room(db.session.scalar(select(func.count()).where(mine)) or 0, len(added))
    note_brought(reader_id, named, owned, now)
    db.session.add_all(added)
    db.session.flush()
    if any(line.state == LineState.LOOKING for line in added):
        queue_look(reader_id)
    return Added(len(added), len(given) - len(new), len(owned), tuple(key for key in named if key not in owned))


def _books_with(isbns: Iterable[str]) -> dict[str, int]:
    found = select(Book.isbn, Book.id).where(Book.isbn.in_(list(isbns)))
    return {isbn: id for isbn, id in db.session.execute(found).tuples() if isbn}


def _has(reader_id: int, book_ids: Collection[int]) -> tuple[set[int], set[int]]:
    """Return which of these books the reader has on the shelf, and which are on the wish list."""
    ids = list(book_ids)
    held = select(Copy.book_id).where(Copy.holder_id == reader_id, Copy.book_id.in_(ids))
    open_wish = Wish.user_id == reader_id, Wish.state == WishState.OPEN, Wish.book_id.in_(ids)
    return set(db.session.scalars(held)), set(db.session.scalars(select(Wish.book_id).where(*open_wish)))


def _is_had(row: ShelfRow, book_id: int | None, shelf: set[int], wishes: set[int]) -> bool:
    return book_id in shelf or (row.intent is Intent.WISH and book_id in wishes)


def _line(reader_id: int, key: str, row: ShelfRow, found: tuple[int | None, Match | None], now: int) -> BasketLine:
    book_id, match = found
    state, reason = _state_of(row, book_id, match)
    is_chosen_from = match and (len(match.book_ids) > 1 or book_id is None)
    return BasketLine(
        reader_id=reader_id,
        line_key=key,
        isbn=row.isbn,
        said=row.said[:80],
        title=row.title,
        authors=row.authors,
        year=row.year,
        book_id=book_id,
        candidates=list(match.book_ids) if match and is_chosen_from else [],
        state=state,
        reason=reason,
        intent=PLANS[row.intent],
        condition=row.condition or "",
        create_time=now,
    )


def _state_of(row: ShelfRow, book_id: int | None, match: Match | None) -> tuple[LineState, str]:
    if book_id is not None:
        return LineState.FOUND, ""
    if not row.is_lookable:
        return LineState.WRONG, row.reason or ""
    if row.isbn and has_catalogues():
        return LineState.LOOKING, ""
    if match:
        return LineState.SEVERAL, ""
    return LineState.UNKNOWN, Missing.NOT_KNOWN
