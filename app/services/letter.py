"""Letters of the exchange: queued with the change that they tell of, written after the commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.jobs import enqueue_all
from app.models.base import db
from app.models.book import Book
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.rules.drift import MailKind

LETTER = "mail.exchange"


@dataclass(frozen=True)
class Letter:
    """A letter to a reader about a drift or a copy; `due` is the deadline it names, in Unix seconds."""

    kind: MailKind
    reader_id: int
    drift_id: int | None = None
    gift_id: int | None = None
    due: int | None = None


def queue_letters(letters: Sequence[Letter], now: int) -> None:
    """Queue letters to be written after the commit; to be called inside a transaction."""
    enqueue_all(LETTER, [(_payload(letter), _key(letter, now)) for letter in letters], now)


def _payload(letter: Letter) -> dict[str, Any]:
    return {
        "letter": letter.kind,
        "user_id": letter.reader_id,
        "drift_id": letter.drift_id,
        "gift_id": letter.gift_id,
        "due": letter.due,
    }


def _key(letter: Letter, now: int) -> str:
    return f"{letter.kind}:{letter.drift_id or 0}:{letter.gift_id or 0}:{letter.reader_id}:{now}"


@dataclass(frozen=True)
class LetterFacts:
    """What a letter tells. `name` is the other reader's, None for one who has left."""

    title: str
    name: str | None


def find_letter_facts(reader_id: int, drift_id: int | None, gift_id: int | None) -> LetterFacts | None:
    """Return what a letter about a drift, or about a copy kept for a wish, tells its reader."""
    if drift_id is not None:
        drift = db.session.get(Drift, drift_id)
        if drift is None:
            return None
        other = drift.giver_id if reader_id == drift.asker_id else drift.asker_id
        return _facts(drift.isbn, other)
    gift = db.session.get(Gift, gift_id)
    return None if gift is None else _facts(gift.isbn, gift.uid)


def _facts(isbn: str, other: int) -> LetterFacts:
    title = db.session.scalars(select(Book.title).where(Book.isbn == isbn)).one()
    name = db.session.scalar(select(User.nickname).where(User.id == other))
    return LetterFacts(title, name)
