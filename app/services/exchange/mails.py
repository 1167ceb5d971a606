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
from app.models.message import Message, Thanks
from app.models.notice import Notice
from app.models.user import User
from app.models.wish import Wish
from app.rules.exchange.audience import is_free_inside
from app.rules.exchange.drift import CAME_TO_NOTHING, OF_BEANS, DriftState, MailKind
from app.rules.exchange.mails import MAIL_DELAY, OF_A_LOAN, is_overtaken
from app.rules.exchange.thread import quoted
from app.rules.trust.facts import Facts
from app.services.delivery.places import find_place
from app.services.delivery.postal_address import find_text
from app.services.exchange.locking import lock_readers
from app.services.exchange.trust import facts_of
from app.services.notice.digest import plan_digests
from app.services.outbox import enqueue_all
from app.services.sight.audience import find_shared

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
    copy_id: int | None = None


def queue_mails(letters: Sequence[ExchangeMail], now: int) -> None:
    """Queue mails to be written some time after the commit, and their notices; inside a transaction.

    A reader who has left is told nothing.
    """
    told = queue_notices(letters, now)
    enqueue_all(EXCHANGE_MAIL, [(_payload(letter), key) for letter, key in told], now + MAIL_DELAY)


def queue_notices(letters: Sequence[ExchangeMail], now: int) -> list[tuple[ExchangeMail, str]]:
    """Queue notices without mails, for what another mail tells; return those for readers who are here, with keys."""
    present = lock_readers(*(letter.reader_id for letter in letters))
    plan_digests(list(present))
    told = [(letter, _key(letter, now)) for letter in letters if letter.reader_id in present]
    Notice.add_all([_notice(letter) | {"key": key, "show_from": now + MAIL_DELAY} for letter, key in told], now)
    return told


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
    return _about(letter) | {"kind": letter.kind, "copy_id": letter.copy_id}


def _payload(letter: ExchangeMail) -> dict[str, Any]:
    return _about(letter) | {"letter": letter.kind, "due": letter.due}


def _key(letter: ExchangeMail, now: int) -> str:
    about = f"{letter.drift_id or 0}:{letter.gift_id or 0}:{letter.reader_id}:{now}"
    which = letter.message_id or letter.copy_id
    return f"{letter.kind}:{about}:{which}" if which else f"{letter.kind}:{about}"


INTRODUCES = frozenset({MailKind.ASKED, MailKind.LOAN_ASKED, MailKind.OFFERED})
"""The mails about another reader whom the one who gets it may not know."""


@dataclass(frozen=True)
class MailFacts:
    """The contents of a mail, and its present kind; no book and no title if it is about beans.

    `name` is the other reader's; None for one who has left.
    """

    kind: MailKind
    book: Book | None
    title: str
    name: str | None
    known: Facts | None = None
    """About the other reader, in mails that introduce one."""
    place: str = ""
    """Where the book is left."""
    quote: str = ""
    """What the asker has written with the request."""
    is_free: bool = False
    """No bean is needed for the book, in a circle."""


def find_mail_facts(
    kind: MailKind,
    reader_id: int,
    drift_id: int | None,
    gift_id: int | None,
    message_id: int | None = None,
    since: int | None = None,
) -> MailFacts | None:
    """Return the contents of a mail about a drift, or about a copy on offer for a wish; None if it is out of date."""
    if kind in OF_BEANS:
        return MailFacts(kind, None, "", None)
    if message_id is not None:
        return _find_message_facts(message_id)
    if drift_id is not None:
        drift = db.session.get(Drift, drift_id)
        if drift is None or is_overtaken(kind, since, DriftState(drift.state), drift.state_time):
            return None
        if kind is MailKind.THANKED and not _is_thanked(drift.id):
            return None
        other = drift.giver_id if reader_id == drift.asker_id else drift.asker_id
        is_unpaid = kind is MailKind.RECEIVED and drift.pay_from is not None and drift.pay_from > base.now()
        place = find_place(drift)
        said = OF_A_LOAN.get(kind, kind) if drift.lend_days is not None else kind
        facts = _facts(MailKind.ARRIVED if is_unpaid else said, drift.book_id, other)
        quote = _find_note(drift) if kind is MailKind.ASKED else ""
        return replace(facts, place=place.name if place else "", quote=quote, is_free=not drift.beans)
    gift = db.session.get(Gift, gift_id)
    is_over = gift is None or (kind is MailKind.OFFERED and gift.offered_to != reader_id)
    if gift is None or is_over:
        return None
    facts = _facts(kind, gift.book_id, gift.giver_id)
    if kind is not MailKind.OFFERED:
        return facts
    return replace(facts, title=_edition(gift) or facts.title, is_free=is_free_inside(find_shared(gift, reader_id)))


def _is_thanked(drift_id: int) -> bool:
    """Return whether there is a line of thanks, which its author may have taken back."""
    return db.session.scalar(select(Thanks.id).where(Thanks.drift_id == drift_id)) is not None


def _find_note(drift: Drift) -> str:
    """Return what the asker wrote with the request, as a mail quotes it; empty if that is hidden, or held."""
    note = select(Message.sealed).where(Message.drift_id == drift.id, Message.author_id == drift.asker_id)
    first = note.where(Message.create_time == drift.create_time, Message.is_phrase.is_(False))
    is_shown = Message.erase_time.is_(None), Message.withheld == ""
    sealed = db.session.scalar(first.where(*is_shown).order_by(Message.id).limit(1))
    return quoted(find_text(sealed) or "")


def _find_message_facts(message_id: int) -> MailFacts | None:
    """Return the contents of a mail about a message; None if its reader has seen it, or cannot see it any more."""
    is_on = Drift.state.not_in(CAME_TO_NOTHING) & Message.erase_time.is_(None) & (Message.withheld == "")
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
    book = db.session.get_one(Book, book_id)
    name = db.session.scalar(select(User.nickname).where(User.id == other))
    known = facts_of(other) if name is not None and kind in INTRODUCES else None
    return MailFacts(kind, book, book.title, name, known)
