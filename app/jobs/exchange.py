"""The jobs of the exchange: its mails, and the clock."""

from datetime import UTC, datetime

from babel.dates import format_datetime, get_timezone
from flask_babel import gettext

from app.i18n import speaking
from app.jobs.mails import is_wanted, off_link, send_once
from app.jobs.registry import Job, handles
from app.mail.exchange import exchange_letter
from app.models.base import now
from app.models.user import User
from app.rules.drift import MailKind
from app.rules.notices import Notice
from app.services.deadline import run_deadlines
from app.services.letter import LETTER, find_letter_facts

MINUTE = 60
NOTICES = {
    MailKind.REMINDER: Notice.REMINDER,
    MailKind.OFFERED: Notice.OFFER,
    MailKind.OFFER_ENDED: Notice.OFFER,
}
"""Under which heading a reader turns a letter off; all others are about drifts."""


@handles(LETTER)
def send_letter(job: Job) -> None:
    """Tell a reader what has happened in an exchange, unless they turned this kind of mail off."""
    kind = MailKind(job.payload["letter"])
    user = User.find(job.payload["user_id"])
    notice = NOTICES.get(kind, Notice.DRIFT)
    if not is_wanted(user, notice):
        return
    facts = find_letter_facts(user.id, job.payload["drift_id"], job.payload["gift_id"])
    if facts is None:
        return
    with speaking(user.locale):
        name = facts.name or gettext("a reader who has left")
    mail = exchange_letter(
        kind,
        user.email,
        user.locale,
        off_link(user, notice),
        nickname=user.nickname,
        title=facts.title,
        name=name,
        due=_local_time(job.payload["due"], user),
    )
    send_once(job, mail)


def _local_time(seconds: int | None, user: User) -> str:
    """Return a time in the reader's own zone and language; empty for none."""
    if seconds is None:
        return ""
    time = datetime.fromtimestamp(seconds, UTC)
    return format_datetime(time, "short", tzinfo=get_timezone(user.time_zone), locale=user.locale)


@handles("exchange.deadlines", every=MINUTE)
def apply_deadlines(_job: Job) -> None:
    """Apply what is due."""
    run_deadlines(now())
