"""Who could make whom happy: which wishes of a circle's members its copies could grant. Times are in Unix seconds."""

from typing import Any, NamedTuple, cast

from sqlalchemy import BigInteger, Select, Table, bindparam, select

from app.models.base import LIVE, db
from app.models.book import Book
from app.models.circle import Circle, GiftCircle, Membership
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish
from app.rules.circle.circle import CircleState, MemberRole, MemberState
from app.rules.clock import DAY
from app.rules.exchange.drift import CopyState
from app.rules.exchange.listing import WishState
from app.services.exchange.editions import is_granted_by
from app.services.outbox import enqueue_all
from app.services.sight.visible import are_apart
from app.services.transaction import transaction

MATCHES_MAIL = "mail.circle_matches"
WEEK = 7 * DAY
MOST_PAIRS = 200
"""Pairs of a wish and a copy that are looked at for one mail."""


class Match(NamedTuple):
    """A member's wish, and who of the others has a copy for it on offer."""

    title: str
    wisher: str
    givers: list[str]


_GIFT, _WISH, _USER, _MEMBER, _MARKED = (
    cast("Table", table.__table__) for table in (Gift, Wish, User, Membership, GiftCircle)
)
_WISHED, _OFFERED = (cast("Table", Book.__table__).alias(name) for name in ("wished_book", "offered_book"))
_WISHER, _GIVER = _USER.alias("wisher"), _USER.alias("giver")
_WAITS, _GIVES = _MEMBER.alias("waits"), _MEMBER.alias("gives")
_CIRCLE_ID, _STEWARD, _NOW = (bindparam(name, type_=BigInteger) for name in ("circle_id", "steward", "now"))


@transaction
def queue_matches(now: int) -> None:
    """Queue this week's mails to all who look after a circle; what there is to say is found when they are written."""
    stewards = select(Membership.circle_id, Membership.user_id).join(Circle, Circle.id == Membership.circle_id)
    stewards = stewards.where(Circle.state == CircleState.ALIVE, Membership.state == MemberState.IN)
    found = db.session.execute(stewards.where(Membership.role == MemberRole.STEWARD).order_by(Membership.id)).all()
    jobs = [
        ({"user_id": row.user_id, "circle_id": row.circle_id}, f"{MATCHES_MAIL}:{row.circle_id}:{row.user_id}:{now}")
        for row in found
    ]
    enqueue_all(MATCHES_MAIL, jobs, now)


def list_matches(circle_id: int, steward_id: int, now: int) -> list[Match]:
    """Return the open wishes of members that open copies of other members would grant; one statement.

    Copies are for everybody or for this circle, and not kept for anybody else. Members of whom one has blocked the
    other, or the steward, do not meet here either.
    """
    matches: dict[int, Match] = {}
    values = {"circle_id": circle_id, "steward": steward_id, "now": now}
    for wish_id, title, wisher, giver in db.session.execute(_PAIRS, values):
        givers = matches.setdefault(wish_id, Match(title, wisher, [])).givers
        givers.extend([giver] if giver not in givers else [])
    return list(matches.values())


def _select_pairs() -> Select[Any]:
    marked = select(_MARKED.c.id).where(_MARKED.c.gift_id == _GIFT.c.id, _MARKED.c.circle_id == _CIRCLE_ID)
    is_free = _GIFT.c.offered_to.is_(None) | (_GIFT.c.offered_to == _WISH.c.user_id) | (_GIFT.c.offer_until <= _NOW)
    pairs = select(_WISH.c.id, _WISHED.c.title, _WISHER.c.nickname, _GIVER.c.nickname.label("giver"))
    pairs = pairs.select_from(_WAITS).join(_WISH, _WISH.c.user_id == _WAITS.c.user_id)
    pairs = pairs.join(_WISHED, _WISHED.c.id == _WISH.c.book_id).join(_OFFERED, is_granted_by(_WISHED, _OFFERED))
    pairs = pairs.join(_GIFT, _GIFT.c.book_id == _OFFERED.c.id).join(_GIVES, _GIVES.c.user_id == _GIFT.c.giver_id)
    pairs = pairs.join(_WISHER, _WISHER.c.id == _WISH.c.user_id).join(_GIVER, _GIVER.c.id == _GIFT.c.giver_id)
    for member in (_WAITS, _GIVES):
        pairs = pairs.where(member.c.circle_id == _CIRCLE_ID, member.c.state == MemberState.IN)
        pairs = pairs.where(~are_apart(_STEWARD, member.c.user_id))
    pairs = pairs.where(_WISH.c.state == WishState.OPEN, _WISH.c.status == LIVE, _WISH.c.user_id != _GIFT.c.giver_id)
    pairs = pairs.where(_GIFT.c.state == CopyState.OPEN, _GIFT.c.status == LIVE, is_free)
    pairs = pairs.where(~_GIFT.c.is_closed | marked.exists(), ~are_apart(_WISH.c.user_id, _GIFT.c.giver_id))
    return pairs.order_by(_WISH.c.id, _GIFT.c.id).limit(MOST_PAIRS)


_PAIRS = _select_pairs()
