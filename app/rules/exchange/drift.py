"""The state machine of a drift: a table of transitions for each way, and beside it a table of what each state means.

A drift is one exchange of one copy. Roles: the *asker* wants the book, the *giver* owns the copy, and
the *clock* acts when a deadline has passed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from app.rules.bean.transfer import BeanMove
from app.rules.exchange.refusals import AlreadyDone, NotYourMove


class Role(StrEnum):
    """Who acts on a drift."""

    ASKER = "asker"
    GIVER = "giver"
    CLOCK = "clock"


class DriftState(StrEnum):
    """The state of a drift."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    MAILED = "mailed"
    RECEIVED = "received"
    MISSING = "missing"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Way(StrEnum):
    """How a book is handed over."""

    POST = "post"


class Action(StrEnum):
    """What can be done to a drift; its history is a list of these."""

    ASK = "ask"
    ACCEPT = "accept"
    REJECT = "reject"
    REDRAW = "redraw"
    MAILED = "mailed"
    RECEIVED = "received"
    MISSING = "missing"
    REMIND = "remind"
    LAPSE = "lapse"
    LEAVE = "leave"
    """A reader closes the account."""


class CopyState(StrEnum):
    """The state of a copy, which is one row of a reader's gift list."""

    OPEN = "open"
    RESERVED = "reserved"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"
    """Its giver did not respond; nobody can ask for it until the giver lists it again."""


class MailKind(StrEnum):
    """The mails of the exchange."""

    ASKED = "drift_asked"
    ACCEPTED = "drift_accepted"
    REJECTED = "drift_rejected"
    WITHDRAWN = "drift_withdrawn"
    EXPIRED = "drift_expired"
    COPY_HIDDEN = "copy_hidden"
    MAILED = "drift_mailed"
    REMINDER = "drift_reminder"
    RECEIVED = "drift_received"
    ARRIVED = "drift_arrived"
    """The same, while the giver has not been paid yet."""
    ASSUMED_RECEIVED = "drift_assumed_received"
    MISSING = "drift_missing"
    OFFERED = "wish_offered"
    OFFER_ENDED = "wish_offer_ended"


@dataclass(frozen=True, slots=True)
class Transition:
    """The effects of an action: the new state, and what happens to beans, copy and mail."""

    to: DriftState
    beans: BeanMove | None = None
    copy: CopyState | None = None
    mails: tuple[tuple[Role, MailKind], ...] = ()


Steps = dict[tuple[DriftState | None, Action, Role], Transition]
"""Transitions by (state, action, role)."""


@dataclass(frozen=True, slots=True)
class StateFacts:
    """What a state means; pages, deadlines, SQL and the closing of accounts read it here."""

    turn: Role | None = None
    """Whose turn it is."""
    deadline: str | None = None
    """The field of `Deadlines` that says after how many days in this state the clock acts."""
    is_under_way: bool = False
    """A copy is reserved and a bean held for it."""
    is_promised: bool = False
    """The giver has promised a book that has not arrived."""
    shows_address: bool = False
    """The giver sees the asker's address, which is erased some time after the end."""
    came_to_nothing: bool = False
    """It ended before the book was mailed."""


_S, _A, _R, _M = DriftState, Action, Role, MailKind
_HOLD, _RETURN, _PAY = BeanMove.HOLD, BeanMove.RETURN, BeanMove.PAY
_OPEN, _GIVEN, _HIDDEN = CopyState.OPEN, CopyState.GIVEN, CopyState.HIDDEN

_LAPSED = Transition(
    _S.EXPIRED,
    _RETURN,
    _HIDDEN,
    ((_R.ASKER, _M.EXPIRED), (_R.GIVER, _M.COPY_HIDDEN)),
)
_REDRAWN = Transition(_S.WITHDRAWN, _RETURN, _OPEN, ((_R.GIVER, _M.WITHDRAWN),))
_ARRIVED = Transition(_S.RECEIVED, _PAY, _GIVEN, ((_R.GIVER, _M.RECEIVED),))
_GIVER_GONE = Transition(_S.REJECTED, _RETURN, CopyState.WITHDRAWN, ((_R.ASKER, _M.REJECTED),))

