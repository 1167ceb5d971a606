"""Jobs about private copies that somebody waits for."""

from app.jobs.mails import is_wanted, off_link, send_once
from app.jobs.registry import Job, handles
from app.mail.shelf import write_wanted_mail
from app.models.base import now
from app.models.user import User
from app.rules.account.mail_topic import MailTopic
from app.rules.clock import DAY
from app.services.copy.questions import ASK_FOR_WISH, ASK_HOLDER
from app.services.shelf.answering import list_questions
from app.services.shelf.asking import WANTED_MAIL, ask_all, ask_for_wish, ask_holders


@handles(ASK_FOR_WISH)
def ask_for_new_wish(job: Job) -> None:
    """Ask a holder for a wish that was made or changed, or that the last holder could not grant."""
    ask_for_wish(job.payload["wish_id"], now())


@handles(ASK_HOLDER)
def ask_about_new_copies(job: Job) -> None:
    """Ask a reader about what they have just put on the shelf."""
    ask_holders([job.payload["user_id"]], now())


@handles("copy.ask_all", every=DAY)
def ask_again(_job: Job) -> None:
    """Ask the next holders where the last ones were silent, and for wishers who were not able to ask before."""
    ask_all(now())


@handles(WANTED_MAIL)
def send_wanted_mail(job: Job) -> None:
    """Ask a reader by mail about all copies of the last days at once."""
    user = User.find(job.payload["user_id"])
    if not is_wanted(user, MailTopic.WANTED) or not user.may_be_asked or user.is_away(now()):
        return
    titles = [question.title for question in list_questions(user.id, job.payload["mail_time"])]
    if titles:
        off = off_link(user, MailTopic.WANTED)
        send_once(job, write_wanted_mail(user.email, user.locale, off, nickname=user.nickname, titles=titles))
