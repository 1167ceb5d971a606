"""The words of a drift, and a table of what each of its states means; `steps` has the table of its transitions.

A drift is one exchange of one copy. Roles: the *asker* wants the book, the *giver* owns the copy, and
the *clock* acts when a deadline has passed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum


class Role(StrEnum):
    """Who acts on a drift."""

    ASKER = "asker"
    GIVER = "giver"
    CLOCK = "clock"


class DriftState(StrEnum):
    """The state of a drift."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    NO_ASKER = "no_asker"
    """The giver says that the asker did not come."""
    NO_GIVER = "no_giver"
    """The asker says that the giver did not come, or did not leave the book at its place."""
    MAILED = "mailed"
    """The giver says that the book is on its way to the asker, or in their hands."""
    RECEIVED = "received"
    MISSING = "missing"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    """The giver promised the book, and then could not hand it over."""


class Way(StrEnum):
    """How a book is handed over; the order is the one of pages."""

    POST = "post"
    MEET = "meet"
    """The two meet in person."""
    PLACE = "place"
    """The giver leaves the book at a meeting place, where the asker finds it."""


class Action(StrEnum):
    """What can be done to a drift; its history is a list of these."""

    ASK = "ask"
    ACCEPT = "accept"
    REJECT = "reject"
    REDRAW = "redraw"
    CANCEL = "cancel"
    """The giver cannot keep the promise; the copy is open again."""
    WITHDRAW = "withdraw"
    """The same, and the copy is off the list."""
    MAILED = "mailed"
    HAND_OVER = "hand_over"
    """The giver enters the code that the asker shows."""
    MET = "met"
    """The giver says that the two have met."""
    LEFT = "left"
    """The giver says that the book is at the place."""
    ABSENT = "absent"
    """One side says that the other did not come, or did not leave the book."""
    RECEIVED = "received"
    MISSING = "missing"
    OBJECT = "object"
    """The other side says that what was said is not so."""
    REMIND = "remind"
    LAPSE = "lapse"
    NO_SHOW = "no_show"
    """Whoever did not come has not answered either."""
    LEAVE = "leave"
    """A reader closes the account."""
    STOP = "stop"
    """The people who run the site end it, because a reader is suspended or the copy is taken off."""
    ADDRESS = "address"
    """The asker changes the address; no step, as the state stays."""
    UNDO = "undo"
    """Whoever took the last step takes it back; see `undo`."""


class CopyState(StrEnum):
    """The state of a copy, which is one row of a reader's gift list."""

    OPEN = "open"
    RESERVED = "reserved"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"
    """Its giver did not respond; nobody can ask for it until the giver lists it again."""
    HELD = "held"
    """The people who run the site have taken it off; nobody can ask for it until they allow it again."""


class MailKind(StrEnum):
    """The mails of the exchange."""

    ASKED = "drift_asked"
    ACCEPTED = "drift_accepted"
    WILL_MEET = "drift_will_meet"
    MEETING_REMINDER = "meeting_reminder"
    HANDED_OVER = "drift_handed_over"
    MET = "drift_met"
    NOT_MET = "drift_not_met"
    WILL_LEAVE = "drift_will_leave"
    LEFT = "drift_left"
    PLACE_REMINDER = "place_reminder"
    NO_ASKER = "drift_no_asker"
    NO_GIVER = "drift_no_giver"
    STILL_ON = "drift_still_on"
    NO_SHOW = "drift_no_show"
    """To the side that waited."""
    NOT_HEARD = "drift_not_heard"
    """To the side that did not answer."""
    REJECTED = "drift_rejected"
    WITHDRAWN = "drift_withdrawn"
    CANCELLED = "drift_cancelled"
    ADDRESS_CHANGED = "drift_address_changed"
    EXPIRED = "drift_expired"
    COPY_HIDDEN = "copy_hidden"
    MAILED = "drift_mailed"
    REMINDER = "drift_reminder"
    RECEIVED = "drift_received"
    ARRIVED = "drift_arrived"
    """The same, while the giver has not been paid yet."""
    ASSUMED_RECEIVED = "drift_assumed_received"
    MISSING = "drift_missing"
    WRITTEN = "drift_written"
    """The other side has written a message."""
    OFFERED = "wish_offered"
    OFFER_ENDED = "wish_offer_ended"


