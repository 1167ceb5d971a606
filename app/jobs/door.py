"""Jobs of the door: telling people whether they are let in, reminding moderators of them, and erasing in time."""

from app.jobs.mails import send_once
from app.jobs.registry import Job, handles
from app.mail import account as mails
from app.models.base import db, now
from app.models.decision import Decision
from app.models.user import User
from app.rules.account.role import Role, may_act_as
from app.rules.clock import DAY
from app.rules.door.door import REFUSED_KEPT_DAYS
from app.services.delivery.postal_address import find_text
from app.services.moderation.door import LET_IN, TURNED_AWAY, WAITS, erase_refused, erase_words, remind_of_waiting


@handles(LET_IN)
def tell_who_is_in(job: Job) -> None:
    """Tell somebody that they are let in."""
    if (user := User.find(job.payload["user_id"])) is not None:
        send_once(job, mails.let_in(user.email, user.locale, user.nickname, _words(job)))


@handles(TURNED_AWAY)
def tell_who_is_not(job: Job) -> None:
    """Tell somebody that they are turned away, and why."""
    if (user := User.find(job.payload["user_id"])) is not None:
        send_once(job, mails.turned_away(user.email, user.locale, user.nickname, _words(job), REFUSED_KEPT_DAYS))


def _words(job: Job) -> str:
    decision = db.session.get(Decision, job.payload["decision_id"])
    return (find_text(decision.words) if decision else "") or ""


@handles(WAITS)
def tell_who_waits(job: Job) -> None:
    """Remind somebody who looks after the site."""
    user = User.find(job.payload["user_id"])
    if user is not None and may_act_as(user.role, Role.MODERATOR):
        send_once(job, mails.door_waits(user.email, user.locale, user.nickname, job.payload["count"]))


@handles("door.tidy", every=DAY)
def tidy_door(_job: Job) -> None:
    """Remind moderators of who waits long, and erase who was turned away long ago."""
    remind_of_waiting(now())
    erase_refused(now())
    erase_words(now())
