"""Jobs of the exchange: its mails and its deadlines."""

from flask_babel import gettext

from app.i18n import use_locale
from app.jobs.mails import is_wanted, local_time, off_link, send_once
from app.jobs.registry import Job, handles
from app.mail.exchange import write_digest, write_exchange_mail
from app.models.base import now
from app.models.user import User
from app.rules.account.mail_topic import MailTopic, topic_of
from app.rules.clock import DAY, MINUTE
from app.rules.exchange.drift import MailKind
from app.services.exchange.deadlines import run_deadlines
from app.services.exchange.mails import EXCHANGE_MAIL, find_mail_facts
from app.services.notice.digest import DIGEST_MAIL, queue_digests
from app.services.notice.notices import forget_old_notices, list_new_words


@handles(EXCHANGE_MAIL)
def send_exchange_mail(job: Job) -> None:
    """Notify a reader of what has happened in an exchange, if they want this kind of mail at once."""
    kind = MailKind(job.payload["letter"])
    user = User.find(job.payload["user_id"])
    topic = topic_of(kind)
    if not is_wanted(user, topic):
        return
    about = (job.payload.get(name) for name in ("drift_id", "gift_id", "message_id", "since"))
    facts = find_mail_facts(kind, user.id, *about)
    if facts is None:
        return
    with use_locale(user.locale):
        name = facts.name or gettext("a reader who has left")
    mail = write_exchange_mail(
        facts.kind,
        user.email,
        user.locale,
        off_link(user, topic),
        nickname=user.nickname,
        title=facts.title,
        name=name,
        place=facts.place,
        due=local_time(job.payload["due"], user),
    )
    send_once(job, mail)


@handles("exchange.deadlines", every=MINUTE)
def apply_deadlines(_job: Job) -> None:
    """Apply the deadlines that have passed."""
    run_deadlines(now())


@handles("notice.digests", every=10 * MINUTE)
def make_digests(_job: Job) -> None:
    """Queue the summaries that are due."""
    queue_digests(now())


@handles(DIGEST_MAIL)
def send_digest(job: Job) -> None:
    """Send a reader a summary of what they have not seen, if there is any."""
    user = User.find(job.payload["user_id"])
    if user is None or not user.is_confirmed:
        return
    with use_locale(user.locale):
        sentences = list_new_words(user.id, job.payload["notices"])
    if sentences:
        off = off_link(user, MailTopic.DIGEST)
        send_once(job, write_digest(user.email, user.locale, off, nickname=user.nickname, sentences=sentences))


@handles("notice.tidy", every=DAY)
def tidy_notices(_job: Job) -> None:
    """Erase old notices."""
    forget_old_notices(now())
