"""Jobs of the desk: telling readers what was decided, by mails that no reader can turn off; erasing old reports."""

from app.jobs.mails import local_time, send_once
from app.jobs.registry import Job, handles
from app.mail import moderation as mails
from app.mail.message import site_link
from app.models.base import db, now
from app.models.decision import Appeal, Decision
from app.models.user import User
from app.rules.clock import DAY
from app.services.delivery.postal_address import find_text
from app.services.moderation.appeal import ANSWERED, make_appeal_token, may_appeal
from app.services.moderation.decision import DECIDED
from app.services.moderation.report_end import erase_old_reports
from app.services.moderation.subject import subject_of


@handles(DECIDED)
def tell_decision(job: Job) -> None:
    """Tell one of the two sides what was decided and why."""
    user, decision = User.find(job.payload["user_id"]), db.session.get(Decision, job.payload["decision_id"])
    if user is None or decision is None:
        return
    is_mine = decision.about_id == user.id
    said = mails.Statement(
        kind=decision.kind,
        act=decision.act,
        ground=decision.ground,
        words=find_text(decision.words) or "",
        title=subject_of(decision).title or "…",
        until=local_time(decision.until, user),
        link=_link(user, decision.id) if may_appeal(decision, is_mine) else "",
    )
    write = mails.decided if is_mine else mails.report_decided
    send_once(job, write(user.email, user.locale, user.nickname, said))


@handles(ANSWERED)
def tell_answer(job: Job) -> None:
    """Tell a reader what came of an appeal."""
    user, appeal = User.find(job.payload["user_id"]), db.session.get(Appeal, job.payload["appeal_id"])
    if user is None or appeal is None:
        return
    words, link = find_text(appeal.answer) or "", _link(user, appeal.decision_id)
    send_once(
        job, mails.appeal_answered(user.email, user.locale, user.nickname, job.payload["is_granted"], words, link)
    )


def _link(user: User, decision_id: int) -> str:
    return site_link("web.appeal", token=make_appeal_token(user, decision_id))


@handles("report.tidy", every=DAY)
def tidy_reports(_job: Job) -> None:
    """Erase old reports."""
    erase_old_reports(now())
