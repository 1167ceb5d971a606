"""Jobs about circles: telling readers what happens in one, and asking the next member to look after it."""

from app.jobs.mails import is_wanted, off_link, send_once
from app.jobs.registry import Job, handles
from app.mail.circle import write_circle_mail, write_matches_mail
from app.models.base import db, now
from app.models.circle import Circle
from app.models.user import User
from app.rules.account.mail_topic import MailTopic
from app.rules.circle.circle import CircleNews, CircleState
from app.rules.clock import DAY
from app.services.circle.access import find_membership, standing_of
from app.services.circle.letters import CIRCLE_MAIL
from app.services.circle.matches import MATCHES_MAIL, WEEK, list_matches, queue_matches
from app.services.circle.succession import ask_further

MOST_TOLD = 20
"""Wishes of which one mail tells."""


@handles(CIRCLE_MAIL)
def send_circle_mail(job: Job) -> None:
    """Tell a reader; a request is told of only to who wants to know at once that somebody waits."""
    user, news = User.find(job.payload["user_id"]), CircleNews(job.payload["news"])
    circle = db.session.get(Circle, job.payload["circle_id"])
    if user is None or user.has_left or circle is None or circle.state != CircleState.ALIVE:
        return
    off = off_link(user, MailTopic.TURN) if news is CircleNews.REQUEST else None
    if off is None or is_wanted(user, MailTopic.TURN):
        said = news, circle.name, circle.slug, off
        send_once(job, write_circle_mail(user.email, user.locale, user.nickname, *said))


@handles("circle.succession", every=DAY)
def ask_next_members(_job: Job) -> None:
    """Ask the next member where a circle has had no steward for long."""
    ask_further(now())


@handles("circle.matches", every=WEEK)
def queue_matches_mails(_job: Job) -> None:
    """Let those who look after circles know each week which wishes could be granted."""
    queue_matches(now())


@handles(MATCHES_MAIL)
def send_matches_mail(job: Job) -> None:
    """Tell a steward which wishes could be granted today and by whom; nothing where there are none."""
    user, circle = User.find(job.payload["user_id"]), db.session.get(Circle, job.payload["circle_id"])
    if not is_wanted(user, MailTopic.CIRCLE) or circle is None or circle.state != CircleState.ALIVE:
        return
    if not standing_of(find_membership(circle.id, user.id)).is_steward:
        return
    found = list_matches(circle.id, user.id, now())[:MOST_TOLD]
    matches = [(match.title, match.wisher, " · ".join(match.givers)) for match in found]
    if matches:
        to = user.email, user.locale, off_link(user, MailTopic.CIRCLE), user.nickname
        send_once(job, write_matches_mail(*to, circle.name, circle.slug, matches))
