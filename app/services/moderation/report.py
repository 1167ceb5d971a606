"""Reports of readers: kept, with a copy of what is reported, for the people who run the site."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.models.base import db
from app.models.drift import Drift
from app.models.encrypted import seal
from app.models.message import Message
from app.models.report import Report
from app.models.user import User
from app.rules.moderation.report import Reason, ReportKind, ensure_may_report
from app.services.delivery.postal_address import find_text, is_erased
from app.services.errors import NotFound
from app.services.exchange.locking import lock_readers
from app.services.transaction import transaction


@dataclass(frozen=True)
class Reported:
    """What can be reported, as its page shows it."""

    about_id: int
    about: str | None
    """The nickname; None for a reader who has left."""
    words: str | None
    phrase: str | None
    """The key of the quick phrase that was chosen instead of words."""


def find_reported(kind: str, ref: int, reader_id: int, now: int) -> Reported:
    """Return what a reader wants to report.

    :raises NotFound: there is no such thing, or this reader can not see it, or it is their own.
    """
    if kind != ReportKind.MESSAGE:
        raise NotFound()
    rows = select(Message, Drift, User.nickname).join(Drift, Drift.id == Message.drift_id)
    rows = rows.outerjoin(User, User.id == Message.author_id)
    found = db.session.execute(rows.where(Message.id == ref, Message.reader_id == reader_id)).one_or_none()
    if found is None or is_erased(found[1], now):
        raise NotFound()
    message, _drift, nickname = found
    said = find_text(message.sealed)
    words, phrase = (None, said) if message.is_phrase else (said, None)
    return Reported(message.author_id, nickname, words, phrase)


@transaction
def report(kind: str, ref: int, reader_id: int, reason: Reason, words: str, now: int) -> None:
    """Keep a report, with a copy of what is reported.

    :raises NotFound: see `find_reported`; or one of the two has just left.
    :raises AlreadyReported: the reader has reported it before.
    """
    reported = find_reported(kind, ref, reader_id, now)
    if not {reader_id, reported.about_id} <= lock_readers(reader_id, reported.about_id).keys():
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
            copied=seal(reported.words or f"[{reported.phrase}]"),
            create_time=now,
        )
    )


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
