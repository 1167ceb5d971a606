"""Marks of copies: made when their labels are first printed, or printed first and bound to a copy later."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import case, func, select, update

from app.models.base import db
from app.models.book import Book
from app.models.copy import Copy
from app.models.journey import BlankMark
from app.rules.clock import DAY
from app.rules.exchange.listing import Condition
from app.rules.journey.mark import make_mark
from app.rules.journey.telling import MOST_LABELS, MarkUsed, ensure_may_print_blank
from app.services.copy.keeping import add_copy, find_own_copy
from app.services.errors import NotFound
from app.services.exchange.locking import lock_present
from app.services.transaction import changed_rows, transaction


@dataclass(frozen=True)
class Label:
    """A copy on the reader's shelf, with its mark if it has one."""

    copy_id: int
    title: str
    authors: str
    mark: str | None


def list_labels(reader_id: int, chosen: Collection[int] = ()) -> list[Label]:
    """Return copies on the reader's shelf, at most `MOST_LABELS`: the chosen ones first, then those without a mark."""
    is_chosen = case((Copy.id.in_(sorted(chosen)), 0), else_=1)
    rows = select(Copy.id, Book.title, Book.authors, Copy.mark).join(Book, Book.id == Copy.book_id)
    rows = rows.where(Copy.holder_id == reader_id)
    rows = rows.order_by(is_chosen, Copy.mark.is_not(None), Copy.id.desc()).limit(MOST_LABELS)
    return [Label(id, title, ", ".join(authors), mark) for id, title, authors, mark in db.session.execute(rows)]


def list_blank(reader_id: int) -> list[str]:
    """Return the reader's marks that are on no copy yet, the newest first, at most `MOST_LABELS`."""
    mine = select(BlankMark.mark).where(BlankMark.reader_id == reader_id, BlankMark.copy_id.is_(None))
    return list(db.session.scalars(mine.order_by(BlankMark.id.desc()).limit(MOST_LABELS)))


@transaction
def make_marks(reader_id: int, copy_ids: Collection[int]) -> int:
    """Let those of these copies that the reader holds have marks; return how many of them have one.

    :raises NotFound: the account has just been closed.
    :raises EmailNotConfirmed: the reader has not confirmed the address.
    """
    lock_present(reader_id)
    mine = select(Copy.id, Copy.mark).where(Copy.id.in_(sorted(copy_ids)[:MOST_LABELS]), Copy.holder_id == reader_id)
    rows = db.session.execute(mine.order_by(Copy.id)).all()
    for id, mark in rows:
        if mark is None:
            changed_rows(update(Copy).where(Copy.id == id, Copy.mark.is_(None)).values(mark=_new_mark()))
    return len(rows)


@transaction
def reserve_marks(reader_id: int, count: int, now: int) -> None:
    """Reserve marks for labels that the reader prints before they are on copies.

    :raises TooManyBlankMarks: the reader got too many within a day.
    :raises NotFound, EmailNotConfirmed: see `make_marks`.
    """
    lock_present(reader_id)
    today = BlankMark.reader_id == reader_id, BlankMark.create_time > now - DAY
    ensure_may_print_blank(db.session.scalar(select(func.count(BlankMark.id)).where(*today)) or 0, count)
    db.session.add_all(BlankMark(mark=_new_mark(), reader_id=reader_id, create_time=now) for _ in range(count))


def _new_mark() -> str:
    while True:
        mark = make_mark()
        on_copy = select(Copy.id).where(Copy.mark == mark).exists()
        if not db.session.scalar(select(on_copy | select(BlankMark.id).where(BlankMark.mark == mark).exists())):
            return mark


def is_own_blank(reader_id: int, mark: str) -> bool:
    """Return whether a mark is the reader's, and on no copy yet."""
    mine = select(BlankMark.id).where(BlankMark.mark == mark, BlankMark.reader_id == reader_id)
    return db.session.scalar(mine.where(BlankMark.copy_id.is_(None))) is not None


@transaction
def bind_mark(reader_id: int, mark: str, copy_id: int) -> None:
    """Let a blank label be that of a copy on the reader's shelf.

    :raises NotFound: it is not the reader's label, or not their copy.
    :raises MarkUsed: the label is on a copy already, or the copy has another label.
    """
    lock_present(reader_id)
    _bind(reader_id, mark, find_own_copy(reader_id, copy_id))


@transaction
def bind_mark_to_book(reader_id: int, mark: str, number: str, now: int) -> None:
    """Let a blank label be that of a new private copy of the book with this ISBN, or number of this site.

    :raises NotFound: it is not the reader's label, or there is no such book.
    :raises MarkUsed: see `bind_mark`.
    :raises ShelfFull: the reader holds as many copies as is allowed.
    """
    lock_present(reader_id)
    book = Book.find_by_number(number)
    if book is None:
        raise NotFound()
    _bind(reader_id, mark, add_copy(reader_id, book.id, Condition.GOOD, now))


def _bind(reader_id: int, mark: str, copy: Copy) -> None:
    mine = select(BlankMark).where(BlankMark.mark == mark, BlankMark.reader_id == reader_id)
    blank = db.session.scalar(mine.with_for_update().execution_options(populate_existing=True))
    if blank is None:
        raise NotFound()
    if blank.copy_id is not None or copy.mark is not None:
        raise MarkUsed()
    copy.mark, blank.copy_id = mark, copy.id
