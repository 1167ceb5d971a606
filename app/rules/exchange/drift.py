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
    LENT = "lent"
    """The asker has the book, and is to give it back."""
    GIVEN_BACK = "given_back"
    """The asker says that the giver has it back."""
    RETURNED = "returned"
    PASSED_ON = "passed_on"
    """A borrowed book has got from its borrower to the next one, whose loan of its lender's begins."""
    LOST = "lost"
    """One side says that a book that was lent is lost."""
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
    EXTEND = "extend"
    """The asker keeps a book that is lent for longer."""
    GIVE_BACK = "give_back"
    """The asker says that the giver has it back."""
    RETURNED = "returned"
    """The giver has it back."""
    GO_ON = "go_on"
    """A loan ends, or begins, because a borrowed book has got to the next reader."""
    CALL_HOME = "call_home"
    """The lender does not let a book go on to the next reader who has asked for it."""
    LOST = "lost"
    KEEP = "keep"
    """A book that was lent did not come back, and is the asker's now."""
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
    THANKED = "drift_thanked"
    """Who received the book has written a line of thanks."""
    COMPLAINED = "drift_complained"
    """Who received the book says that it is not as described."""
    BEAN_BACK = "drift_bean_back"
    DISAGREED = "drift_disagreed"
    COMPLAINT_PAID = "drift_complaint_paid"
    COMPLAINT_LEFT = "drift_complaint_left"
    LENT = "loan_begun"
    """To the lender, whose book has arrived."""
    BORROWED = "loan_received"
    """To the borrower, when somebody else says so."""
    LOAN_ASKED = "loan_asked"
    LOAN_MAILED = "loan_mailed"
    LOAN_MET = "loan_met"
    LOAN_ARRIVED = "loan_arrived"
    """The same as other mails, of a book that is lent: see `mails.OF_A_LOAN`."""
    LOAN_REMINDER = "loan_reminder"
    LOAN_EXTENDED = "loan_extended"
    LOAN_GIVEN_BACK = "loan_given_back"
    LOAN_NOT_BACK = "loan_not_back"
    LOAN_ENDED = "loan_ended"
    """To the borrower, who gets the bean back."""
    LOAN_ASSUMED_BACK = "loan_assumed_back"
    LOAN_KEPT = "loan_kept"
    """To the borrower, whose book it is now."""
    LOAN_NOT_RETURNED = "loan_not_returned"
    """The same, to the lender."""
    LOAN_LOST = "loan_lost"
    """To the lender, who gets the bean."""
    LOAN_FORGIVEN = "loan_forgiven"
    """To the borrower, who gets the bean back for a book that its lender calls lost."""
    LENDER_LEFT = "loan_lender_left"
    LOAN_PASSED_ON = "loan_passed_on"
    """To the borrower from whom a book has got to the next one, and who gets the bean back."""
    LOAN_WENT_ON = "loan_went_on"
    """The same, to the lender."""
    LOAN_TAKEN_ON = "loan_taken_on"
    """To the next borrower, who is told whose book it is."""
    OFFERED = "wish_offered"
    OFFER_ENDED = "wish_offer_ended"
    WANTED = "copy_wanted"
    """To the holder of a private copy that somebody waits for."""
    BEANS_ASLEEP = "beans_asleep"
    BEANS_BACK = "beans_back"
    FROM_POOL = "bean_from_pool"


OF_BEANS = (MailKind.BEANS_ASLEEP, MailKind.BEANS_BACK, MailKind.FROM_POOL)
"""What is about the reader's beans, and about no book."""


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
    is_on_loan: bool = False
    """The asker has the book, and the bean is held until it is back."""
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
    _S.LENT: StateFacts(
        _R.ASKER, "keep_days", "loan_reminder_days", is_under_way=True, shows_address=True, is_on_loan=True
    ),
    _S.GIVEN_BACK: StateFacts(
        _R.GIVER, "return_days", "return_reminder_days", is_under_way=True, shows_address=True, is_on_loan=True
    ),
    _S.RETURNED: StateFacts(shows_address=True),
    _S.PASSED_ON: StateFacts(shows_address=True),
    _S.LOST: StateFacts(shows_address=True),
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
ON_LOAN = _states(lambda facts: facts.is_on_loan)
BEFORE_MAILING = frozenset({DriftState.WAITING, DriftState.ACCEPTED})
"""The states in which the asker can still change the address."""
PROMISED = _states(lambda facts: facts.is_promised)
TO_HAND_OVER = PROMISED - {DriftState.MAILED}
"""States of a book that its giver still has and has promised."""
ADDRESS_SHOWN = _states(lambda facts: facts.shows_address)


def states_of_turn(role: Role) -> frozenset[DriftState]:
    """Return the states in which it is this side's turn."""
    return _states(lambda facts: facts.turn is role)
