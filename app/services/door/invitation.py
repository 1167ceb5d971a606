"""Invitations: links by which people can register while the site is for invited ones. Times are in Unix seconds.

Only the hash of a link is stored. A use is taken when the address is confirmed: if registering took it, an invitation
that is left over would tell that the address has an account.
"""

import secrets
from collections.abc import Sequence

from flask import current_app
from sqlalchemy import delete, func, or_, select, update

from app.mail.message import site_link
from app.models.base import db
from app.models.user import Arrival, Invitation, User
from app.rules.clock import DAY
from app.rules.door.door import InvitationGone, ensure_may_invite
from app.services.errors import NotFound
from app.services.exchange.locking import ensure_not_limited, lock_present
from app.services.hashing import plain_hash
from app.services.transaction import changed_rows, transaction

SHOWN = 20
"""How many invitations a reader is shown, the newest first."""


@transaction
def invite(reader_id: int, uses: int, now: int) -> str:
    """Make an invitation of a reader for so many people; return the token of its link.

    :raises TooManyInvitations: the reader has as many open ones as the site allows.
    :raises Limited: the people who run the site let the reader begin nothing new at present.
    """
    lock_present(reader_id)
    ensure_not_limited(reader_id, now)
    mine = select(func.count(Invitation.id)).where(Invitation.by_id == reader_id, Invitation.is_usable(now))
    ensure_may_invite(db.session.scalar(mine) or 0, current_app.config["INVITATIONS"])
    return _add(reader_id, uses, current_app.config["INVITATION_DAYS"], now)[1]


@transaction
def invite_for_the_site(uses: int, days: int, now: int) -> tuple[int, str]:
    """Make an invitation on the command line; return its number, and the token of its link."""
    return _add(None, uses, days, now)


def _add(by_id: int | None, uses: int, days: int, now: int) -> tuple[int, str]:
    token = secrets.token_urlsafe(24)
    counts = {"uses": uses, "uses_left": uses, "end_time": now + days * DAY}
    db.session.add(row := Invitation(by_id=by_id, token_hash=plain_hash(token), create_time=now, **counts))
    db.session.flush()
    return row.id, token


def invitation_link(token: str) -> str:
    """Return the absolute URL of an invitation."""
    return site_link("web.register", invite=token)


def find_usable(token: str, now: int) -> Invitation | None:
    """Return the invitation with this token if somebody can register with it.

    None, too, while its reader is limited or suspended.
    """
    may_invite = or_(User.limited_until.is_(None), User.limited_until <= now) & (
        or_(User.suspended_until.is_(None), User.suspended_until <= now)
    )
    found = select(Invitation).outerjoin(User, User.id == Invitation.by_id)
    found = found.where(Invitation.token_hash == plain_hash(token), Invitation.is_usable(now))
    return db.session.scalar(found.where(Invitation.by_id.is_(None) | may_invite))


def get_usable(token: str, now: int) -> Invitation:
    """Return the same; raises `InvitationGone` if there is none."""
    found = find_usable(token, now)
    if found is None:
        raise InvitationGone()
    return found


def take_use(invitation_id: int | None) -> None:
    """Take one use of the invitation; inside a transaction. Who has registered in time may confirm later.

    :raises InvitationGone: others were faster, or it was revoked.
    """
    unused = (Invitation.id == invitation_id) & (Invitation.uses_left > 0) & Invitation.revoke_time.is_(None)
    if not changed_rows(update(Invitation).where(unused).values(uses_left=Invitation.uses_left - 1)):
        raise InvitationGone()


def list_invitations(reader_id: int) -> Sequence[Invitation]:
    """Return the last invitations of a reader, the newest first."""
    mine = select(Invitation).where(Invitation.by_id == reader_id)
    return db.session.scalars(mine.order_by(Invitation.id.desc()).limit(SHOWN)).all()


@transaction
def revoke_invitation(reader_id: int | None, invitation_id: int, now: int) -> None:
    """Let nobody else in by an invitation; `reader_id` is None on the command line, which revokes any.

    :raises NotFound: there is none, or it is not the reader's.
    """
    found = db.session.get(Invitation, invitation_id)
    if found is None or reader_id not in (None, found.by_id):
        raise NotFound()
    revoked = update(Invitation).where(Invitation.id == invitation_id, Invitation.revoke_time.is_(None))
    changed_rows(revoked.values(revoke_time=now))


def erase_invitations(reader_id: int) -> None:
    """Erase the invitations of a reader who leaves, and that they brought others; inside a transaction."""
    mine = select(Invitation.id).where(Invitation.by_id == reader_id)
    changed_rows(update(Arrival).where(Arrival.invitation_id.in_(mine)).values(invitation_id=None))
    changed_rows(delete(Invitation).where(Invitation.by_id == reader_id))
