"""Lines on the pages of copies: written by anybody, looked at by who holds the copy, or at the desk."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.models.base import db
from app.models.book import Book
from app.models.copy import Copy
from app.models.journey import JournalLine
from app.models.user import User
from app.rules.journey.telling import LineState, NotTheHolder, ensure_room_for_line, first_state
from app.services.errors import NotFound
from app.services.exchange.locking import ensure_not_limited, lock_readers
from app.services.transaction import transaction

SHOWN = 50
"""How many lines that wait the desk lists at once."""


@transaction
def write_line(mark: str, author_id: int | None, words: str, now: int) -> LineState:
    """Write a line on the page of the copy with this mark; return whether it is shown at once.

    The same words of the same author about the same copy are one line.

    :raises NotFound: there is no such copy.
    :raises Limited: the reader can write nothing at present.
    :raises TooManyLinesWait: too many lines about the copy wait already.
    """
    user = None
    if author_id is not None:
        if author_id not in lock_readers(author_id):
            raise NotFound()
        ensure_not_limited(author_id, now)
        user = db.session.get_one(User, author_id)
    copy = db.session.scalar(select(Copy).where(Copy.mark == mark).with_for_update())
    if copy is None:
        raise NotFound()
    of_copy = JournalLine.copy_id == copy.id
    same = select(JournalLine.state).where(of_copy, JournalLine.author_id == author_id, JournalLine.words == words)
    if (known := db.session.scalar(same.limit(1))) is not None:
        return LineState(known)
    state = _first_state(words, user, copy, now)
    waiting = select(func.count(JournalLine.id)).where(of_copy, JournalLine.state == LineState.HELD)
    ensure_room_for_line(state, db.session.scalar(waiting) or 0)
    line = {"author_id": author_id, "words": words, "state": state}
    db.session.add(JournalLine(copy_id=copy.id, create_time=now, **line))
    return state


def _first_state(words: str, user: User | None, copy: Copy, now: int) -> LineState:
    if user is None:
        return first_state(words, False, None, now)
    is_holder = copy.holder_id == user.id  # who would have to agree
    return first_state(words, user.is_confirmed or is_holder, 0 if is_holder else user.create_time, now)


@transaction
def settle_line(reader_id: int, line_id: int, is_shown: bool, is_moderator: bool) -> str:
    """Show a line on the page of a copy, or not; return the mark of the copy.

    :raises NotFound: there is no such line, or it is hidden by the people who run the site.
    :raises NotTheHolder: the reader neither holds the copy nor looks after the site.
    """
    rows = select(JournalLine, Copy).join(Copy, Copy.id == JournalLine.copy_id).where(JournalLine.id == line_id)
    row = db.session.execute(rows.with_for_update()).tuples().one_or_none()
    if row is None:
        raise NotFound()
    line, copy = row
    if not is_moderator and copy.holder_id != reader_id:
        raise NotTheHolder()
    line.state = LineState.SHOWN if is_shown else LineState.HIDDEN
    return copy.mark or ""


@dataclass(frozen=True)
class WaitingLine:
    """A line that waits to be looked at."""

    id: int
    words: str
    title: str
    mark: str
    create_time: int


def list_waiting(holder_id: int | None = None) -> list[WaitingLine]:
    """Return the lines that wait, the oldest first: those about a reader's copies, or all."""
    rows = select(JournalLine.id, JournalLine.words, Book.title, Copy.mark, JournalLine.create_time)
    rows = rows.join(Copy, Copy.id == JournalLine.copy_id).join(Book, Book.id == Copy.book_id)
    rows = rows.where(JournalLine.state == LineState.HELD, Copy.mark.is_not(None))
    if holder_id is not None:
        rows = rows.where(Copy.holder_id == holder_id)
    found = db.session.execute(rows.order_by(JournalLine.id).limit(SHOWN))
    return [WaitingLine(id, words, title, mark or "", time) for id, words, title, mark, time in found]


def count_waiting_lines() -> int:
    """Return how many lines wait."""
    return db.session.scalar(select(func.count(JournalLine.id)).where(JournalLine.state == LineState.HELD)) or 0
