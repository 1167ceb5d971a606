"""What decisions are about: found by its kind and id, hidden from everybody, and shown again."""

from dataclasses import dataclass

from sqlalchemy import Select, select, update

from app.models.base import DELETED, LIVE, db
from app.models.book import Book
from app.models.copy import Copy
from app.models.decision import Complaint, Decision
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.journey import JournalLine
from app.models.message import Message, Thanks
from app.models.report import Report
from app.models.user import User
from app.rules.exchange.drift import UNDER_WAY, Action, CopyState, DriftState, Role, Way
from app.rules.exchange.listing import WITHDRAWABLE
from app.rules.exchange.steps import can_be_stopped
from app.rules.moderation.decision import COMPLAINT, NothingToHide, Party
from app.rules.moderation.report import ReportKind
from app.services.errors import NotFound
from app.services.exchange.gift import finish_ended_request, release_listing
from app.services.exchange.locking import lock_own_drift, lock_readers
from app.services.exchange.transition import apply_transition
from app.services.exchange.wish_queue import end_offer
from app.services.moderation.hidden_book import hide_book, lock_book, show_book
from app.services.transaction import changed_rows

_IDS = {
    ReportKind.MESSAGE: Message.id,
    ReportKind.LINE: Thanks.id,
    ReportKind.LISTING: Gift.id,
    ReportKind.JOURNEY: JournalLine.id,
}
_OWNERS: dict[str, Select[tuple[int, str, int]] | Select[tuple[int | None, str, int]]] = {
    ReportKind.MESSAGE: (
        select(Message.author_id, Book.title, Book.id)
        .join(Drift, Drift.id == Message.drift_id)
        .join(Book, Book.id == Drift.book_id)
    ),
    ReportKind.LINE: (
        select(Thanks.author_id, Book.title, Book.id)
        .join(Drift, Drift.id == Thanks.drift_id)
        .join(Book, Book.id == Drift.book_id)
    ),
    ReportKind.LISTING: select(Gift.giver_id, Book.title, Book.id).join(Book, Book.id == Gift.book_id),
    ReportKind.JOURNEY: (
        select(JournalLine.author_id, Book.title, Book.id)
        .join(Copy, Copy.id == JournalLine.copy_id)
        .join(Book, Book.id == Copy.book_id)
    ),
}
"""Whose a thing is, and which book it has to do with, by its kind."""
_WRITTEN: dict[str, type[Message | Thanks | JournalLine]] = {
    ReportKind.MESSAGE: Message,
    ReportKind.LINE: Thanks,
    ReportKind.JOURNEY: JournalLine,
}
"""What readers write, by its kind."""


@dataclass(frozen=True)
class Subject:
    """Something that was, or can be, reported."""

    kind: str
    ref: int
    about_id: int | None
    """The reader whose it is; None for a book, and for a line of somebody without an account."""
    about: Party | None
    """The same; None if they have left, or for a book."""
    title: str = ""
    """The title of the book, if it has to do with one."""
    book_id: int | None = None
    said_by: int | None = None
    """The reader who says that a book is not as described; None for anything else."""


def get_subject(kind: str, ref: int) -> Subject:
    """Return what can be decided about; a message that is erased is known by the reports of it.

    Of a thread it is what the reader wrote whose report waits, or was the last: both sides may have reported the other.

    :raises NotFound: there never was such a thing.
    """
    found = find_subject(kind, ref)
    if found is None:
        raise NotFound()
    return found


def subject_of(decision: Decision) -> Subject:
    """Return what a decision is about."""
    found = find_subject(decision.kind, decision.ref)
    known = (found.title, found.book_id, found.said_by) if found else ()
    return Subject(decision.kind, decision.ref, decision.about_id, _party(decision.about_id), *known)


def find_subject(kind: str, ref: int) -> Subject | None:
    """Return the same; None if it is not known at all."""
    if kind == ReportKind.READER:
        about = _party(ref)
        return Subject(kind, ref, ref, about) if about else None
    if kind == ReportKind.THREAD:
        return _find_thread(ref)
    if kind == ReportKind.BOOK:
        return _find_book(ref)
    if kind == COMPLAINT:
        return _find_complaint(ref)
    if kind not in _OWNERS:
        return None
    row = db.session.execute(
        _OWNERS[kind].where(_IDS[ReportKind(kind)] == ref).execution_options(include_deleted=True)
    ).first()
    if row is None:
        about_id = _reported(kind, ref)
        return Subject(kind, ref, about_id, _party(about_id)) if about_id is not None else None
    return Subject(kind, ref, row[0], _party(row[0]), title=row[1], book_id=row[2])


