"""Exporting everything that is stored about a reader as one JSON document, described in docs/export.md."""

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import or_, select

from app.models.base import db, now
from app.models.circle import Circle
from app.models.decision import Appeal, Complaint, Decision
from app.models.message import Thanks
from app.models.notice import Notice
from app.models.outbox import Outbox
from app.models.report import Hold, Report
from app.models.user import Arrival, Block, Invitation, LoginSession, RecoveryCode, User
from app.models.work import WorkAct
from app.rules.account.mail_topic import read_paces
from app.rules.account.role import Role
from app.rules.clock import iso_time
from app.rules.moderation.report import ReportKind
from app.services.circle.leaving import export_circle_invitations, export_memberships
from app.services.delivery.postal_address import find_text
from app.services.exchange import export as export_exchange
from app.services.journey import export as export_journey
from app.services.sight.hold import is_held

SCHEMA = "fisher-export-1"


def export_account(user: User) -> str:
    """Return the document; for the reader only, because it contains addresses."""
    document = {"schema": SCHEMA, "made_at": iso_time(now())}
    document |= {name: section(user) for name, section in SECTIONS.items()}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _account(user: User) -> dict[str, Any]:
    names = ("id", "nickname", "email", "new_email", "beans", "asleep_beans", "locale", "time_zone", "area")
    times = {"registered_at": user.create_time, "confirmed_at": user.confirmed_at, "waits_since": user.waits_since}
    times |= {"away_until": user.away_until, "last_seen": user.last_seen, "second_factor_since": user.totp_since}
    times |= {"limited_until": user.limited_until, "suspended_until": user.suspended_until}
    times |= {"asleep_since": user.asleep_since}
    mails = {"mail_paces": read_paces(user.mail_paces), "digest_day": user.digest_day}
    chosen = mails | {"may_be_asked": user.may_be_asked, "ways": user.ways.split(), "meeting_words": user.meeting_words}
    chosen |= {"about": user.about, "shown_parts": user.public_page.parts}
    chosen |= {"away_words": user.away_words, "has_feed": user.has_feed}
    role = {} if user.role == Role.READER else {"role": user.role}
    facts = {name: getattr(user, name) for name in names} | role | chosen
    return facts | {name: iso_time(time) for name, time in times.items()}


def _sessions(user: User) -> list[dict[str, Any]]:
    return [
        {
            "device": device.device,
            "remembered": device.is_remembered,
            "since": iso_time(device.create_time),
            "last_seen": iso_time(device.last_seen),
            "ends_at": iso_time(device.expires_at),
        }
        for device in db.session.scalars(
            select(LoginSession).where(LoginSession.user_id == user.id).order_by(LoginSession.id)
        )
    ]


def _recovery_codes(user: User) -> list[dict[str, Any]]:
    codes = db.session.scalars(select(RecoveryCode).where(RecoveryCode.user_id == user.id).order_by(RecoveryCode.id))
    return [{"made_at": iso_time(code.create_time)} for code in codes]


def _jobs(user: User) -> list[dict[str, Any]]:
    jobs = db.session.scalars(select(Outbox).where(Outbox.user_id == user.id).order_by(Outbox.id))
    return [{"kind": job.kind, "state": job.state, "written_at": iso_time(job.create_time)} for job in jobs]


def _notices(user: User) -> list[dict[str, Any]]:
    notices = select(Notice, Circle.slug).outerjoin(Circle, Circle.id == Notice.circle_id)
    notices = notices.where(Notice.user_id == user.id).order_by(Notice.id)
    return [
        {
            "kind": notice.kind,
            "exchange": notice.drift_id,
            "circle": circle,
            "written_at": iso_time(notice.create_time),
            "seen_at": iso_time(notice.seen_time),
        }
        for notice, circle in db.session.execute(notices)
    ]


def _blocks(user: User) -> list[dict[str, Any]]:
    """Return whom the reader has blocked; not by whom the reader is blocked, which nobody tells."""
    rows = db.session.scalars(select(Block).where(Block.reader_id == user.id).order_by(Block.id))
    return [{"reader": block.blocked_id, "blocked_at": iso_time(block.create_time)} for block in rows]


def _work_acts(user: User) -> list[dict[str, Any]]:
    acts = db.session.scalars(select(WorkAct).where(WorkAct.user_id == user.id).order_by(WorkAct.id))
    return [
        {
            "kind": act.kind,
            "work": act.work_id,
            "other_work": act.other_id,
            "editions": len(act.moved),
            "done_at": iso_time(act.create_time),
            "undone_at": iso_time(act.undone_at),
        }
        for act in acts
    ]


