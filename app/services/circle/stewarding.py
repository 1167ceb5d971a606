"""What those who look after a circle see of it. Times are in Unix seconds."""

from typing import NamedTuple

from sqlalchemy import func, select

from app.models.base import LIVE, db
from app.models.circle import Membership
from app.models.user import User
from app.models.wish import Wish
from app.rules.circle.checklist import Line, checklist
from app.rules.circle.circle import MemberState
from app.rules.exchange.listing import WishState
from app.services.circle.access import count_members
from app.services.circle.shelf import count_stock
from app.services.sight.visible import PUBLIC

MOST_REQUESTS = 50


class Request(NamedTuple):
    """Somebody who asks to be let in."""

    reader_id: int
    nickname: str
    words: str
    since: int


def list_requests(circle_id: int) -> list[Request]:
    """Return who asks to be let in, who has waited longest first; one statement."""
    asking = select(User.id, User.nickname, Membership.words, Membership.since)
    asking = asking.join(User, User.id == Membership.user_id)
    asking = asking.where(Membership.circle_id == circle_id, Membership.state == MemberState.ASKED)
    rows = db.session.execute(asking.order_by(Membership.since, Membership.id).limit(MOST_REQUESTS))
    return [Request(*row) for row in rows]


def count_for_checklist(circle_id: int, now: int) -> list[Line]:
    """Return what a circle has of what it needs; three statements."""
    waits = select(func.count()).select_from(Membership).join(Wish, Wish.user_id == Membership.user_id)
    waits = waits.where(Membership.circle_id == circle_id, Membership.state == MemberState.IN)
    waits = waits.where(Wish.state == WishState.OPEN, Wish.status == LIVE)
    copies = count_stock(circle_id, now, PUBLIC).copies
    return checklist(count_members(circle_id), copies, db.session.scalar(waits) or 0)