@dataclass(frozen=True, slots=True)
class StateFacts:
    """What a state means; pages, deadlines, SQL and the closing of accounts read it here."""

    turn: Role | None = None
    """Whose turn it is."""
    deadline: str | None = None
    """The field of `Deadlines` that says for how long a drift may be in this state."""
    reminders: str | None = None
    """The field of `Deadlines` that says when in this state the clock reminds the readers."""
    is_under_way: bool = False
    """A copy is reserved and a bean held for it."""
    is_promised: bool = False
    """The giver has promised a book that has not arrived."""
    shows_address: bool = False
    """The giver sees the asker's address, which is erased some time after the end."""
    came_to_nothing: bool = False
    """It ended before the book was mailed."""


_S, _R = DriftState, Role

STATES: dict[DriftState, StateFacts] = {
    _S.WAITING: StateFacts(_R.GIVER, "answer_days", is_under_way=True),
    _S.ACCEPTED: StateFacts(_R.GIVER, "mail_days", is_under_way=True, is_promised=True, shows_address=True),
    _S.NO_ASKER: StateFacts(_R.ASKER, "objection_hours", is_under_way=True, is_promised=True, shows_address=True),
    _S.NO_GIVER: StateFacts(_R.GIVER, "objection_hours", is_under_way=True, is_promised=True, shows_address=True),
    _S.MAILED: StateFacts(
        _R.ASKER, "receipt_days", "reminder_days", is_under_way=True, is_promised=True, shows_address=True
    ),
    _S.RECEIVED: StateFacts(shows_address=True),
    _S.MISSING: StateFacts(shows_address=True),
    _S.REJECTED: StateFacts(came_to_nothing=True),
    _S.WITHDRAWN: StateFacts(came_to_nothing=True),
    _S.EXPIRED: StateFacts(came_to_nothing=True),
    _S.CANCELLED: StateFacts(came_to_nothing=True),
}
"""What each state means."""

BY_WAY: dict[tuple[DriftState, Way], StateFacts] = {
    (_S.ACCEPTED, Way.MEET): replace(STATES[_S.ACCEPTED], deadline="meet_days", reminders="meet_reminder_days"),
    (_S.MAILED, Way.MEET): replace(STATES[_S.MAILED], deadline="objection_hours", reminders=None),
    (_S.MAILED, Way.PLACE): replace(STATES[_S.MAILED], deadline="place_days", reminders="place_reminder_days"),
}
"""States that mean something else in one way."""


def facts_of(state: DriftState, way: Way) -> StateFacts:
    """Return what a state means for a drift of this way."""
    return BY_WAY.get((state, way), STATES[state])


def _states(fact: Callable[[StateFacts], bool]) -> frozenset[DriftState]:
    return frozenset(state for state, facts in STATES.items() if fact(facts))


UNDER_WAY = _states(lambda facts: facts.is_under_way)
OVER = _states(lambda facts: not facts.is_under_way)
CAME_TO_NOTHING = _states(lambda facts: facts.came_to_nothing)
BEFORE_MAILING = frozenset({DriftState.WAITING, DriftState.ACCEPTED})
"""The states in which the asker can still change the address."""
PROMISED = _states(lambda facts: facts.is_promised)
TO_HAND_OVER = PROMISED - {DriftState.MAILED}
"""States of a book that its giver still has and has promised."""
ADDRESS_SHOWN = _states(lambda facts: facts.shows_address)


def states_of_turn(role: Role) -> frozenset[DriftState]:
    """Return the states in which it is this side's turn."""
    return _states(lambda facts: facts.turn is role)
