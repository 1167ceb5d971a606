"""The messages of a drift: encrypted in the row like its address, read by its two sides, hidden or erased with it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from app.logs import log
from app.models.base import db
from app.models.book import Book
from app.models.drift import Drift, DriftSummary
from app.models.encrypted import seal
from app.models.message import Message
from app.models.user import User
from app.rules.exchange.drift import DriftState, Role
from app.rules.exchange.thread import MOST_MESSAGES, Phrase, Withheld, is_open, kept_until
from app.services.delivery.own_drift import get_own_drift
from app.services.delivery.postal_address import find_text, is_erased
from app.services.hashing import plain_hash
from app.services.notice.notices import see_messages

PATIENCE = 50
"""How long noting what was read waits for other writers, in milliseconds."""


@dataclass(frozen=True)
class Draft:
    """What a reader writes: words, or a quick phrase."""

    words: str = ""
    phrase: Phrase | None = None
    form_key: str = ""
    """Identifies the form with which it is sent; empty if there is none."""

    @property
    def key(self) -> str | None:
        """Return what two messages have in common only if the same form was sent twice with the same words."""
        said = f"{self.form_key}\n{self.phrase or ''}\n{self.words}"
        return plain_hash(said) if self.form_key else None


class Line(NamedTuple):
    """A message as shown to one of the two sides; `create_time` is in Unix seconds."""

    id: int
    is_mine: bool
    words: str | None
    """None if it is a quick phrase, or no key decrypts it."""
    phrase: str | None
    create_time: int
    is_new: bool
    erase_time: int | None = None
    """Until when it is kept, if it is hidden, in Unix seconds."""
    waits: bool = False
    """Somebody at the desk has to look at it before the other side sees it."""


class Thread(NamedTuple):
    """The messages of a drift, in order, as shown to one of its sides."""

    lines: tuple[Line, ...]
    is_open: bool
    """Whether the two can write."""
    report_until: int | None = None
    """Until when what the other side wrote, which is hidden, can be reported; None if nothing is."""

    @property
    def new(self) -> tuple[int, ...]:
        """Return the ids of the messages that the reader has not seen before."""
        return tuple(line.id for line in self.lines if line.is_new)

    @property
    def left(self) -> int:
        """Return how many more messages this side can write."""
        return max(0, MOST_MESSAGES - sum(line.is_mine for line in self.lines)) if self.is_open else 0


def is_for(row: Any, reader_id: int) -> bool:
    """Return whether a message, a row with the columns of its table, is for this one of the two sides to see."""
    return not row.withheld or row.author_id == reader_id


def line_of(row: Any, reader_id: int) -> Line:
    """Return a message, from a row with the columns of its table, as shown to one of the two sides."""
    said, is_mine = find_text(row.sealed), row.author_id == reader_id
    words, phrase = (None, said) if row.is_phrase else (said, None)
    is_new = not is_mine and row.read_time is None
    return Line(
        row.id, is_mine, words, phrase, row.create_time, is_new, row.erase_time, row.withheld == Withheld.UNCHECKED
    )


def thread_of(drift: Drift | DriftSummary, lines: Sequence[Line], are_both_there: bool, now: int) -> Thread:
    """Return the thread of a drift, of which these are the messages, as it is at `now` (Unix seconds)."""
    can_write = are_both_there and is_open(DriftState(drift.state), drift.erase_time, now)
    ends = [end_of(drift, line) or 0 for line in lines if is_hidden(drift, line, now) and not line.is_mine]
    report_until = max((end for end in ends if now < end), default=None)
    return Thread(tuple(line for line in lines if not is_hidden(drift, line, now)), can_write, report_until)


def is_hidden(drift: Drift | DriftSummary, message: Message | Line, now: int) -> bool:
    """Return whether a message is shown to nobody at `now` (Unix seconds), as nothing came of it or its author left."""
    return message.erase_time is not None or is_erased(drift, now)


def end_of(drift: Drift | DriftSummary, message: Message | Line) -> int | None:
    """Return until when a message of a drift is kept, in Unix seconds; None if nothing says so yet."""
    return kept_until(DriftState(drift.state), drift.undo_until, message.erase_time, drift.erase_time)


def list_lines(drift_id: int, reader_id: int) -> list[Line]:
    """Return the messages of one drift as shown to one of its sides."""
    rows = db.session.scalars(select(Message).where(Message.drift_id == drift_id).order_by(Message.id))
    return [line_of(row, reader_id) for row in rows if is_for(row, reader_id)]


@dataclass(frozen=True)
class ThreadPage:
    """A thread on a page of its own."""

    drift_id: int
    title: str
    other: str | None
    """The other side's nickname; None if that reader has left."""
    thread: Thread


def find_thread_page(reader_id: int, drift_id: int, now: int) -> ThreadPage:
    """Return the data of the page of a thread, as one of its sides sees it.

    :raises NotFound: the reader has no part in the drift.
    """
    drift, role = get_own_drift(reader_id, drift_id)
    title = db.session.scalars(select(Book.title).where(Book.id == drift.book_id)).one()
    other_id = drift.asker_id if role is Role.GIVER else drift.giver_id
    other = db.session.scalar(select(User.nickname).where(User.id == other_id))
    thread = thread_of(drift, list_lines(drift_id, reader_id), other is not None, now)
    return ThreadPage(drift_id, title, other, thread)


def lock_messages(drift_id: int) -> Sequence[Message]:
    """Return the messages of a drift as they are now, and keep others from writing more until the transaction ends."""
    locked = select(Message).where(Message.drift_id == drift_id).order_by(Message.id).with_for_update()
    return db.session.scalars(locked.execution_options(populate_existing=True)).all()


def find_sent(messages: Sequence[Message], author_id: int, draft: Draft) -> Message | None:
    """Return the one of these messages that the same form has sent before."""
    key = draft.key
    return next((one for one in messages if key and (one.author_id, one.form_key) == (author_id, key)), None)


def add_message(drift: Drift, author_id: int, draft: Draft, now: int, withheld: str = "") -> Message:
    """Store a message of one side of a drift, which the other one may not see; inside a transaction."""
    message = Message(
        drift_id=drift.id,
        author_id=author_id,
        reader_id=drift.giver_id if author_id == drift.asker_id else drift.asker_id,
        sealed=seal(draft.phrase or draft.words),
        is_phrase=draft.phrase is not None,
        withheld=withheld,
        form_key=draft.key,
        create_time=now,
    )
    db.session.add(message)
    db.session.flush()
    return message


def note_read(message_ids: Collection[int], now: int) -> None:
    """Note that messages were shown to their reader; if that cannot be written, they stay marked as new."""
    if not message_ids:
        return
    seen = update(Message).where(Message.id.in_(message_ids), Message.read_time.is_(None)).values(read_time=now)
    try:
        with db.auto_commit(patience=PATIENCE):
            db.session.execute(seen)
            see_messages(message_ids, now)
    except SQLAlchemyError as error:
        db.session.rollback()
        log.warning("messages not noted as read", reason=type(error).__name__)
