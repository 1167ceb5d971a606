"""Reports of readers: kept, with a copy of what is reported, for the people who run the site."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import aliased

from app.models.base import db
from app.models.book import Book
from app.models.drift import Drift
from app.models.encrypted import seal
from app.models.gift import Gift
from app.models.journey import JournalLine
from app.models.message import Message, Thanks
from app.models.report import Report
from app.models.user import User
from app.rules.clock import DAY
from app.rules.exchange.listing import LISTED
from app.rules.journey.telling import LineState
from app.rules.moderation.hold import is_late
from app.rules.moderation.report import (
    MOST_COPIED,
    Reason,
    ReportKind,
    ensure_may_report,
    ensure_visitors_may_report,
    newest_within,
)
from app.services.delivery.postal_address import find_text
from app.services.delivery.thread import Line, end_of, is_hidden, line_of
from app.services.errors import NotFound
from app.services.exchange.locking import lock_readers
from app.services.moderation.hold import hold_what_is_reported
from app.services.sight.hold import is_held
from app.services.sight.visible import are_apart, is_within_sight
from app.services.transaction import transaction


@dataclass(frozen=True)
class Reported:
    """What can be reported, as its page shows it."""

    about_id: int | None
    about: str | None
    """The nickname; None for a reader who has left, and for a book."""
    lines: tuple[Line, ...]
    is_hidden: bool = False
    """Nobody sees the messages any more; they are still kept, so that they can be reported."""


def find_reported(kind: str, ref: int, reader_id: int | None, now: int) -> Reported:
    """Return what a reader, or a visitor, wants to report.

    :raises NotFound: there is no such thing, or it is erased, or this reader can not see it, or it is their own.
    """
    found = _FINDERS[ReportKind(kind)](ref, reader_id or 0, now) if kind in set(ReportKind) else None
    if found is None or (reader_id is not None and found.about_id == reader_id):
        raise NotFound()
    return found


def _find_message(ref: int, reader_id: int, now: int) -> Reported | None:
    return _find_messages(Message.id == ref, reader_id, now)


def _find_thread(ref: int, reader_id: int, now: int) -> Reported | None:
    return _find_messages(Message.drift_id == ref, reader_id, now)


def _find_messages(which: ColumnElement[bool], reader_id: int, now: int) -> Reported | None:
    rows = select(Message, Drift, User.nickname).join(Drift, Drift.id == Message.drift_id)
    rows = rows.outerjoin(User, User.id == Message.author_id).order_by(Message.id)
    found = db.session.execute(rows.where(which, Message.reader_id == reader_id, Message.withheld == "")).tuples()
    kept = [row for row in found if (end := end_of(row[1], row[0])) is None or now < end]
    if not kept:
        return None
    message, drift, nickname = kept[-1]
    lines = tuple(line_of(row, reader_id) for row, *_ in kept)
    return Reported(message.author_id, nickname, lines, is_hidden(drift, message, now))


def _find_listing(ref: int, reader_id: int, _now: int) -> Reported | None:
    rows = select(Gift, Book.title, User.nickname).join(Book, Book.id == Gift.book_id)
    shown = (
        Gift.id == ref,
        Gift.state.in_(LISTED),
        ~are_apart(reader_id, Gift.giver_id),
        is_within_sight(Gift, reader_id),
    )
    found = db.session.execute(rows.join(User, User.id == Gift.giver_id).where(*shown)).one_or_none()
    if found is None:
        return None
    gift, title, nickname = found
    return Reported(gift.giver_id, nickname, _as_line(gift.create_time, title, gift.note, gift.meeting_words))


def _find_reader(ref: int, _reader_id: int, now: int) -> Reported | None:
    user = User.find(ref)
    if user is None:
        return None
    away = user.away_words if user.is_away(now) else ""
    return Reported(user.id, user.nickname, _as_line(user.create_time, user.nickname, away))


def _find_book(ref: int, _reader_id: int, _now: int) -> Reported | None:
    book = Book.find_by_id(ref)
    if book is None:
        return None
    said = book.title, book.subtitle, ", ".join(book.authors), book.publisher, book.summary
    return Reported(None, None, _as_line(book.create_time, *said))


def _find_line(ref: int, reader_id: int, _now: int) -> Reported | None:
    rows = select(Thanks, User.nickname).join(User, User.id == Thanks.author_id).where(Thanks.id == ref)
    may_see = Thanks.shown_time.is_not(None) | (Thanks.reader_id == reader_id) & ~is_held(ReportKind.LINE, Thanks.id)
    found = db.session.execute(rows.where(may_see, ~are_apart(reader_id, Thanks.author_id))).one_or_none()
    if found is None:
        return None
    line, nickname = found
    return Reported(line.author_id, nickname, _as_line(line.create_time, line.words))


def _find_journal_line(ref: int, reader_id: int, _now: int) -> Reported | None:
    rows = select(JournalLine, User.nickname).outerjoin(User, User.id == JournalLine.author_id)
    shown = JournalLine.id == ref, JournalLine.state == LineState.SHOWN
    is_met = JournalLine.author_id.is_(None) | ~are_apart(reader_id, JournalLine.author_id)
    found = db.session.execute(rows.where(*shown, is_met)).one_or_none()
    if found is None:
        return None
    line, _nickname = found
    return Reported(line.author_id, None, _as_line(line.create_time, line.words))


def _as_line(time: int, *said: str) -> tuple[Line, ...]:
    return (Line(0, False, "\n".join(filter(None, said)), None, time, False),)


_FINDERS: dict[ReportKind, Callable[[int, int, int], Reported | None]] = {
    ReportKind.MESSAGE: _find_message,
    ReportKind.THREAD: _find_thread,
    ReportKind.LISTING: _find_listing,
    ReportKind.READER: _find_reader,
    ReportKind.BOOK: _find_book,
    ReportKind.LINE: _find_line,
    ReportKind.JOURNEY: _find_journal_line,
}


@transaction
def report(kind: str, ref: int, reader_id: int | None, reason: Reason, words: str, now: int) -> None:
    """Keep a report, with a copy of what is reported.

    :raises NotFound: see `find_reported`; or the reader has just left.
    :raises AlreadyReported: the reader has reported it before, or several visitors have.
    """
    reported = find_reported(kind, ref, reader_id, now)
    present = lock_readers(*(id for id in (reported.about_id, reader_id) if id is not None))
    if reader_id is not None and reader_id not in present:
        raise NotFound()
    known = select(func.count(Report.id)).where(Report.kind == kind, Report.ref == ref)
    if reader_id is not None:
        ensure_may_report(db.session.scalar(known.where(Report.reporter_id == reader_id)) != 0)
    else:
        waiting = known.where(Report.reporter_id.is_(None), Report.decision_id.is_(None))
        ensure_visitors_may_report(db.session.scalar(waiting) or 0)
    today = select(func.count(Report.id)).where(Report.reporter_id == reader_id, Report.create_time > now - DAY)
    db.session.add(
        Report(
            kind=kind,
            ref=ref,
            reporter_id=reader_id,
            is_late=reader_id is not None and is_late(db.session.scalar(today) or 0),
            about_id=reported.about_id,
            reason=reason,
            words=seal(words),
            copied=seal(_copy_of(reported.lines)),
            create_time=now,
        )
    )
    db.session.flush()
    hold_what_is_reported(kind, ref, now)


def _copy_of(lines: Sequence[Line]) -> str:
    said = [f"[{line.phrase}]" if line.phrase else line.words or "" for line in lines]
    return "\n".join(newest_within(said, MOST_COPIED))


@dataclass(frozen=True)
class ReportLine:
    """A report as the people who run the site read it; `create_time` is in Unix seconds."""

    id: int
    kind: str
    ref: int
    reason: str
    reporter_id: int | None
    reporter: str | None
    about_id: int | None
    about: str | None
    """The nicknames; None for readers who have left."""
    words: str | None
    copied: str | None
    create_time: int
    decision_id: int | None
    """What was decided about it; None while it is open."""


def list_reports(limit: int, is_all: bool = True) -> Iterator[ReportLine]:
    """Yield the newest reports, or only those that are open, the oldest of them first, with what was reported."""
    which = true() if is_all else Report.decision_id.is_(None)
    newest = select(Report.id).where(which).order_by(Report.id.desc()).limit(limit).subquery()
    yield from read_reports(select(Report).join(newest, newest.c.id == Report.id).order_by(Report.id))


def read_reports(chosen: Select[tuple[Report]]) -> Iterator[ReportLine]:
    """Yield the reports that a statement selects, with the names of both sides and what was reported."""
    reporter, about = aliased(User), aliased(User)
    rows = (
        chosen.add_columns(reporter.nickname, about.nickname)
        .outerjoin(reporter, reporter.id == Report.reporter_id)
        .outerjoin(about, about.id == Report.about_id)
    )
    for row, reported_by, written_by in db.session.execute(rows).tuples():
        yield ReportLine(
            id=row.id,
            kind=row.kind,
            ref=row.ref,
            reason=row.reason,
            reporter_id=row.reporter_id,
            reporter=reported_by,
            about_id=row.about_id,
            about=written_by,
            words=find_text(row.words),
            copied=find_text(row.copied),
            create_time=row.create_time,
            decision_id=row.decision_id,
        )