BY_POST: Steps = {
    (None, _A.ASK, _R.ASKER): Transition(_S.WAITING, _HOLD, CopyState.RESERVED, ((_R.GIVER, _M.ASKED),)),
    (_S.WAITING, _A.ACCEPT, _R.GIVER): Transition(_S.ACCEPTED, mails=((_R.ASKER, _M.ACCEPTED),)),
    (_S.WAITING, _A.REJECT, _R.GIVER): Transition(_S.REJECTED, _RETURN, _OPEN, ((_R.ASKER, _M.REJECTED),)),
    (_S.WAITING, _A.REDRAW, _R.ASKER): _REDRAWN,
    (_S.WAITING, _A.LAPSE, _R.CLOCK): _LAPSED,
    (_S.WAITING, _A.LEAVE, _R.ASKER): _REDRAWN,
    (_S.WAITING, _A.LEAVE, _R.GIVER): _GIVER_GONE,
    (_S.ACCEPTED, _A.REDRAW, _R.ASKER): _REDRAWN,
    (_S.ACCEPTED, _A.MAILED, _R.GIVER): Transition(_S.MAILED, mails=((_R.ASKER, _M.MAILED),)),
    (_S.ACCEPTED, _A.LAPSE, _R.CLOCK): _LAPSED,
    (_S.ACCEPTED, _A.LEAVE, _R.ASKER): _REDRAWN,
    (_S.ACCEPTED, _A.LEAVE, _R.GIVER): _GIVER_GONE,
    (_S.MAILED, _A.REMIND, _R.CLOCK): Transition(_S.MAILED, mails=((_R.ASKER, _M.REMINDER),)),
    (_S.MAILED, _A.RECEIVED, _R.ASKER): _ARRIVED,
    (_S.MAILED, _A.RECEIVED, _R.CLOCK): Transition(
        _S.RECEIVED,
        _PAY,
        _GIVEN,
        ((_R.GIVER, _M.RECEIVED), (_R.ASKER, _M.ASSUMED_RECEIVED)),
    ),
    (_S.MAILED, _A.LEAVE, _R.ASKER): _ARRIVED,
    (_S.MAILED, _A.MISSING, _R.ASKER): Transition(_S.MISSING, _RETURN, _GIVEN, ((_R.GIVER, _M.MISSING),)),
    (_S.MISSING, _A.RECEIVED, _R.ASKER): Transition(_S.RECEIVED, BeanMove.HOLD_LATE, mails=((_R.GIVER, _M.RECEIVED),)),
}
"""The transitions of a book that is sent by post."""

STEPS: dict[Way, Steps] = {Way.POST: BY_POST}
"""The transitions of each way; everything else is refused."""

STATES: dict[DriftState, StateFacts] = {
    _S.WAITING: StateFacts(_R.GIVER, "answer_days", is_under_way=True),
    _S.ACCEPTED: StateFacts(_R.GIVER, "mail_days", is_under_way=True, is_promised=True, shows_address=True),
    _S.MAILED: StateFacts(_R.ASKER, "receipt_days", is_under_way=True, is_promised=True, shows_address=True),
    _S.RECEIVED: StateFacts(shows_address=True),
    _S.MISSING: StateFacts(shows_address=True),
    _S.REJECTED: StateFacts(came_to_nothing=True),
    _S.WITHDRAWN: StateFacts(came_to_nothing=True),
    _S.EXPIRED: StateFacts(came_to_nothing=True),
}
"""What each state means; the tables above say how it is left."""


def _states(fact: Callable[[StateFacts], bool]) -> frozenset[DriftState]:
    return frozenset(state for state, facts in STATES.items() if fact(facts))


UNDER_WAY = _states(lambda facts: facts.is_under_way)
OVER = _states(lambda facts: not facts.is_under_way)
CAME_TO_NOTHING = _states(lambda facts: facts.came_to_nothing)
PROMISED = _states(lambda facts: facts.is_promised)
ADDRESS_SHOWN = _states(lambda facts: facts.shows_address)
MAY_ARRIVE = UNDER_WAY | {
    state for steps in STEPS.values() for (state, *_), step in steps.items() if state and step.to is DriftState.RECEIVED
}


def states_of_turn(role: Role) -> frozenset[DriftState]:
    """Return the states in which it is this side's turn."""
    return _states(lambda facts: facts.turn is role)


def transition_for(state: DriftState | None, action: Action, role: Role, way: Way = Way.POST) -> Transition:
    """Return the transition for ``action`` by ``role`` on a drift in ``state``.

    Raises `NotYourMove` when that role can never do it, `AlreadyDone` when it cannot be done now.
    """
    step = STEPS[way].get((state, action, role))
    if step is not None:
        return step
    if not any((action, role) == key[1:] for key in STEPS[way]):
        raise NotYourMove(action=action, role=role)
    raise AlreadyDone(state=state, action=action)


@cache
def actions_of(state: DriftState, role: Role, way: Way = Way.POST) -> tuple[Action, ...]:
    """Return the actions open to a role on a drift in ``state``, in the order of the table."""
    steps = [action for (known, action, who) in STEPS[way] if (known, who) == (state, role)]
    return tuple(action for action in steps if action is not Action.LEAVE)


def ends_by_leaving(state: DriftState, role: Role, way: Way = Way.POST) -> bool:
    """Return whether a drift in ``state`` ends when this side closes the account."""
    return (state, Action.LEAVE, role) in STEPS[way]


@cache
def clock_actions(state: DriftState, way: Way = Way.POST) -> tuple[Action, ...]:
    """Return the actions of the clock on a drift in ``state`` when a deadline has passed."""
    return tuple(action for (known, action, who) in STEPS[way] if (known, who) == (state, Role.CLOCK))
