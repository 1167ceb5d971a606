"""Reports of readers: kept, with a copy of what is reported, for the people who run the site."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.models.base import db
from app.models.drift import Drift
from app.models.encrypted import seal
from app.models.message import Message
from app.models.report import Report
from app.models.user import User
from app.rules.moderation.report import MOST_COPIED, Reason, ReportKind, ensure_may_report, newest_within
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
    is_hidden: bool
    """Nobody sees the messages any more; they are still kept, so that they can be reported."""


def find_reported(kind: str, ref: int, reader_id: int, now: int) -> Reported:
    """Return what a reader wants to report: a message, or all that the other side of a drift wrote.

    :raises NotFound: there is no such thing, or it is erased, or this reader can not see it, or it is their own.
    """
    if kind not in set(ReportKind):
        raise NotFound()
    which = Message.id if kind == ReportKind.MESSAGE else Message.drift_id
    rows = select(Message, Drift, User.nickname).join(Drift, Drift.id == Message.drift_id)
    rows = rows.outerjoin(User, User.id == Message.author_id).order_by(Message.id)
    found = db.session.execute(rows.where(which == ref, Message.reader_id == reader_id)).tuples()
    kept = [row for row in found if (end := end_of(row[1], row[0])) is None or now < end]
    if not kept:
        raise NotFound()
    message, drift, nickname = kept[-1]
    lines = tuple(line_of(row, reader_id) for row, *_ in kept)
    return Reported(message.author_id, nickname, lines, is_hidden(drift, message, now))


@transaction
def report(kind: str, ref: int, reader_id: int, reason: Reason, words: str, now: int) -> None:
    """Keep a report, with a copy of what is reported.

    :raises NotFound: see `find_reported`; or the reader has just left.
    :raises AlreadyReported: the reader has reported it before.
    """
    reported = find_reported(kind, ref, reader_id, now)
    if reader_id not in lock_readers(reader_id, reported.about_id):
        raise NotFound()
    mine = select(Report.id).where(Report.kind == kind, Report.ref == ref, Report.reporter_id == reader_id)
    ensure_may_report(db.session.scalar(mine) is not None)
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
    reporter: str | None
    about: str | None
    """The nicknames; None for readers who have left."""
    words: str | None
    copied: str | None
    create_time: int


def list_reports(limit: int) -> Iterator[ReportLine]:
    """Yield the newest reports, the oldest of them first, with what was reported."""
    reporter, about = aliased(User), aliased(User)
    newest = select(Report.id).order_by(Report.id.desc()).limit(limit).subquery()
    rows = (
        select(Report, reporter.nickname, about.nickname)
        .join(newest, newest.c.id == Report.id)
        .outerjoin(reporter, reporter.id == Report.reporter_id)
        .outerjoin(about, about.id == Report.about_id)
        .order_by(Report.id)
    )
    for row, reported_by, written_by in db.session.execute(rows).tuples():
        texts = find_text(row.words), find_text(row.copied)
        yield ReportLine(row.id, row.kind, row.ref, row.reason, reported_by, written_by, *texts, row.create_time)
