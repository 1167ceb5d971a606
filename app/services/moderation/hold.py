"""What is held by a rule, as the desk reads it, and what becomes of it. Times are in Unix seconds."""

from dataclasses import dataclass

from sqlalchemy import Select, func, select, update

from app.models.base import db
from app.models.book import Book
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.message import Message, Thanks
from app.models.report import Hold, Report
from app.models.user import User
from app.rules.exchange.drift import CopyState, DriftState, MailKind
from app.rules.exchange.thread import Withheld
from app.rules.moderation.decision import Act
from app.rules.moderation.hold import HoldReason, is_to_be_held
from app.rules.moderation.report import ReportKind
from app.services.delivery.postal_address import find_text
from app.services.exchange.gift import hold_listing, release_listing
from app.services.exchange.mails import ExchangeMail, queue_mails
from app.services.sight.visible import has_blocked
from app.services.transaction import changed_rows

SHOWN = 50
"""How many of each kind the desk lists."""


@dataclass(frozen=True)
class HoldLine:
    """Something that waits to be looked at."""

    kind: str
    ref: int
    reason: str
    about_id: int
    about: str | None
    """The nickname; None for a reader who has left."""
    title: str
    words: str | None
    create_time: int


def list_holds(kind: str | None = None, ref: int | None = None) -> list[HoldLine]:
    """Return what is held, the oldest first, or only what is known of one thing."""
    which = [] if ref is None else [Hold.kind == kind, Hold.ref == ref]
    listings = db.session.execute(_select_listings().where(*which)).tuples()
    messages = db.session.execute(_select_messages().where(*which)).tuples()
    lines = db.session.execute(_select_lines().where(*which)).tuples()
    said = [(row, name, title, f"{note}\n{meeting}".strip()) for row, name, title, note, meeting in listings]
    written = [(row, name, title, find_text(sealed)) for row, name, title, sealed in messages]
    found = [
        HoldLine(row.kind, row.ref, row.reason, row.about_id, name, title, words, row.create_time)
        for row, name, title, words in [*said, *written, *lines]
    ]
    return sorted(found, key=lambda line: line.create_time)


def count_holds() -> int:
    """Return how much is held."""
    selected = _select_listings(), _select_messages(), _select_lines()
    return sum(
        db.session.scalar(select(func.count()).select_from(rows.order_by(None).limit(None).subquery())) or 0
        for rows in (one.with_only_columns(Hold.id) for one in selected)
    )


def _select_listings() -> Select[tuple[Hold, str, str, str, str]]:
    rows = select(Hold, User.nickname, Book.title, Gift.note, Gift.meeting_words).join(Gift, Gift.id == Hold.ref)
    rows = rows.join(Book, Book.id == Gift.book_id).outerjoin(User, User.id == Hold.about_id)
    is_open = Hold.kind == ReportKind.LISTING, Hold.decision_id.is_(None), Gift.state == CopyState.HELD
    return rows.where(*is_open).order_by(Hold.id).limit(SHOWN)


def _select_messages() -> Select[tuple[Hold, str, str, str]]:
    rows = select(Hold, User.nickname, Book.title, Message.sealed).join(Message, Message.id == Hold.ref)
    rows = rows.join(Drift, Drift.id == Message.drift_id).join(Book, Book.id == Drift.book_id)
    rows = rows.outerjoin(User, User.id == Hold.about_id)
    is_open = Hold.kind == ReportKind.MESSAGE, Hold.decision_id.is_(None), Message.withheld == Withheld.UNCHECKED
    return rows.where(*is_open).order_by(Hold.id).limit(SHOWN)


def _select_lines() -> Select[tuple[Hold, str, str, str]]:
    rows = select(Hold, User.nickname, Book.title, Thanks.words).join(Thanks, Thanks.id == Hold.ref)
    rows = rows.join(Drift, Drift.id == Thanks.drift_id).join(Book, Book.id == Drift.book_id)
    rows = rows.outerjoin(User, User.id == Hold.about_id)
    is_open = Hold.kind == ReportKind.LINE, Hold.decision_id.is_(None)
    return rows.where(*is_open).order_by(Hold.id).limit(SHOWN)


def hold_what_is_reported(kind: str, ref: int, now: int) -> None:
    """Hold something that several readers with a finished exchange have reported; inside a transaction."""
    finished = select(Drift.id).where(
        (Drift.asker_id == Report.reporter_id) | (Drift.giver_id == Report.reporter_id),
        Drift.state == DriftState.RECEIVED,
    )
    reports = Report.kind == kind, Report.ref == ref, Report.decision_id.is_(None), ~Report.is_late
    reporters = select(func.count(Report.reporter_id.distinct())).where(*reports, finished.exists())
    if not is_to_be_held(kind, db.session.scalar(reporters) or 0):
        return
    gift = db.session.get_one(Gift, ref, with_for_update=True, populate_existing=True)
    if gift.state == CopyState.OPEN:  # what is asked for goes on, and the reports wait for somebody to look
        hold_listing(gift, HoldReason.REPORTERS, now)


def close_hold(kind: str, ref: int, act: Act, decision_id: int, now: int) -> bool:
    """Let a decision end a hold: what stays is shown from now on. Returns whether it was held by a rule."""
    of_it = Hold.kind == kind, Hold.ref == ref, Hold.decision_id.is_(None)
    if act not in (Act.NOTHING, Act.HIDE):
        return False
    if not changed_rows(update(Hold).where(*of_it).values(decision_id=decision_id)):
        return False
    if kind == ReportKind.MESSAGE:
        _release_message(ref, act, now)
    elif kind == ReportKind.LINE:
        _tell_of_line(ref, act, now)
    elif act is Act.NOTHING:
        release_listing(ref, now)
    return True


def _release_message(message_id: int, act: Act, now: int) -> None:
    message = db.session.get(Message, message_id, with_for_update=True, populate_existing=True)
    if message is None or message.withheld != Withheld.UNCHECKED:
        return
    message.withheld = ""
    db.session.flush()
    if act is Act.NOTHING:
        told = ExchangeMail(MailKind.WRITTEN, message.reader_id, drift_id=message.drift_id, message_id=message.id)
        queue_mails([told], now)


def _tell_of_line(line_id: int, act: Act, now: int) -> None:
    line = db.session.get(Thanks, line_id)
    if line is not None and act is Act.NOTHING and not has_blocked(line.author_id, line.reader_id):
        since = db.session.get_one(Drift, line.drift_id).state_time
        queue_mails([ExchangeMail(MailKind.THANKED, line.reader_id, drift_id=line.drift_id, since=since)], now)
