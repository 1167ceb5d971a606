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
from app.models.message import Message
from app.models.report import Report
from app.models.user import User
from app.rules.exchange.listing import LISTED
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
from app.services.transaction import transaction


@dataclass(frozen=True)
class Reported:
    """What can be reported, as its page shows it."""

    about_id: int
    about: str | None
    """The nickname; None for a reader who has left."""
    lines: tuple[Line, ...]
    is_hidden: bool = False
    """Nobody sees the messages any more; they are still kept, so that they can be reported."""


def find_reported(kind: str, ref: int, reader_id: int | None, now: int) -> Reported:
    """Return what a reader, or a visitor, wants to report.

    :raises NotFound: there is no such thing, or it is erased, or this reader can not see it, or it is their own.
    """
    found = _FINDERS[ReportKind(kind)](ref, reader_id or 0, now) if kind in set(ReportKind) else None
    if found is None or found.about_id == reader_id:
        raise NotFound()
    return found


def _find_message(ref: int, reader_id: int, now: int) -> Reported | None:
    return _find_messages(Message.id == ref, reader_id, now)


def _find_thread(ref: int, reader_id: int, now: int) -> Reported | None:
    return _find_messages(Message.drift_id == ref, reader_id, now)


def _find_messages(which: ColumnElement[bool], reader_id: int, now: int) -> Reported | None:
    rows = select(Message, Drift, User.nickname).join(Drift, Drift.id == Message.drift_id)
    rows = rows.outerjoin(User, User.id == Message.author_id).order_by(Message.id)
    found = db.session.execute(rows.where(which, Message.reader_id == reader_id)).tuples()
    kept = [row for row in found if (end := end_of(row[1], row[0])) is None or now < end]
    if not kept:
        return None
    message, drift, nickname = kept[-1]
    lines = tuple(line_of(row, reader_id) for row, *_ in kept)
    return Reported(message.author_id, nickname, lines, is_hidden(drift, message, now))


def _find_listing(ref: int, _reader_id: int, _now: int) -> Reported | None:
    rows = select(Gift, Book.title, User.nickname).join(Book, Book.id == Gift.book_id)
    found = db.session.execute(
        rows.join(User, User.id == Gift.giver_id).where(Gift.id == ref, Gift.state.in_(LISTED))
    ).one_or_none()
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


def _as_line(time: int, *said: str) -> tuple[Line, ...]:
    return (Line(0, False, "\n".join(filter(None, said)), None, time, False),)


_FINDERS: dict[ReportKind, Callable[[int, int, int], Reported | None]] = {
    ReportKind.MESSAGE: _find_message,
    ReportKind.THREAD: _find_thread,
    ReportKind.LISTING: _find_listing,
    ReportKind.READER: _find_reader,
}


@transaction
def report(kind: str, ref: int, reader_id: int | None, reason: Reason, words: str, now: int) -> None:
    """Keep a report, with a copy of what is reported.

    :raises NotFound: see `find_reported`; or the reader has just left.
    :raises AlreadyReported: the reader has reported it before, or several visitors have.
    """
    reported = find_reported(kind, ref, reader_id, now)
    present = lock_readers(reported.about_id, *([reader_id] if reader_id else []))
    if reader_id is not None and reader_id not in present:
        raise NotFound()
    known = select(func.count(Report.id)).where(Report.kind == kind, Report.ref == ref)
    if reader_id is not None:
        ensure_may_report(db.session.scalar(known.where(Report.reporter_id == reader_id)) != 0)
    else:
        waiting = known.where(Report.reporter_id.is_(None), Report.decision_id.is_(None))
        ensure_visitors_may_report(db.session.scalar(waiting) or 0)
    db.session.add(
        Report(
            kind=kind,
            ref=ref,
            reporter_id=reader_id,
            about_id=reported.about_id,
            reason=reason,
            words=seal(words),
            copied=seal(_copy_of(reported.lines)),
            create_time=now,
        )
    )


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
