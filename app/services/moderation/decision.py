"""Deciding about what was reported, and taking decisions back. Times are in Unix seconds."""

from collections.abc import Collection
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, update

from app.models.base import db
from app.models.decision import Decision
from app.models.encrypted import seal
from app.models.report import Report
from app.models.user import User
from app.rules.moderation.decision import (
    RESTRICTIONS,
    Act,
    AlreadyTakenBack,
    Ground,
    Party,
    Verdict,
    ensure_end_is_said,
    ensure_may_decide,
)
from app.services.errors import NotFound
from app.services.exchange.locking import lock_readers
from app.services.moderation.restriction import HOLDS, settle_restrictions
from app.services.moderation.subject import Subject, get_subject, hide, show_again, subject_of
from app.services.outbox import enqueue
from app.services.transaction import changed_rows, transaction

DECIDED = "mail.decided"
"""The kind of the job that tells a reader of a decision."""


@transaction
def decide(actor: Party | None, kind: str, ref: int, verdict: Verdict, now: int) -> int:
    """Decide about something and all open reports of it, tell both sides, and return the id of the decision.

    `actor` is None on the command line.

    :raises NotFound: there is no such thing.
    :raises Refusal: what `rules.moderation.decision` refuses, and `NothingToHide`.
    """
    subject = get_subject(kind, ref)
    lock_readers(subject.about_id)
    reports = db.session.scalars(_open_reports(subject).with_for_update()).all()
    reporters = {report.reporter_id for report in reports if report.reporter_id is not None}
    ensure_may_decide(kind, verdict.act, actor, subject.about, reporters)
    decision = _add(subject, actor, verdict, now)
    for report in reports:
        report.decision_id = decision.id
    if verdict.act is Act.HIDE:
        hide(subject, now)
    elif verdict.act in RESTRICTIONS and subject.about:
        settle_restrictions(subject.about.id, now)
    _tell(decision, reporters)
    return decision.id


@transaction
def take_back(actor: Party | None, decision_id: int, ground: Ground, words: str, now: int) -> int:
    """Take a decision back and tell both sides; return the id of the decision that does so.

    :raises NotFound: there is no such decision, or its reader has left.
    :raises AlreadyTakenBack: it was taken back before, or takes one back itself.
    :raises OwnCase, AboutModerator: see `ensure_may_decide`.
    """
    return undo(actor, get_decision(decision_id), Verdict(Act.RESTORE, ground, words), now)


def undo(actor: Party | None, decision: Decision, verdict: Verdict, now: int) -> int:
    """Do the same inside a transaction."""
    subject = subject_of(decision)
    if subject.about is None:
        raise NotFound()
    lock_readers(subject.about_id)
    taken_back = select(Decision.id).where(Decision.undoes_id == decision.id)
    if decision.act == Act.RESTORE or db.session.scalar(taken_back) is not None:
        raise AlreadyTakenBack()
    reported = select(Report.reporter_id).where(Report.decision_id == decision.id, Report.reporter_id.is_not(None))
    reporters = {id for id in db.session.scalars(reported) if id is not None}
    ensure_may_decide(decision.kind, Act(decision.act), actor, subject.about, ())
    back = _add(subject, actor, verdict, now, undoes_id=decision.id)
    _reverse(decision, subject, now)
    _tell(back, reporters)
    return back.id


def _reverse(decision: Decision, subject: Subject, now: int) -> None:
    if decision.act == Act.NOTHING:
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


def beginning_of(day: date | None, reader_id: int) -> int | None:
    """Return when a day begins where a reader lives; None for None, and for a reader who has left."""
    zone = db.session.scalar(select(User.time_zone).where(User.id == reader_id))
    return None if day is None or zone is None else int(datetime.combine(day, time(), ZoneInfo(zone)).timestamp())


def _open_reports(subject: Subject) -> Select[tuple[Report]]:
    of_it = Report.kind == subject.kind, Report.ref == subject.ref, Report.about_id == subject.about_id
    return select(Report).where(*of_it, Report.decision_id.is_(None))


def _add(subject: Subject, actor: Party | None, verdict: Verdict, now: int, undoes_id: int | None = None) -> Decision:
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
