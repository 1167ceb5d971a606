"""Circles, their members and their listings for tests, as rows, past all rules."""

from typing import Any

from app.models.base import db
from app.models.circle import Circle, GiftCircle, Membership
from app.models.gift import Gift
from app.rules.circle.circle import MemberState
from tests.exchange import NOW, listed


def circle(*members: int, **said: Any) -> int:
    """Store a circle with these members and return its id."""
    with db.auto_commit():
        number = db.session.query(Circle).count() + 1
        row = Circle(**{"slug": f"circle-{number}", "name": f"圈子{number}"} | said)
        db.session.add(row)
        db.session.flush()
        circle_id = row.id
    for member in members:
        put_in(circle_id, member)
    return circle_id


def put_in(circle_id: int, reader_id: int, state: MemberState = MemberState.IN, **said: Any) -> None:
    """Let a reader stand to a circle in some state from now on."""
    with db.auto_commit():
        known = db.session.query(Membership).filter_by(circle_id=circle_id, user_id=reader_id).one_or_none()
        row = known or Membership(circle_id=circle_id, user_id=reader_id)
        row.set_attrs({"state": state, "since": NOW} | said)
        db.session.add(row)


def listed_in(giver_id: int, book_id: int, *circles: int, is_closed: bool = True, **more: Any) -> int:
    """Store a listing for circles and return its id."""
    with db.auto_commit():
        gift = listed(giver_id, book_id, is_closed=is_closed, **{"create_time": NOW} | more)
        mark(gift, *circles)
        return gift.id


def mark(gift: Gift, *circles: int) -> None:
    """Say for which circles a listing is; inside a transaction."""
    db.session.add_all(GiftCircle(gift_id=gift.id, circle_id=circle_id) for circle_id in circles)