def _reports(user: User) -> list[dict[str, Any]]:
    reports = db.session.scalars(select(Report).where(Report.reporter_id == user.id).order_by(Report.id))
    return [
        {
            "kind": report.kind,
            "reason": report.reason,
            "words": find_text(report.words),
            "reported_at": iso_time(report.create_time),
        }
        for report in reports
    ]


def _holds(user: User) -> list[dict[str, Any]]:
    holds = db.session.scalars(select(Hold).where(Hold.about_id == user.id).order_by(Hold.id))
    return [{"kind": one.kind, "reason": one.reason, "held_at": iso_time(one.create_time)} for one in holds]


def _decisions(user: User) -> list[dict[str, Any]]:
    decisions = db.session.scalars(select(Decision).where(Decision.about_id == user.id).order_by(Decision.id))
    return [
        {
            "kind": decision.kind,
            "act": decision.act,
            "until": iso_time(decision.until),
            "ground": decision.ground,
            "words": find_text(decision.words),
            "decided_at": iso_time(decision.create_time),
        }
        for decision in decisions
    ]


def _appeals(user: User) -> list[dict[str, Any]]:
    appeals = db.session.scalars(select(Appeal).where(Appeal.reader_id == user.id).order_by(Appeal.id))
    return [
        {
            "words": find_text(appeal.words),
            "appealed_at": iso_time(appeal.create_time),
            "answer": find_text(appeal.answer),
            "answered_at": iso_time(appeal.answer_time),
        }
        for appeal in appeals
    ]


def _invitations(user: User) -> list[dict[str, Any]]:
    invitations = db.session.scalars(select(Invitation).where(Invitation.by_id == user.id).order_by(Invitation.id))
    return [
        {
            "people": invitation.uses,
            "left": invitation.uses_left,
            "made_at": iso_time(invitation.create_time),
            "ends_at": iso_time(invitation.end_time),
            "revoked_at": iso_time(invitation.revoke_time),
        }
        for invitation in invitations
    ]


def _arrival(user: User) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(Arrival).where(Arrival.user_id == user.id))
    return [
        {
            "state": row.state,
            "invited": row.invitation_id is not None,
            "words": find_text(row.words),
            "asked_at": iso_time(row.create_time),
            "changed_at": iso_time(row.state_time),
        }
        for row in rows
    ]


def _thanks(user: User) -> list[dict[str, Any]]:
    got = (Thanks.reader_id == user.id) & ~is_held(ReportKind.LINE, Thanks.id)
    mine = select(Thanks).where(or_(Thanks.author_id == user.id, got)).order_by(Thanks.id)
    return [
        {
            "exchange": line.drift_id,
            "is_mine": line.author_id == user.id,
            "words": line.words,
            "written_at": iso_time(line.create_time),
            "shown_since": iso_time(line.shown_time),
        }
        for line in db.session.scalars(mine)
    ]


def _complaints(user: User) -> list[dict[str, Any]]:
    mine = select(Complaint).where(or_(Complaint.author_id == user.id, Complaint.about_id == user.id))
    return [
        {
            "exchange": row.drift_id,
            "is_mine": row.author_id == user.id,
            "fault": row.fault,
            "words": find_text(row.words),
            "answer": find_text(row.answer),
            "state": row.state,
            "said_at": iso_time(row.create_time),
            "changed_at": iso_time(row.state_time),
        }
        for row in db.session.scalars(mine.order_by(Complaint.id))
    ]


# Each table about readers has a section.
SECTIONS: dict[str, Callable[[User], Any]] = {
    "account": _account,
    "sessions": _sessions,
    "recovery_codes": _recovery_codes,
    "gifts": export_exchange.export_gifts,
    "copies": export_exchange.export_copies,
    "questions": export_exchange.export_questions,
    "basket": export_exchange.export_basket,
    "brought": export_exchange.export_brought,
    "stations": export_journey.export_stations,
    "lines": export_journey.export_lines,
    "labels": export_journey.export_labels,
    "years": export_journey.export_years,
    "wishes": export_exchange.export_wishes,
    "drifts": export_exchange.export_drifts,
    "messages": export_exchange.export_messages,
    "blocks": _blocks,
    "thanks": _thanks,
    "complaints": _complaints,
    "reports": _reports,
    "holds": _holds,
    "decisions": _decisions,
    "appeals": _appeals,
    "invitations": _invitations,
    "arrival": _arrival,
    "circles": export_memberships,
    "circle_invitations": export_circle_invitations,
    "addresses": export_exchange.export_addresses,
    "beans": export_exchange.export_beans,
    "jobs": _jobs,
    "notices": _notices,
    "work_acts": _work_acts,
}
