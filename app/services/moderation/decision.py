"""Deciding about what was reported, and taking decisions back. Times are in Unix seconds."""

from collections.abc import Collection
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select, update

from app.models.base import db
from app.models.decision import Decision
from app.models.encrypted import seal
from app.models.report import Report
from app.models.user import User
from app.rules.moderation.decision import (
    AT_THE_DOOR,
    COMPLAINT,
    RESTRICTIONS,
    Act,
    AlreadyTakenBack,
    DecidedMeanwhile,
    Ground,
    NotForThisKind,
    Party,
    Verdict,
    ensure_end_is_said,
    ensure_may_decide,
)
from app.rules.moderation.report import OF_NOBODY, ReportKind
from app.services.errors import NotFound
from app.services.moderation.hold import close_hold
from app.services.moderation.restriction import HOLDS, settle_restrictions
from app.services.moderation.subject import Subject, get_subject, hide, lock_subject, show_again, subject_of
from app.services.outbox import enqueue
from app.services.transaction import changed_rows, transaction
from app.services.trust.complaint import decide_complaint, take_verdict_back

DECIDED = "mail.decided"
"""The kind of the job that tells a reader of a decision."""


@transaction
def decide(actor: Party | None, kind: str, ref: int, verdict: Verdict, now: int, seen: int | None = None) -> int:
    """Decide about something and all open reports of it, tell both sides, and return the id of the decision.

    `actor` is None on the command line; `seen` is the last decision about it that the moderator has seen, 0 for none.

    :raises NotFound: there is no such thing.
    :raises DecidedMeanwhile: there is a later one than `seen`.
    :raises Refusal: what `rules.moderation.decision` refuses, `NothingToHide` and `AlreadySettled`.
    """
    subject = get_subject(kind, ref)
    lock_subject(subject)
    if seen is not None and seen != _last_decision(subject):
        raise DecidedMeanwhile()
    reports = db.session.scalars(_open_reports(subject).with_for_update()).all()
    reporters = {id for id in (subject.said_by, *(report.reporter_id for report in reports)) if id is not None}
    ensure_may_decide(kind, verdict.act, actor, subject.about, reporters)
    decision = log_decision(subject, actor, verdict, now)
    for report in reports:
        report.decision_id = decision.id
    was_held = close_hold(kind, ref, verdict.act, decision.id, now)
    _apply(subject, verdict.act, was_held, now)
    if reports or not (was_held and verdict.act is Act.NOTHING):  # who was only held sees that it is shown
        _tell(decision, reporters)
    return decision.id


@transaction
def take_back(actor: Party | None, decision_id: int, ground: Ground, words: str, now: int) -> int:
    """Take a decision back and tell both sides; return the id of the decision that does so.

    :raises NotFound: there is no such decision, or its reader has left.
    :raises AlreadyTakenBack: it was taken back before, or takes one back itself.
    :raises OwnCase, AboutModerator: see `ensure_may_decide`.
    :raises NotForThisKind: it let somebody in, or turned them away.
    """
    return undo(actor, get_decision(decision_id), Verdict(Act.RESTORE, ground, words), now)


def undo(actor: Party | None, decision: Decision, verdict: Verdict, now: int) -> int:
    """Do the same inside a transaction."""
    subject = subject_of(decision)
    if subject.about is None and subject.kind not in OF_NOBODY:
        raise NotFound()
    if decision.act in AT_THE_DOOR:
        raise NotForThisKind()
    lock_subject(subject)
    taken_back = select(Decision.id).where(Decision.undoes_id == decision.id)
    if decision.act == Act.RESTORE or db.session.scalar(taken_back) is not None:
        raise AlreadyTakenBack()
    reported = select(Report.reporter_id).where(Report.decision_id == decision.id, Report.reporter_id.is_not(None))
    reporters = {id for id in (subject.said_by, *db.session.scalars(reported)) if id is not None}
    sides = [subject.said_by] if subject.said_by is not None else []
    ensure_may_decide(decision.kind, Act(decision.act), actor, subject.about, sides)
    back = log_decision(subject, actor, verdict, now, undoes_id=decision.id)
    _reverse(decision, subject, now)
    _tell(back, reporters)
    return back.id


