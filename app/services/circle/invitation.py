"""Invitations to circles: links of which only the hash is stored. Times are in Unix seconds."""

import secrets

from sqlalchemy import func, select, update

from app.models.base import db
from app.models.circle import Circle, CircleInvitation, Membership
from app.models.user import User
from app.rules.circle.circle import CircleState, MemberState
from app.rules.circle.inviting import days_of, ensure_may_invite, most_uses
from app.rules.circle.refusals import CircleInvitationGone
from app.rules.clock import DAY
from app.services.circle.access import lock_circle
from app.services.errors import NotFound
from app.services.exchange.locking import ensure_not_limited
from app.services.hashing import plain_hash
from app.services.transaction import changed_rows, transaction


@transaction
def invite_to_circle(reader_id: int, circle_id: int, uses: int, now: int) -> str:
    """Make an invitation for so many readers, as many as the member may at most; return the token of its link.

    :raises NotFound: the circle has ended, or the reader is no member.
    :raises OnlyStewardsInvite, TooManyCircleInvitations: see `rules.circle.inviting.ensure_may_invite`.
    :raises Limited: the people who run the site let the reader begin nothing new at present.
    """
    circle, standing = lock_circle(circle_id, reader_id)
    if not standing.is_in:
        raise NotFound()
    ensure_not_limited(reader_id, now)
    mine = CircleInvitation.circle_id == circle_id, CircleInvitation.by_id == reader_id, CircleInvitation.is_usable(now)
    is_open = db.session.scalar(select(func.count(CircleInvitation.id)).where(*mine)) or 0
    ensure_may_invite(standing, circle.members_invite, is_open)
    return _add(circle_id, reader_id, min(uses, most_uses(standing)), now + days_of(standing) * DAY, now)


def _add(circle_id: int, by_id: int | None, uses: int, end_time: int, now: int) -> str:
    token = secrets.token_urlsafe(24)
    counts = {"uses": uses, "uses_left": uses, "end_time": end_time, "create_time": now}
    db.session.add(CircleInvitation(circle_id=circle_id, by_id=by_id, token_hash=plain_hash(token), **counts))
    return token


def get_usable(token: str, now: int) -> CircleInvitation:
    """Return the invitation with this token if readers get into its circle by it.

    It works as long as its maker is a member; of an operator on the command line, always.

    :raises CircleInvitationGone: it does not work, or not any more.
    """
    is_member = select(Membership.id).where(
        Membership.circle_id == CircleInvitation.circle_id,
        Membership.user_id == CircleInvitation.by_id,
        Membership.state == MemberState.IN,
    )
    is_limited = select(User.id).where(User.id == CircleInvitation.by_id)
    is_limited = is_limited.where((User.limited_until > now) | (User.suspended_until > now))
    found = select(CircleInvitation).join(Circle, Circle.id == CircleInvitation.circle_id)
    found = found.where(CircleInvitation.token_hash == plain_hash(token), CircleInvitation.is_usable(now))
    found = found.where(Circle.state == CircleState.ALIVE, ~is_limited.exists())
    invitation = db.session.scalar(found.where(CircleInvitation.by_id.is_(None) | is_member.exists()))
    if invitation is None:
        raise CircleInvitationGone()
    return invitation


def take_use(invitation_id: int, now: int) -> None:
    """Take one use; inside a transaction. Raises `CircleInvitationGone` if others were faster, or it was taken back."""
    unused = CircleInvitation.id == invitation_id, CircleInvitation.is_usable(now)
    taken = update(CircleInvitation).where(*unused).values(uses_left=CircleInvitation.uses_left - 1)
    if not changed_rows(taken):
        raise CircleInvitationGone()
