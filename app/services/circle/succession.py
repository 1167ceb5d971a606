"""A circle never stays without a steward unasked: the longest-standing member is asked. Times are in Unix seconds."""

from sqlalchemy import func, select, update

from app.models.base import db
from app.models.circle import Circle, Membership
from app.rules.circle.circle import CircleNews, CircleState, MemberRole, MemberState
from app.rules.clock import DAY
from app.services.circle.access import count_members, find_membership, lock_circle
from app.services.circle.founding import end
from app.services.circle.letters import tell
from app.services.errors import NotFound
from app.services.transaction import changed_rows, transaction

ANSWER_DAYS = 30
"""Days after which the next member is asked."""


def look_after(circle: Circle, now: int) -> None:
    """Ask a member of a locked circle that has no steward to be it, or end a circle without members."""
    if count_members(circle.id, MemberRole.STEWARD):
        return
    if not count_members(circle.id):
        end(circle, now)
    else:
        _ask_next(circle.id, now)


def _ask_next(circle_id: int, now: int) -> None:
    unasked = select(Membership).where(Membership.circle_id == circle_id, Membership.state == MemberState.IN)
    unasked = unasked.where(Membership.steward_asked_at.is_(None)).order_by(Membership.since, Membership.id).limit(1)
    if (row := db.session.scalar(unasked)) is not None:
        row.steward_asked_at = now
        tell(CircleNews.SUCCESSION, circle_id, now, row.user_id)


def is_asked(circle_id: int, reader_id: int) -> bool:
    """Return whether a reader may become the steward of a circle that has none."""
    row = find_membership(circle_id, reader_id)
    is_member = row is not None and row.state == MemberState.IN and row.steward_asked_at is not None
    return is_member and not count_members(circle_id, MemberRole.STEWARD)


@transaction
def answer_for_steward(reader_id: int, circle_id: int, is_willing: bool, now: int) -> None:
    """Become the steward of a circle that has none, or let the next member be asked.

    Who has said no may change their mind as long as there is none.

    :raises NotFound: the circle has ended, has a steward meanwhile, or the reader is not asked.
    """
    lock_circle(circle_id, reader_id)
    if not is_asked(circle_id, reader_id):
        raise NotFound()
    if not is_willing:
        _ask_next(circle_id, now)
        return
    in_it = update(Membership).where(Membership.circle_id == circle_id)
    changed_rows(in_it.values(steward_asked_at=None))
    in_it = in_it.where(Membership.user_id == reader_id)
    changed_rows(in_it.values(role=MemberRole.STEWARD))


def ask_further(now: int) -> None:
    """Ask the next member where nobody has answered for so many days."""
    stewards = select(Membership.circle_id).where(
        Membership.state == MemberState.IN, Membership.role == MemberRole.STEWARD
    )
    last = func.max(Membership.steward_asked_at)
    waiting = select(Circle.id).join(Membership, Membership.circle_id == Circle.id)
    waiting = waiting.where(Circle.state == CircleState.ALIVE, Circle.id.not_in(stewards))
    waiting = waiting.group_by(Circle.id).having(last <= now - ANSWER_DAYS * DAY)
    for circle_id in db.session.scalars(waiting).all():
        _ask_one_more(circle_id, now)


@transaction
def _ask_one_more(circle_id: int, now: int) -> None:
    circle = db.session.scalars(select(Circle).where(Circle.id == circle_id).with_for_update()).one()
    if circle.state == CircleState.ALIVE and not count_members(circle_id, MemberRole.STEWARD):
        _ask_next(circle_id, now)
