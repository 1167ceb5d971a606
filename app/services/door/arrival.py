"""How accounts come in: by the door that the site had when they registered. Times are in Unix seconds."""

from flask import current_app
from sqlalchemy import delete, select, update

from app.models.base import db
from app.models.encrypted import seal
from app.models.user import Arrival, Invitation, User
from app.rules.door.door import ArrivalState, Door
from app.services.door.invitation import get_usable, take_use
from app.services.transaction import changed_rows


def current_door() -> Door:
    """Return who can register now."""
    return Door(current_app.config["DOOR"])


def find_way_in(token: str, now: int) -> Invitation | None:
    """Return the invitation by which somebody registers; None if the site asks for none.

    :raises InvitationGone: it asks for one, and this is none.
    """
    return get_usable(token, now) if current_door() is Door.INVITE else None


def note_arrival(user_id: int, invitation: Invitation | None, words: str, now: int) -> None:
    """Store how an account that has just registered is to come in; inside a transaction."""
    forget_arrival(user_id)
    door = current_door()
    if door is Door.OPEN:
        return
    state = ArrivalState.INVITED if invitation else ArrivalState.ASKING
    values = {"state": state, "state_time": now, "invitation_id": invitation.id if invitation else None}
    words = words if door is Door.APPROVAL else ""
    db.session.add(Arrival(user_id=user_id, words=seal(words), create_time=now, **values))


def pass_door(user: User, now: int) -> bool:
    """Return whether a reader who has just confirmed the address is in; who is not waits from now on.

    Inside a transaction.

    :raises InvitationGone: the invitation was used up by others, or revoked.
    """
    arrival = find_arrival(user.id)
    if arrival is None or arrival.state == ArrivalState.IN:
        return True
    if arrival.state == ArrivalState.INVITED:
        take_use(arrival.invitation_id)
        return True
    user.waits_since = now
    return False


def find_arrival(user_id: int) -> Arrival | None:
    """Return how an account came in, or waits to; None if it found the door open."""
    return db.session.scalar(
        select(Arrival).where(Arrival.user_id == user_id).execution_options(populate_existing=True)
    )


def note_in(user: User, now: int) -> None:
    """Store that an account is in; inside a transaction."""
    user.waits_since = None
    waiting = update(Arrival).where(Arrival.user_id == user.id, Arrival.state != ArrivalState.IN)
    changed_rows(waiting.values(state=ArrivalState.IN, state_time=now))


def forget_arrival(user_id: int) -> None:
    """Erase how an account came in; inside a transaction."""
    changed_rows(delete(Arrival).where(Arrival.user_id == user_id))
