"""Invitations to circles. Times are in Unix seconds.

The token of a link is a keyed hash of the invitation's id, and its hash is stored: so a poster can be printed again,
and neither the database nor a backup of it holds anything with which one gets in. A new `SECRET_KEY` leaves links that
are out working; they can no longer be shown.
"""

import secrets
from collections.abc import Sequence

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
from app.services.hashing import keyed_hash, plain_hash
from app.services.transaction import changed_rows, transaction

DIGITS = 32
"""Hexadecimal digits of a token: 128 bits, and few enough for a QR code that old phones read."""
SHOWN = 50
"""How many invitations are listed, the newest first."""


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
    counts = {"uses": uses, "uses_left": uses, "end_time": end_time, "create_time": now}
    row = CircleInvitation(circle_id=circle_id, by_id=by_id, token_hash=secrets.token_hex(DIGITS), **counts)
    db.session.add(row)
    db.session.flush()
    token = _token_of(row.id)
    row.token_hash = plain_hash(token)
    return token


def _token_of(invitation_id: int) -> str:
    return keyed_hash(f"circle-invitation:{invitation_id}")[:DIGITS]


def find_token(invitation: CircleInvitation) -> str | None:
    """Return the token of an invitation's link; None if it was made under another key of the site."""
    token = _token_of(invitation.id)
    return token if plain_hash(token) == invitation.token_hash else None


def list_usable(circle_id: int, by_id: int | None, now: int) -> Sequence[CircleInvitation]:
    """Return the invitations to a circle that work, of one member, or all of them for its stewards; one statement."""
    found = select(CircleInvitation).where(CircleInvitation.circle_id == circle_id, CircleInvitation.is_usable(now))
    found = found if by_id is None else found.where(CircleInvitation.by_id == by_id)
    return db.session.scalars(found.order_by(CircleInvitation.id.desc()).limit(SHOWN)).all()


@transaction
def revoke_circle_invitation(reader_id: int, circle_id: int, invitation_id: int, now: int) -> None:
    """Let nobody else in by an invitation: a member by their own, a steward by any; idempotent.

    :raises NotFound: there is none, or it is not the reader's.
    """
    _, standing = lock_circle(circle_id, reader_id)
    row = db.session.get(CircleInvitation, invitation_id)
    is_theirs = row is not None and row.circle_id == circle_id and (standing.is_steward or row.by_id == reader_id)
    if not standing.is_in or not is_theirs:
        raise NotFound()
    revoked = update(CircleInvitation).where(CircleInvitation.id == invitation_id)
    changed_rows(revoked.where(CircleInvitation.revoke_time.is_(None)).values(revoke_time=now))


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


def get_invited(token: str, reader_id: int | None, now: int) -> tuple[Circle, bool]:
    """Return the circle to which a link invites, and whether the reader, None for a visitor, is in already.

    :raises CircleInvitationGone: it does not work, or not any more, and the reader is not in its circle.
    """
    own = find_own_circle(token, reader_id) if reader_id is not None else None
    return (own, True) if own is not None else (db.session.get_one(Circle, get_usable(token, now).circle_id), False)


def find_own_circle(token: str, reader_id: int) -> Circle | None:
    """Return the circle of an invitation, whether that still works or not, if it goes on and the reader is in it."""
    mine = select(Circle).join(CircleInvitation, CircleInvitation.circle_id == Circle.id)
    mine = mine.join(Membership, (Membership.circle_id == Circle.id) & (Membership.user_id == reader_id))
    mine = mine.where(Membership.state == MemberState.IN, Circle.state == CircleState.ALIVE)
    return db.session.scalar(mine.where(CircleInvitation.token_hash == plain_hash(token)))


def take_use(invitation_id: int, now: int) -> None:
    """Take one use; inside a transaction. Raises `CircleInvitationGone` if others were faster, or it was taken back."""
    unused = CircleInvitation.id == invitation_id, CircleInvitation.is_usable(now)
    taken = update(CircleInvitation).where(*unused).values(uses_left=CircleInvitation.uses_left - 1)
    if not changed_rows(taken):
        raise CircleInvitationGone()
