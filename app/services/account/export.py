"""Exporting everything that is stored about a reader as one JSON document, described in docs/export.md."""

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from app.models.base import db, now
from app.models.decision import Appeal, Decision
from app.models.notice import Notice
from app.models.outbox import Outbox
from app.models.report import Report
from app.models.user import LoginSession, RecoveryCode, User
from app.models.work_act import WorkAct
from app.rules.account.mail_topic import read_paces
from app.rules.account.role import Role
from app.rules.clock import iso_time
from app.services.delivery.postal_address import find_text
from app.services.exchange import export as export_exchange

SCHEMA = "fisher-export-1"


def export_account(user: User) -> str:
    """Return the document; for the reader only, because it contains addresses."""
    document = {"schema": SCHEMA, "made_at": iso_time(now())}
    document |= {name: section(user) for name, section in SECTIONS.items()}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _account(user: User) -> dict[str, Any]:
    names = ("id", "nickname", "email", "new_email", "beans", "locale", "time_zone", "area")
    times = {"registered_at": user.create_time, "confirmed_at": user.confirmed_at}
    times |= {"away_until": user.away_until, "last_seen": user.last_seen, "second_factor_since": user.totp_since}
    times |= {"limited_until": user.limited_until, "suspended_until": user.suspended_until}
    mails = {"mail_paces": read_paces(user.mail_paces), "digest_day": user.digest_day}
    chosen = mails | {"ways": user.ways.split(), "meeting_words": user.meeting_words}
    chosen |= {"away_words": user.away_words}
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
    notices = db.session.scalars(select(Notice).where(Notice.user_id == user.id).order_by(Notice.id))
    return [
        {
            "kind": notice.kind,
            "exchange": notice.drift_id,
            "written_at": iso_time(notice.create_time),
            "seen_at": iso_time(notice.seen_time),
        }
        for notice in notices
    ]


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


# Each table about readers has a section.
SECTIONS: dict[str, Callable[[User], Any]] = {
    "account": _account,
    "sessions": _sessions,
    "recovery_codes": _recovery_codes,
    "gifts": export_exchange.export_gifts,
    "wishes": export_exchange.export_wishes,
    "drifts": export_exchange.export_drifts,
    "messages": export_exchange.export_messages,
    "reports": _reports,
    "decisions": _decisions,
    "appeals": _appeals,
    "addresses": export_exchange.export_addresses,
    "beans": export_exchange.export_beans,
    "jobs": _jobs,
    "notices": _notices,
    "work_acts": _work_acts,
}
