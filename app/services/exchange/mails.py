"""The mails and notices of the exchange: queued in the transaction of the change, told some time after the commit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from app.models import base
from app.models.base import db
from app.models.book import Book
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.message import Message
from app.models.notice import Notice
from app.models.user import User
from app.models.wish import Wish
from app.rules.exchange.drift import CAME_TO_NOTHING, DriftState, MailKind
from app.rules.exchange.mails import MAIL_DELAY, is_overtaken
from app.services.delivery.places import find_place
from app.services.exchange.locking import lock_readers
from app.services.notice.digest import plan_digests
from app.services.outbox import enqueue_all

EXCHANGE_MAIL = "mail.exchange"


@dataclass(frozen=True)
class ExchangeMail:
    """A mail to a reader about a drift or a copy. Times are in Unix seconds."""

    kind: MailKind
    reader_id: int
    drift_id: int | None = None
    gift_id: int | None = None
    due: int | None = None
    """The deadline that it names."""
    since: int | None = None
    """When the drift entered the state that it is about, which tells it from the same state after an undo."""
    message_id: int | None = None


def queue_mails(letters: Sequence[ExchangeMail], now: int) -> None:
    """Queue mails to be written some time after the commit, and their notices; inside a transaction.

    A reader who has left is told nothing.
    """
    present = lock_readers(*(letter.reader_id for letter in letters))
    plan_digests(list(present))
    told = [(letter, _key(letter, now)) for letter in letters if letter.reader_id in present]
    enqueue_all(EXCHANGE_MAIL, [(_payload(letter), key) for letter, key in told], now + MAIL_DELAY)
    Notice.add_all([_notice(letter) | {"key": key, "show_from": now + MAIL_DELAY} for letter, key in told], now)


def _about(letter: ExchangeMail) -> dict[str, Any]:
    """Return to whom and about what it is, as the job of the mail and the notice both store it."""
    return {
        "user_id": letter.reader_id,
        "drift_id": letter.drift_id,
        "gift_id": letter.gift_id,
        "message_id": letter.message_id,
        "since": letter.since,
    }


def _notice(letter: ExchangeMail) -> dict[str, Any]:
    return _about(letter) | {"kind": letter.kind}


def _payload(letter: ExchangeMail) -> dict[str, Any]:
    return _about(letter) | {"letter": letter.kind, "due": letter.due}


def _key(letter: ExchangeMail, now: int) -> str:
    about = f"{letter.drift_id or 0}:{letter.gift_id or 0}:{letter.reader_id}:{now}"
    return f"{letter.kind}:{about}:{letter.message_id}" if letter.message_id else f"{letter.kind}:{about}"


@dataclass(frozen=True)
class MailFacts:
    """The contents of a mail, and its present kind. `name` is the other reader's; None for one who has left."""

    kind: MailKind
    title: str
    name: str | None
    place: str = ""
    """Where the book is left."""


def find_mail_facts(
    kind: MailKind,
    reader_id: int,
    drift_id: int | None,
    gift_id: int | None,
    message_id: int | None = None,
    since: int | None = None,
) -> MailFacts | None:
    """Return the contents of a mail about a drift, or about a copy on offer for a wish; None if it is out of date."""
    if message_id is not None:
        return _find_message_facts(message_id)
    if drift_id is not None:
        drift = db.session.get(Drift, drift_id)
        if drift is None or is_overtaken(kind, since, DriftState(drift.state), drift.state_time):
            return None
        other = drift.giver_id if reader_id == drift.asker_id else drift.asker_id
        is_unpaid = kind is MailKind.RECEIVED and drift.pay_from is not None and drift.pay_from > base.now()
        place = find_place(drift)
        facts = _facts(MailKind.ARRIVED if is_unpaid else kind, drift.book_id, other)
        return replace(facts, place=place.name if place else "")
    gift = db.session.get(Gift, gift_id)
    is_over = gift is None or (kind is MailKind.OFFERED and gift.offered_to != reader_id)
    if gift is None or is_over:
        return None
    facts = _facts(kind, gift.book_id, gift.giver_id)
    return replace(facts, title=_edition(gift) or facts.title) if kind is MailKind.OFFERED else facts


def _find_message_facts(message_id: int) -> MailFacts | None:
    """Return the contents of a mail about a message; None if its reader has seen it, or cannot see it any more."""
    is_on = Drift.state.not_in(CAME_TO_NOTHING) & Message.erase_time.is_(None)
    unread = select(Message.author_id, Drift.book_id).join(Drift, Drift.id == Message.drift_id)
    found = db.session.execute(unread.where(Message.id == message_id, Message.read_time.is_(None), is_on)).one_or_none()
    return None if found is None else _facts(MailKind.WRITTEN, found.book_id, found.author_id)


def _edition(gift: Gift) -> str:
    """Return which edition is offered, when it is not the one that the reader named."""
    wished = db.session.scalar(select(Wish.book_id).where(Wish.id == gift.offered_wish_id))
    if wished == gift.book_id:
        return ""
    book = db.session.get_one(Book, gift.book_id)
    said = ", ".join(str(part) for part in (book.publisher, book.year) if part)
    return f"{book.title} ({said})" if said else book.title


def _facts(kind: MailKind, book_id: int, other: int) -> MailFacts:
    title = db.session.scalars(select(Book.title).where(Book.id == book_id)).one()
    name = db.session.scalar(select(User.nickname).where(User.id == other))
    return MailFacts(kind, title, name)
