"""What moderators read: open reports and appeals, one case, the log, and what is known of a reader; never addresses."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from app.models.base import db
from app.models.decision import Appeal, Decision
from app.models.gift import Gift
from app.models.report import Report
from app.models.user import User
from app.rules.moderation.decision import COMPLAINT
from app.rules.moderation.report import ReportKind
from app.rules.trust.facts import Facts
from app.services.delivery.postal_address import find_text
from app.services.errors import NotFound
from app.services.exchange.trust import facts_of
from app.services.moderation.hold import HoldLine, list_holds
from app.services.moderation.report import ReportLine, read_reports
from app.services.moderation.subject import Subject, get_subject
from app.services.page import Page
from app.services.trust.complaint import ComplaintLine, find_complaint_for_desk

SHOWN = 50
"""How many reports, and how many decisions, the page of a case or of a reader lists."""


@dataclass(frozen=True)
class DecisionLine:
    """A row of the log. Times are in Unix seconds; a nickname is None for a reader who has left."""

    id: int
    kind: str
    ref: int
    about_id: int | None
    about: str | None
    act: str
    until: int | None
    ground: str
    words: str
    by_id: int | None
    by: str | None
    undoes_id: int | None
    undone_by: int | None
    """The decision that took it back."""
    create_time: int


@dataclass(frozen=True)
class AppealLine:
    """An appeal as moderators read it, with the decision that it is against."""

    id: int
    decision: DecisionLine
    reader: str | None
    words: str
    create_time: int
    answer_time: int | None


@dataclass(frozen=True)
class Case:
    """Something that can be decided about, with its reports and earlier decisions, the newest first."""

    subject: Subject
    nickname: str | None
    reports: Sequence[ReportLine]
    decisions: Sequence[DecisionLine]
    holds: Sequence[HoldLine]
    """Why it is held, if it is."""
    complaint: ComplaintLine | None = None
    """What both sides say about a book that is not as described."""


@dataclass(frozen=True)
class ReaderPage:
    """What moderators know of a reader."""

    user: User
    past: Facts
    reports_about: Sequence[ReportLine]
    reports_by: int
    decisions: Sequence[DecisionLine]


def count_open() -> tuple[int, int]:
    """Return how many reports, and how many appeals, wait; one statement."""
    reports = select(func.count(Report.id)).where(Report.decision_id.is_(None)).scalar_subquery()
    appeals = select(func.count(Appeal.id)).where(Appeal.answer_time.is_(None)).scalar_subquery()
    counted = db.session.execute(select(reports, appeals)).one()
    return counted[0] or 0, counted[1] or 0


def list_open_reports(page: int, size: int) -> Page[ReportLine]:
    """Return the reports that wait, the oldest first, and last those of readers who report very much."""
    waiting = select(Report).where(Report.decision_id.is_(None)).order_by(Report.is_late, Report.id)
    rows = list(read_reports(waiting.limit(size).offset((page - 1) * size)))
    return Page(rows, count_open()[0], page, size)


def list_open_appeals() -> list[AppealLine]:
    """Return the appeals that wait, the oldest first."""
    return _read_appeals(select(Appeal).where(Appeal.answer_time.is_(None)).order_by(Appeal.id).limit(SHOWN))


def get_appeal(appeal_id: int) -> AppealLine:
    """Return an appeal; raises `NotFound` if there is none."""
    found = _read_appeals(select(Appeal).where(Appeal.id == appeal_id))
    if not found:
        raise NotFound()
    return found[0]


def _read_appeals(chosen: Select[tuple[Appeal]]) -> list[AppealLine]:
    rows = db.session.execute(chosen.add_columns(User.nickname).outerjoin(User, User.id == Appeal.reader_id)).all()
    known = _by_id([row.decision_id for row, _ in rows])
    return [
        AppealLine(
            row.id, known[row.decision_id], nickname, find_text(row.words) or "", row.create_time, row.answer_time
        )
        for row, nickname in rows
    ]


def _by_id(ids: Sequence[int]) -> dict[int, DecisionLine]:
    return {line.id: line for line in _read_decisions(select(Decision).where(Decision.id.in_(ids)))}


def list_log(page: int, size: int) -> Page[DecisionLine]:
    """Return the decisions, the newest first."""
    newest = select(Decision).order_by(Decision.id.desc()).limit(size).offset((page - 1) * size)
    total = db.session.scalar(select(func.count(Decision.id))) or 0
    return Page(_read_decisions(newest), total, page, size)


def get_logged(decision_id: int) -> DecisionLine:
    """Return one decision; raises `NotFound` if there is none."""
    found = _by_id([decision_id])
    if decision_id not in found:
        raise NotFound()
    return found[decision_id]


def _read_decisions(chosen: Select[tuple[Decision]]) -> list[DecisionLine]:
    about, by, back = aliased(User), aliased(User), aliased(Decision)
    rows = (
        chosen.add_columns(about.nickname, by.nickname, back.id)
        .outerjoin(about, about.id == Decision.about_id)
        .outerjoin(by, by.id == Decision.by_id)
        .outerjoin(back, back.undoes_id == Decision.id)
    )
    return [_line(*row) for row in db.session.execute(rows).tuples()]


def _line(row: Decision, about: str | None, by: str | None, undone_by: int | None) -> DecisionLine:
    names = ("id", "kind", "ref", "about_id", "act", "until", "ground", "by_id", "undoes_id", "create_time")
    stored = {name: getattr(row, name) for name in names}
    return DecisionLine(**stored, about=about, by=by, words=find_text(row.words) or "", undone_by=undone_by)


def get_case(kind: str, ref: int, now: int) -> Case:
    """Return something that can be decided about.

    :raises NotFound: there never was such a thing, the giver of a book has still time to answer, or it is a copy for
        circles alone with which the desk never had to do.
    """
    subject = get_subject(kind, ref)
    complaint = find_complaint_for_desk(ref, now) if kind == COMPLAINT else None
    reports = select(Report).where(Report.kind == kind, Report.ref == ref).order_by(Report.id.desc()).limit(SHOWN)
    decisions = select(Decision).where(Decision.kind == kind, Decision.ref == ref).order_by(Decision.id.desc())
    nickname = db.session.scalar(select(User.nickname).where(User.id == subject.about_id))
    lines = list(read_reports(reports)), _read_decisions(decisions.limit(SHOWN))
    holds = list_holds(kind, ref)
    if kind == ReportKind.LISTING and not any((*lines, holds)) and _is_closed(ref):
        raise NotFound()
    return Case(subject, nickname, *lines, holds=holds, complaint=complaint)


def _is_closed(gift_id: int) -> bool:
    return bool(db.session.scalar(select(Gift.is_closed).where(Gift.id == gift_id)))


def get_reader_page(reader_id: int) -> ReaderPage:
    """Return what moderators may know of a reader.

    :raises NotFound: there is no such reader, or not any more.
    """
    user = User.find(reader_id)
    if user is None:
        raise NotFound()
    about = select(Report).where(Report.about_id == reader_id).order_by(Report.id.desc()).limit(SHOWN)
    by = db.session.scalar(select(func.count(Report.id)).where(Report.reporter_id == reader_id)) or 0
    return ReaderPage(user, facts_of(reader_id), list(read_reports(about)), by, list_decisions_about(reader_id))


def list_decisions_about(reader_id: int) -> list[DecisionLine]:
    """Return what was decided about a reader, the newest first."""
    about = select(Decision).where(Decision.about_id == reader_id).order_by(Decision.id.desc())
    return _read_decisions(about.limit(SHOWN))
