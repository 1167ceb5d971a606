"""What of circles belongs to a reader: exporting it, and leaving them all with the account."""

from typing import Any

from sqlalchemy import delete, select, update

from app.models.base import db
from app.models.circle import Circle, CircleInvitation, Membership
from app.models.user import User
from app.rules.circle.circle import CircleState, MemberState
from app.rules.clock import iso_time
from app.services.circle.succession import look_after
from app.services.transaction import changed_rows


def leave_circles(reader_id: int, now: int) -> None:
    """Leave all circles of a reader who closes the account, and forget whom they brought; inside a transaction.

    The reader has been locked, and has no listings any more.
    """
    mine = select(Membership.circle_id).where(Membership.user_id == reader_id, Membership.state == MemberState.IN)
    locked = select(Circle).where(Circle.id.in_(mine), Circle.state == CircleState.ALIVE).order_by(Circle.id)
    circles = db.session.scalars(locked.with_for_update().execution_options(populate_existing=True)).all()
    changed_rows(delete(Membership).where(Membership.user_id == reader_id))
    changed_rows(update(Membership).where(Membership.invited_by_id == reader_id).values(invited_by_id=None))
    changed_rows(delete(CircleInvitation).where(CircleInvitation.by_id == reader_id))
    for circle in circles:
        look_after(circle, now)


def export_memberships(user: User) -> list[dict[str, Any]]:
    """Return how the reader stands to circles."""
    rows = select(Membership, Circle.name, Circle.slug).join(Circle, Circle.id == Membership.circle_id)
    rows = rows.where(Membership.user_id == user.id).order_by(Membership.id)
    return [
        {
            "circle": slug,
            "name": name,
            "state": row.state,
            "role": row.role,
            "since": iso_time(row.since),
            "words": row.words,
            "invited": row.invited_by_id is not None,
            "steward_asked_at": iso_time(row.steward_asked_at),
        }
        for row, name, slug in db.session.execute(rows)
    ]


def export_circle_invitations(user: User) -> list[dict[str, Any]]:
    """Return the invitations to circles that the reader has made."""
    rows = select(CircleInvitation, Circle.slug).join(Circle, Circle.id == CircleInvitation.circle_id)
    rows = rows.where(CircleInvitation.by_id == user.id).order_by(CircleInvitation.id)
    return [
        {
            "circle": slug,
            "people": row.uses,
            "left": row.uses_left,
            "made_at": iso_time(row.create_time),
            "ends_at": iso_time(row.end_time),
            "revoked_at": iso_time(row.revoke_time),
        }
        for row, slug in db.session.execute(rows)
    ]
