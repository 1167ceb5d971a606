"""Books that are not as described: said by who received them, answered by who gave them, decided by the desk."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import aliased

from app.models.base import db
from app.models.book import Book
from app.models.decision import Complaint
from app.models.drift import Drift, DriftSummary
from app.models.encrypted import seal
from app.models.user import User
from app.rules.exchange.drift import DriftState, MailKind, Role
from app.rules.trust.complaint import (
    ANSWER_FOR,
    BY_THE_DESK,
    COMPLAIN_FOR,
    KEPT_WORDS,
    AlreadySettled,
    ComplaintOfTheAsker,
    ComplaintState,
    Fault,
    NoBeanToReturn,
    ensure_may_complain,
    giving_back,
    may_answer,
    waits_for_desk,
)
from app.services.bean.pool import insure
from app.services.bean.transfers import move_beans
from app.services.delivery.own_drift import get_own_drift
from app.services.delivery.postal_address import find_text
from app.services.errors import NotFound
from app.services.exchange.locking import ensure_not_limited, lock_own_drift, lock_readers
from app.services.exchange.mails import ExchangeMail, queue_mails, queue_notices
from app.services.transaction import changed_rows, transaction

BATCH = 200
SHOWN = 100
_WAITS = Complaint.state == ComplaintState.DISAGREED


@transaction
def complain(reader_id: int, drift_id: int, fault: Fault, words: str, now: int) -> None:
    """Say that a book which has arrived is not as described; its giver is asked to answer.

    :raises NotFound: the reader has no part in the drift.
    :raises Limited: the reader can begin nothing at present.
    :raises Refusal: see `rules.trust.complaint.ensure_may_complain`.
    """
    drift, role = lock_own_drift(reader_id, drift_id)
    is_said = _find(drift_id) is not None
    _ensure_was_given(drift)
    ensure_may_complain(role, DriftState(drift.state), drift.state_time, drift.undo_until, now, is_said)
    ensure_not_limited(reader_id, now)
    is_there = drift.giver_id in lock_readers(drift.giver_id)
    state = ComplaintState.OPEN if is_there else ComplaintState.DISAGREED
    sides = {"drift_id": drift_id, "author_id": reader_id, "about_id": drift.giver_id, "create_time": now}
    due = now + ANSWER_FOR if is_there else None
    db.session.add(Complaint(**sides, fault=fault, words=seal(words), state=state, state_time=now, due_time=due))
    _tell(drift, MailKind.COMPLAINED, now, Role.GIVER)


@transaction
def answer_complaint(reader_id: int, drift_id: int, gives_back: bool, words: str, now: int) -> None:
    """Answer as the giver: give the bean back, or disagree, after which the desk looks at it.

    :raises NotFound: the reader has no part in the drift, or nothing was said about it.
    :raises ComplaintOfTheAsker: it is for the other side to answer.
    :raises AlreadySettled: it was answered before, or the time for it is over.
    :raises NoBeanToReturn: the giver has too few beans.
    """
    drift, role = lock_own_drift(reader_id, drift_id)
    complaint = _get(drift_id)
    if role is not Role.GIVER:
        raise ComplaintOfTheAsker()
    if not may_answer(complaint.state, complaint.due_time, now):
        raise AlreadySettled()
    complaint.answer = seal(words)
    if gives_back:
        beans = db.session.scalars(select(User.beans).where(User.id == reader_id)).one()
        if beans < drift.beans:
            raise NoBeanToReturn(beans)
        move_beans(giving_back(drift.id, drift.beans, drift.giver_id, drift.asker_id), now, drift.id)
    _settle(complaint, ComplaintState.RETURNED if gives_back else ComplaintState.DISAGREED, now)
    _tell(drift, MailKind.BEAN_BACK if gives_back else MailKind.DISAGREED, now, Role.ASKER)


def decide_complaint(drift_id: int, pays: bool, now: int) -> None:
    """Pay the bean from the pool, once, or leave it as it is; inside the transaction of the desk's decision.

    :raises NotFound: nothing was said about this book.
    :raises AlreadySettled: it was decided before, or the giver can still answer.
    """
    drift = db.session.get_one(Drift, drift_id)
    complaint = _get(drift_id)
    if not waits_for_desk(complaint.state, complaint.due_time, now):
        raise AlreadySettled()
    if pays:
        insure(drift, now)
    _settle(complaint, ComplaintState.PAID if pays else ComplaintState.LEFT, now)
    kind = MailKind.COMPLAINT_PAID if pays else MailKind.COMPLAINT_LEFT
    queue_notices(_letters(drift, kind, Role.ASKER, Role.GIVER), now)


def take_verdict_back(drift_id: int, now: int) -> None:
    """Take the desk's answer back; inside the transaction of the decision that does so.

    What was left as it is waits for the desk again. What was paid stays with who received the book, as the pool bore it
    and the price can be spent by now; only that the giver described the book badly does not hold any more.
    """
    complaint = _find(drift_id)
    if complaint is not None:  # it goes with the account of either side
        was_paid = complaint.state == ComplaintState.PAID
        _settle(complaint, ComplaintState.LEFT if was_paid else ComplaintState.DISAGREED, now)


def end_waits(now: int) -> int:
    """Let complaints that no giver answered in time count as disagreed, and erase old words; return of how many."""
    due = select(Complaint.drift_id).where(Complaint.due_time <= now).order_by(Complaint.due_time).limit(BATCH)
    drift_ids = db.session.scalars(due).all()
    for drift_id in drift_ids:
        _end_wait(drift_id, now)
    return len(drift_ids)


@transaction
def _end_wait(drift_id: int, now: int) -> None:
    asker = db.session.scalars(select(Drift.asker_id).where(Drift.id == drift_id)).one()
    drift, _ = lock_own_drift(asker, drift_id)
    complaint = _find(drift_id)
    if complaint is None or complaint.due_time is None or complaint.due_time > now:
        return
    if complaint.state == ComplaintState.OPEN:
        _settle(complaint, ComplaintState.DISAGREED, now)
        _tell(drift, MailKind.DISAGREED, now, Role.ASKER)
        return
    complaint.set_attrs({"words": None, "answer": None, "due_time": None})


def _settle(complaint: Complaint, state: ComplaintState, now: int) -> None:
    due = None if state is ComplaintState.DISAGREED else now + KEPT_WORDS
    before = update(Complaint).where(Complaint.id == complaint.id, Complaint.state == complaint.state)
    db.session.flush()
    if changed_rows(before.values(state=state, state_time=now, due_time=due)) != 1:
        raise AlreadySettled()


def _tell(drift: Drift, kind: MailKind, now: int, *sides: Role) -> None:
    queue_mails(_letters(drift, kind, *sides), now)


def _letters(drift: Drift, kind: MailKind, *sides: Role) -> list[ExchangeMail]:
    readers = {Role.ASKER: drift.asker_id, Role.GIVER: drift.giver_id}
    return [ExchangeMail(kind, readers[side], drift_id=drift.id, since=drift.state_time) for side in sides]


def _find(drift_id: int) -> Complaint | None:
    found = select(Complaint).where(Complaint.drift_id == drift_id)
    return db.session.scalar(found.execution_options(populate_existing=True))


def _get(drift_id: int) -> Complaint:
    complaint = _find(drift_id)
    if complaint is None:
        raise NotFound()
    return complaint


@dataclass(frozen=True)
class ComplaintLine:
    """A complaint as the two sides and the desk read it; times are in Unix seconds."""

    drift_id: int
    title: str
    author_id: int
    about_id: int
    author: str | None
    about: str | None
    """The nicknames; None for readers who have left."""
    fault: str
    words: str | None
    answer: str | None
    state: str
    create_time: int
    due_time: int | None
    is_free: bool
    may_answer: bool
    """The giver can answer it now."""
    may_decide: bool
    """The desk can decide about it now."""


@dataclass(frozen=True)
class ComplaintPage:
    """What is said about a book, as one of its two sides sees it."""

    drift_id: int
    title: str
    is_giver: bool
    is_free: bool
    line: ComplaintLine | None
    """None as long as nothing is said: then the reader can say it."""


def find_complaint_page(reader_id: int, drift_id: int, now: int) -> ComplaintPage:
    """Return what the page about a complaint shows.

    :raises NotFound: the reader has no part in the drift, or gave the book and nothing is said about it.
    :raises Refusal: nothing is said, and this reader cannot say it; see `complain`.
    """
    drift, role = get_own_drift(reader_id, drift_id)
    lines = _read(Complaint.drift_id == drift_id, now)
    if not lines:
        if role is Role.GIVER:
            raise NotFound()
        _ensure_was_given(drift)
        ensure_may_complain(role, DriftState(drift.state), drift.state_time, drift.undo_until, now, is_said=False)
        ensure_not_limited(reader_id, now)
    titles = select(Book.title).where(Book.id == drift.book_id).execution_options(include_deleted=True)
    title = db.session.scalars(titles).one()
    return ComplaintPage(drift_id, title, role is Role.GIVER, not drift.beans, lines[0] if lines else None)


def list_complaints_for_desk(now: int) -> list[ComplaintLine]:
    """Return the complaints that wait for the desk, the oldest first."""
    return _read(_WAITS, now)


def count_complaints() -> int:
    """Return how many complaints wait for the desk."""
    return db.session.scalar(select(func.count(Complaint.id)).where(_WAITS)) or 0


def find_complaint_for_desk(drift_id: int, now: int) -> ComplaintLine:
    """Return a complaint that waits for the desk, or that the desk has decided about.

    :raises NotFound: nothing is said about this book, or the two sides may still settle it, or have.
    """
    lines = _read(Complaint.drift_id == drift_id, now)
    if not lines or not (lines[0].may_decide or lines[0].state in BY_THE_DESK):
        raise NotFound()
    return lines[0]


def _ensure_was_given(drift: Drift) -> None:
    """Raise `NotFound` for a book that was lent: who keeps it has had weeks to look at it, and to give it back."""
    if drift.lend_days is not None:
        raise NotFound()


def list_links(reader_id: int, drifts: Collection[DriftSummary], now: int) -> dict[int, str]:
    """Return for those of these drifts that have a page about it how far a complaint is; empty if it can be made."""
    received = {drift.id: drift for drift in drifts if drift.state == DriftState.RECEIVED}
    if not received:
        return {}
    found = select(Complaint.drift_id, Complaint.state).where(Complaint.drift_id.in_(received))
    states = dict(db.session.execute(found).tuples().all())
    can_be_made = (
        id
        for id, drift in received.items()
        if drift.asker_id == reader_id
        and drift.lend_days is None
        and drift.undo_until is None
        and now < drift.state_time + COMPLAIN_FOR
    )
    return dict.fromkeys(can_be_made, "") | states


def _read(which: ColumnElement[bool], now: int) -> list[ComplaintLine]:
    author, about = aliased(User), aliased(User)
    rows = (
        select(Complaint, Book.title, author.nickname, about.nickname, Drift.beans)
        .join(Drift, Drift.id == Complaint.drift_id)
        .join(Book, Book.id == Drift.book_id)
        .outerjoin(author, author.id == Complaint.author_id)
        .outerjoin(about, about.id == Complaint.about_id)
        .where(which)
        .order_by(Complaint.id)
        .limit(SHOWN)
    )
    rows = rows.execution_options(include_deleted=True)  # the entry of the book may be hidden by now
    return [_line(*row, now) for row in db.session.execute(rows).tuples()]


def _line(row: Complaint, title: str, author: str | None, about: str | None, beans: int, now: int) -> ComplaintLine:
    names = ("drift_id", "author_id", "about_id", "fault", "state", "create_time", "due_time")
    return ComplaintLine(
        **{name: getattr(row, name) for name in names},
        title=title,
        author=author,
        about=about,
        words=find_text(row.words),
        answer=find_text(row.answer),
        is_free=not beans,
        may_answer=may_answer(row.state, row.due_time, now),
        may_decide=waits_for_desk(row.state, row.due_time, now),
    )
