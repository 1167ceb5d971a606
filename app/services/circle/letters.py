"""What is mailed about circles: to those who look after one, and to whom something has happened in one."""

from sqlalchemy import select

from app.models.base import db
from app.models.circle import Membership
from app.rules.circle.circle import CircleNews, MemberRole, MemberState
from app.rules.clock import DAY
from app.services.outbox import enqueue

CIRCLE_MAIL = "mail.circle"


def tell(news: CircleNews, circle_id: int, reader_id: int, now: int) -> None:
    """Mail a reader; inside a transaction."""
    payload = {"user_id": reader_id, "circle_id": circle_id, "news": news.value}
    enqueue(CIRCLE_MAIL, payload, f"circle-{news}-{circle_id}-{reader_id}-{now}")


def tell_stewards_of_request(circle_id: int, now: int) -> None:
    """Mail those who look after a circle that somebody asks to be let in, once a day at most; inside a transaction."""
    stewards = select(Membership.user_id).where(Membership.circle_id == circle_id)
    stewards = stewards.where(Membership.state == MemberState.IN, Membership.role == MemberRole.STEWARD)
    for steward_id in db.session.scalars(stewards).all():
        payload = {"user_id": steward_id, "circle_id": circle_id, "news": CircleNews.REQUEST.value}
        enqueue(CIRCLE_MAIL, payload, f"circle-request-{circle_id}-{steward_id}-{now // DAY}")
