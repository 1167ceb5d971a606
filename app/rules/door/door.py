"""The doors of the site, and the refusals of who knocks. Times are in Unix seconds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.rules.clock import DAY
from app.rules.refusal import Refusal

WORDS_LENGTH = (10, 500)
"""Fewest and most characters of what people write about themselves to be let in."""
REFUSED_KEPT_DAYS = 30
"""Days after which an account that was turned away is erased."""


class Door(StrEnum):
    """Who can register."""

    OPEN = "open"
    INVITE = "invite"
    """Who has the link of an invitation."""
    APPROVAL = "approval"
    """Everybody, but they wait until a moderator lets them in."""


class ArrivalState(StrEnum):
    """How far somebody has come who did not find the door open."""

    INVITED = "invited"
    """Has registered with an invitation, and not confirmed the address yet."""
    ASKING = "asking"
    IN = "in"
    REFUSED = "refused"


@dataclass(eq=False)
class TooManyInvitations(Refusal):
    """A reader can have so many open invitations at a time."""

    most: int


class InvitationGone(Refusal):
    """The invitation never was one, or it is used up, revoked or too old."""

    status = 403


@dataclass(eq=False)
class NotLetInYet(Refusal):
    """The reader, who has given the password, waits to be let in, or was turned away."""

    status = 403
    reader_id: int


class DecidedAlready(Refusal):
    """Somebody else of the desk has decided about the reader at the door."""


def ensure_may_invite(is_open: int, most: int) -> None:
    """Raise `TooManyInvitations` if a reader has `most` open ones already."""
    if is_open >= most:
        raise TooManyInvitations(most)


def is_usable(uses_left: int, end_time: int, revoke_time: int | None, now: int) -> bool:
    """Return whether an invitation lets somebody register at `now`."""
    return uses_left > 0 and now < end_time and revoke_time is None


def erased_from(now: int) -> int:
    """Return the time before which an account that was turned away is erased at `now`."""
    return now - REFUSED_KEPT_DAYS * DAY
