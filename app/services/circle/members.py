"""What stewards do about members and those who ask. Times are in Unix seconds."""

from typing import Any

from app.rules.circle.circle import CircleNews, MemberRole, MemberState
from app.rules.circle.joining import ensure_has_room
from app.rules.circle.refusals import LastSteward, MemberAlready
from app.services.circle.access import count_members, find_membership, lock_as_steward, put, standing_of
from app.services.circle.founding import count_circles, end
from app.services.circle.joining import ensure_is_no_member, part
from app.services.circle.letters import tell
from app.services.errors import NotFound
from app.services.transaction import transaction


@transaction
def let_in(steward_id: int, circle_id: int, reader_id: int, now: int) -> None:
    """Let in who asks, or who was turned away or excluded.

    :raises NotFound: the actor is no steward, or the reader never asked.
    :raises MemberAlready: another steward was faster, or the reader has taken the request back.
    :raises TooManyCircles, CircleFull: there is no room.
    """
    circle, standing = _lock(steward_id, circle_id, reader_id)
    ensure_is_no_member(standing)
    ensure_has_room(count_circles(reader_id) - 1, count_members(circle.id))
    put(circle.id, reader_id, MemberState.IN, now)
    tell(CircleNews.LET_IN, circle.id, now, reader_id)


@transaction
def turn_away(steward_id: int, circle_id: int, reader_id: int, now: int) -> None:
    """Turn away who asks; they can ask again after some time.

    :raises NotFound: the actor is no steward, or the reader never asked.
    :raises MemberAlready: somebody was faster.
    """
    circle, standing = _lock(steward_id, circle_id, reader_id)
    if standing.state is not MemberState.ASKED:
        raise MemberAlready()
    put(circle.id, reader_id, MemberState.OUT, now)
    tell(CircleNews.TURNED_AWAY, circle.id, now, reader_id)


@transaction
def exclude(steward_id: int, circle_id: int, reader_id: int, now: int) -> None:
    """Exclude a member, even a steward: what is under way is finished, and what they listed for it alone is private.

    :raises NotFound: the actor is no steward, or the reader is no member, or not any more.
    """
    circle, standing = _lock(steward_id, circle_id, reader_id)
    if not standing.is_in or steward_id == reader_id:
        raise NotFound()
    part(circle, reader_id, MemberState.OUT, now)
    tell(CircleNews.EXCLUDED, circle.id, now, reader_id)


@transaction
def make_steward(steward_id: int, circle_id: int, reader_id: int, now: int) -> None:
    """Let a member look after the circle too; idempotent. Raises `NotFound` if the reader is no member."""
    circle, standing = _lock(steward_id, circle_id, reader_id)
    if not standing.is_in:
        raise NotFound()
    if not standing.is_steward:
        _set_role(circle.id, reader_id, MemberRole.STEWARD)
        tell(CircleNews.STEWARD, circle.id, now, reader_id)


@transaction
def step_down(steward_id: int, circle_id: int) -> None:
    """Be an ordinary member again; raises `LastSteward` if nobody else looks after the circle."""
    lock_as_steward(circle_id, steward_id)
    if count_members(circle_id, MemberRole.STEWARD) < 2:
        raise LastSteward()
    _set_role(circle_id, steward_id, MemberRole.MEMBER)


@transaction
def close_circle(steward_id: int, circle_id: int, now: int) -> None:
    """End a circle: what was listed for it alone is private again, and what is promised is handed over.

    :raises NotFound: the actor is no steward, or it has ended.
    """
    end(lock_as_steward(circle_id, steward_id), now)


def _lock(steward_id: int, circle_id: int, reader_id: int) -> Any:
    circle = lock_as_steward(circle_id, steward_id, reader_id)
    row = find_membership(circle_id, reader_id)
    if row is None:
        raise NotFound()
    return circle, standing_of(row)


def _set_role(circle_id: int, reader_id: int, role: MemberRole) -> None:
    row = find_membership(circle_id, reader_id)
    if row is not None:
        row.role = role
