"""Jobs of the exchange: its mails and its deadlines."""

from flask_babel import gettext

from app.i18n import use_locale
from app.jobs.mails import is_wanted, local_month, local_time, mail_book, off_link, send_once
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
from app.services.trust.complaint import end_waits


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
    known = facts.known and {"since": local_month(facts.known.since, user), "past": facts.known}
    due = local_time(job.payload["due"], user)
    mail = write_exchange_mail(
        facts.kind,
        user.email,
        user.locale,
        off_link(user, topic),
        nickname=user.nickname,
        facts={"title": facts.title, "name": name, "place": facts.place, "due": due},
        book=mail_book(facts.book) if facts.book else None,
        is_free=facts.is_free,
        quote=facts.quote,
        known=known,
    )
    send_once(job, mail)


@handles("exchange.deadlines", every=MINUTE)
def apply_deadlines(_job: Job) -> None:
    """Apply the deadlines that have passed."""
    run_deadlines(now())


@handles("complaints.deadlines", every=10 * MINUTE)
def apply_deadlines_of_complaints(_job: Job) -> None:
    """End the time to answer for givers of books that are not as described, and erase old words."""
    end_waits(now())


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
