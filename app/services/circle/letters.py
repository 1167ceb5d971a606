"""What is mailed and noted about circles: to those who look after one, and to whom something has happened in one."""

from sqlalchemy import select

from app.models.base import db
from app.models.circle import Membership
from app.models.notice import Notice
from app.rules.circle.circle import CircleNews, MemberRole, MemberState
from app.rules.clock import DAY
from app.services.outbox import enqueue_all

CIRCLE_MAIL = "mail.circle"


def tell(news: CircleNews, circle_id: int, now: int, *reader_ids: int) -> None:
    """Mail readers, and write their notices; inside a transaction. Of requests they are told once a day at most."""
    time = now // DAY if news is CircleNews.REQUEST else now
    told = [(reader_id, f"circle-{news}-{circle_id}-{reader_id}-{time}") for reader_id in reader_ids]
    mails = [({"user_id": reader_id, "circle_id": circle_id, "news": news.value}, key) for reader_id, key in told]
    enqueue_all(CIRCLE_MAIL, mails, now)
    about = {"kind": news.notice, "circle_id": circle_id, "show_from": now, "mailed_time": now}
    Notice.add_all([{"user_id": reader_id, "key": key} | about for reader_id, key in told], now)


def tell_stewards(news: CircleNews, circle_id: int, now: int) -> None:
    """Do the same for those who look after a circle."""
    stewards = select(Membership.user_id).where(Membership.circle_id == circle_id)
    stewards = stewards.where(Membership.state == MemberState.IN, Membership.role == MemberRole.STEWARD)
    tell(news, circle_id, now, *db.session.scalars(stewards.order_by(Membership.user_id)))