def _find_thread(drift_id: int) -> Subject | None:
    about_id = _reported(ReportKind.THREAD, drift_id)
    if about_id is None:
        return None
    books = select(Book.title, Book.id).join(Drift, Drift.book_id == Book.id).where(Drift.id == drift_id)
    title, book_id = db.session.execute(books).one()
    return Subject(ReportKind.THREAD, drift_id, about_id, _party(about_id), title=title, book_id=book_id)


def _find_book(book_id: int) -> Subject | None:
    titles = select(Book.title).where(Book.id == book_id).execution_options(include_deleted=True)
    title = db.session.scalar(titles)
    return None if title is None else Subject(ReportKind.BOOK, book_id, None, None, title=title, book_id=book_id)


def _find_complaint(drift_id: int) -> Subject | None:
    rows = select(Complaint.about_id, Complaint.author_id, Book.title, Book.id)
    rows = rows.join(Drift, Drift.id == Complaint.drift_id).join(Book, Book.id == Drift.book_id)
    found = rows.where(Complaint.drift_id == drift_id).execution_options(include_deleted=True)
    row = db.session.execute(found).first()
    if row is None:
        return None
    about_id, author_id, title, book_id = row
    return Subject(COMPLAINT, drift_id, about_id, _party(about_id), title, book_id, author_id)


def lock_subject(subject: Subject) -> None:
    """Let nobody else decide about something until the transaction ends."""
    if subject.said_by is not None:
        lock_own_drift(subject.said_by, subject.ref)
    elif subject.about_id is not None:
        lock_readers(subject.about_id)
    elif subject.kind == ReportKind.BOOK:
        lock_book(subject.ref)
    elif subject.kind == ReportKind.JOURNEY:
        db.session.execute(select(JournalLine.id).where(JournalLine.id == subject.ref).with_for_update())


def _reported(kind: str, ref: int) -> int | None:
    """Return about whom the first report is that waits, or else the last one."""
    reports = select(Report.about_id).where(Report.kind == kind, Report.ref == ref)
    waiting = db.session.scalar(reports.where(Report.decision_id.is_(None)).order_by(Report.id).limit(1))
    return waiting or db.session.scalar(reports.order_by(Report.id.desc()).limit(1))


def _party(reader_id: int | None) -> Party | None:
    role = db.session.scalar(select(User.role).where(User.id == reader_id))
    return None if reader_id is None or role is None else Party(reader_id, role)


def hide(subject: Subject, now: int) -> None:
    """Show something to nobody any more; inside a transaction.

    :raises NothingToHide: it is not shown anyway, or the book is on its way.
    :raises NotEnteredByHand: a catalogue says so about a book.
    """
    if subject.kind in _WRITTEN:
        _show_written(_WRITTEN[subject.kind], subject.ref, is_shown=False)
    elif subject.kind == ReportKind.BOOK:
        hide_book(subject.ref, now)
    else:
        _hide_listing(subject.ref, now)


def show_again(subject: Subject, now: int) -> None:
    """Show something again that was hidden, if it is still there; inside a transaction."""
    if subject.kind in _WRITTEN:
        _show_written(_WRITTEN[subject.kind], subject.ref, is_shown=True)
        return
    if subject.kind == ReportKind.BOOK:
        show_book(subject.ref)
        return
    release_listing(subject.ref, now)


def _show_written(table: type[Message | Thanks | JournalLine], id: int, is_shown: bool) -> None:
    # What is deleted is left out by every select, so that no page has to know of what is hidden.
    there, wanted = (DELETED, LIVE) if is_shown else (LIVE, DELETED)
    change = update(table).where(table.id == id, table.status == there).values(status=wanted)
    if not changed_rows(change) and not is_shown:
        raise NothingToHide()


def _hide_listing(gift_id: int, now: int) -> None:
    gift = db.session.get_one(Gift, gift_id, with_for_update=True, populate_existing=True)
    lock_readers(gift.giver_id)
    finish_ended_request(gift, now)
    if gift.state == CopyState.RESERVED:
        _stop_request(gift, now)
    if gift.state not in WITHDRAWABLE - {CopyState.HELD}:
        raise NothingToHide()
    end_offer(gift, now)
    gift.state = CopyState.HELD
    db.session.flush()


def _stop_request(gift: Gift, now: int) -> None:
    """End the request for a copy, whose asker is told, unless the book is on its way."""
    asked = select(Drift).where(Drift.open_gift_id == gift.id, Drift.state.in_(UNDER_WAY))
    drift = db.session.scalars(asked).one()
    if not can_be_stopped(DriftState(drift.state), Way(drift.way)):
        raise NothingToHide()
    apply_transition(drift, Action.STOP, Role.GIVER, now)
    db.session.refresh(gift)