def _apply(subject: Subject, act: Act, was_held: bool, now: int) -> None:
    if subject.kind == COMPLAINT:
        decide_complaint(subject.ref, act is Act.PAY, now)
    elif act is Act.HIDE and not (was_held and subject.kind == ReportKind.LISTING):
        hide(subject, now)
    elif act in RESTRICTIONS and subject.about:
        settle_restrictions(subject.about.id, now)


def _last_decision(subject: Subject) -> int:
    """Return the last decision about something, 0 for none."""
    about_it = Decision.kind == subject.kind, Decision.ref == subject.ref
    return db.session.scalar(select(func.max(Decision.id)).where(*about_it)) or 0


def _reverse(decision: Decision, subject: Subject, now: int) -> None:
    if decision.kind == COMPLAINT:
        take_verdict_back(decision.ref, now)
    elif decision.act == Act.NOTHING:
        changed_rows(update(Report).where(Report.decision_id == decision.id).values(decision_id=None))
    elif decision.act == Act.HIDE:
        same = Decision.kind == decision.kind, Decision.ref == decision.ref, Decision.act == Act.HIDE
        if db.session.scalar(select(Decision.id).where(*same, HOLDS).limit(1)) is None:
            show_again(subject, now)
    elif decision.about_id is not None:
        settle_restrictions(decision.about_id, now)


def lift_restrictions(reader_id: int, now: int) -> int:
    """Take back all that limits or suspends a reader, on the command line; return how many decisions that were."""
    held = select(Decision.id).where(Decision.about_id == reader_id, Decision.act.in_(RESTRICTIONS), HOLDS)
    ids = db.session.scalars(held.where(Decision.until > now).order_by(Decision.id)).all()
    for id in ids:
        take_back(None, id, Ground.MISTAKE, "", now)
    return len(ids)


def get_decision(decision_id: int) -> Decision:
    """Return a decision; raises `NotFound` if there is none."""
    decision = db.session.get(Decision, decision_id)
    if decision is None:
        raise NotFound()
    return decision


def beginning_of(day: date | None, reader_id: int | None) -> int | None:
    """Return when a day begins where a reader lives; None for None, and for a reader who has left."""
    zone = db.session.scalar(select(User.time_zone).where(User.id == reader_id))
    return None if day is None or zone is None else int(datetime.combine(day, time(), ZoneInfo(zone)).timestamp())


def _open_reports(subject: Subject) -> Select[tuple[Report]]:
    of_it = Report.kind == subject.kind, Report.ref == subject.ref, Report.about_id == subject.about_id
    return select(Report).where(*of_it, Report.decision_id.is_(None))


def log_decision(
    subject: Subject, actor: Party | None, verdict: Verdict, now: int, undoes_id: int | None = None
) -> Decision:
    """Add a row to the log; inside a transaction."""
    decision = Decision(
        kind=subject.kind,
        ref=subject.ref,
        about_id=subject.about_id,
        act=verdict.act,
        until=ensure_end_is_said(verdict.act, verdict.until, now),
        ground=verdict.ground,
        words=seal(verdict.words),
        by_id=actor.id if actor else None,
        undoes_id=undoes_id,
        create_time=now,
    )
    db.session.add(decision)
    db.session.flush()
    return decision


def _tell(decision: Decision, reporters: Collection[int]) -> None:
    for reader_id in sorted({*reporters, *([decision.about_id] if decision.about_id else [])}):
        enqueue(DECIDED, {"user_id": reader_id, "decision_id": decision.id}, f"decision-{decision.id}-{reader_id}")
