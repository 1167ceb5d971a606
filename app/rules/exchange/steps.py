"""The transitions of a drift: one table for each way in which a book is handed over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from app.rules.bean.transfer import BeanMove
from app.rules.exchange.drift import PROMISED, UNDER_WAY, Action, CopyState, DriftState, MailKind, Role, Way
from app.rules.exchange.refusals import AlreadyDone, NotYourMove


@dataclass(frozen=True, slots=True)
class Transition:
    """The effects of an action: the new state, and what happens to beans, copy and mail."""

    to: DriftState
    beans: BeanMove | None = None
    copy: CopyState | None = None
    mails: tuple[tuple[Role, MailKind], ...] = ()
    can_be_undone: bool = False
    """Whoever takes the step can take it back for some minutes, and beans and copy wait for that; see `undo`."""
    absent: Role | None = None
    """The side that did not come and did not answer, which is counted."""


Steps = dict[tuple[DriftState | None, Action, Role], Transition]
"""Transitions by (state, action, role)."""


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
_SAID_TO_BE_THERE = replace(_ARRIVED, can_be_undone=True)
_GIVER_GONE = Transition(_S.REJECTED, _RETURN, CopyState.WITHDRAWN, ((_R.ASKER, _M.REJECTED),))
_STOPPED = replace(_GIVER_GONE, copy=_HIDDEN)

_CANCELLED = Transition(_S.CANCELLED, _RETURN, _OPEN, ((_R.ASKER, _M.CANCELLED),), can_be_undone=True)
_ASSUMED = Transition(_S.RECEIVED, _PAY, _GIVEN, ((_R.GIVER, _M.RECEIVED), (_R.ASKER, _M.ASSUMED_RECEIVED)))
_MISSED = Transition(_S.MISSING, _RETURN, _GIVEN, ((_R.GIVER, _M.MISSING),))
_STILL_ON = Transition(_S.ACCEPTED, mails=((_R.ASKER, _M.STILL_ON), (_R.GIVER, _M.STILL_ON)))
_NOT_MET = Transition(_S.EXPIRED, _RETURN, _OPEN, ((_R.ASKER, _M.NOT_MET), (_R.GIVER, _M.NOT_MET)))

IN_EVERY_WAY: Steps = {
    (None, _A.ASK, _R.ASKER): Transition(_S.WAITING, _HOLD, CopyState.RESERVED, ((_R.GIVER, _M.ASKED),)),
    (_S.WAITING, _A.REJECT, _R.GIVER): Transition(
        _S.REJECTED, _RETURN, _OPEN, ((_R.ASKER, _M.REJECTED),), can_be_undone=True
    ),
    (_S.WAITING, _A.REDRAW, _R.ASKER): _REDRAWN,
    (_S.WAITING, _A.LAPSE, _R.CLOCK): _LAPSED,
    (_S.WAITING, _A.LEAVE, _R.ASKER): _REDRAWN,
    (_S.WAITING, _A.LEAVE, _R.GIVER): _GIVER_GONE,
    (_S.WAITING, _A.STOP, _R.ASKER): _REDRAWN,
    (_S.WAITING, _A.STOP, _R.GIVER): _STOPPED,
    (_S.WAITING, _A.CALL_HOME, _R.CLOCK): _GIVER_GONE,
    (_S.ACCEPTED, _A.REDRAW, _R.ASKER): _REDRAWN,
    (_S.ACCEPTED, _A.CANCEL, _R.GIVER): _CANCELLED,
    (_S.ACCEPTED, _A.WITHDRAW, _R.GIVER): replace(_CANCELLED, copy=CopyState.WITHDRAWN),
    (_S.ACCEPTED, _A.LEAVE, _R.ASKER): _REDRAWN,
    (_S.ACCEPTED, _A.LEAVE, _R.GIVER): _GIVER_GONE,
    (_S.ACCEPTED, _A.STOP, _R.ASKER): _REDRAWN,
    (_S.ACCEPTED, _A.STOP, _R.GIVER): _STOPPED,
    (_S.MAILED, _A.RECEIVED, _R.ASKER): _SAID_TO_BE_THERE,
    (_S.MAILED, _A.RECEIVED, _R.CLOCK): _ASSUMED,
    (_S.MAILED, _A.LEAVE, _R.ASKER): _ARRIVED,
    (_S.MISSING, _A.RECEIVED, _R.ASKER): Transition(_S.RECEIVED, BeanMove.HOLD_LATE, mails=((_R.GIVER, _M.RECEIVED),)),
}
"""The transitions that do not depend on how the book is handed over."""

_KEPT = Transition(_S.RECEIVED, _PAY, _GIVEN, ((_R.GIVER, _M.LOAN_NOT_RETURNED),))
_RETURNED = Transition(_S.RETURNED, _RETURN, _OPEN, ((_R.ASKER, _M.LOAN_ENDED),), can_be_undone=True)

ON_LOAN: Steps = {
    (_S.LENT, _A.REMIND, _R.CLOCK): Transition(_S.LENT, mails=((_R.ASKER, _M.LOAN_REMINDER),)),
    (_S.LENT, _A.EXTEND, _R.ASKER): Transition(_S.LENT, mails=((_R.GIVER, _M.LOAN_EXTENDED),)),
    (_S.LENT, _A.GIVE_BACK, _R.ASKER): Transition(
        _S.GIVEN_BACK, mails=((_R.GIVER, _M.LOAN_GIVEN_BACK),), can_be_undone=True
    ),
    (_S.LENT, _A.RETURNED, _R.GIVER): _RETURNED,
    (_S.LENT, _A.LOST, _R.ASKER): Transition(_S.LOST, _PAY, _GIVEN, ((_R.GIVER, _M.LOAN_LOST),)),
    (_S.LENT, _A.LOST, _R.GIVER): Transition(_S.LOST, _RETURN, _GIVEN, ((_R.ASKER, _M.LOAN_FORGIVEN),)),
    (_S.LENT, _A.KEEP, _R.CLOCK): replace(_KEPT, mails=(*_KEPT.mails, (_R.ASKER, _M.LOAN_KEPT))),
    (_S.LENT, _A.GO_ON, _R.CLOCK): Transition(_S.RETURNED, _RETURN, mails=((_R.ASKER, _M.LOAN_PASSED_ON),)),
    (_S.LENT, _A.LOST, _R.CLOCK): Transition(_S.LOST, _PAY, _GIVEN, ((_R.GIVER, _M.LOAN_LOST),)),
    (None, _A.GO_ON, _R.CLOCK): Transition(
        _S.LENT, _HOLD, mails=((_R.GIVER, _M.LOAN_WENT_ON), (_R.ASKER, _M.LOAN_TAKEN_ON))
    ),
    (_S.LENT, _A.LEAVE, _R.ASKER): _KEPT,
    (_S.LENT, _A.LEAVE, _R.GIVER): Transition(_S.RECEIVED, _RETURN, _GIVEN, ((_R.ASKER, _M.LENDER_LEFT),)),
    (_S.GIVEN_BACK, _A.RETURNED, _R.GIVER): _RETURNED,
    (_S.GIVEN_BACK, _A.OBJECT, _R.GIVER): Transition(_S.LENT, mails=((_R.ASKER, _M.LOAN_NOT_BACK),)),
    (_S.GIVEN_BACK, _A.REMIND, _R.CLOCK): Transition(_S.GIVEN_BACK, mails=((_R.GIVER, _M.LOAN_GIVEN_BACK),)),
    (_S.GIVEN_BACK, _A.RETURNED, _R.CLOCK): replace(
        _RETURNED, mails=(*_RETURNED.mails, (_R.GIVER, _M.LOAN_ASSUMED_BACK)), can_be_undone=False
    ),
    (_S.GIVEN_BACK, _A.LEAVE, _R.ASKER): _KEPT,
    (_S.GIVEN_BACK, _A.LEAVE, _R.GIVER): Transition(
        _S.RETURNED, _RETURN, CopyState.WITHDRAWN, ((_R.ASKER, _M.LOAN_ENDED),)
    ),
}
"""The transitions of a book that is lent, from its arrival on: `lent` says how it gets there.

A borrower who leaves may have the book or not: the lender, who has no one left to ask, gets the bean.
"""

_ON_ARRIVAL = {_M.RECEIVED: _M.LENT, _M.HANDED_OVER: _M.BORROWED, _M.ASSUMED_RECEIVED: _M.BORROWED}


def lent(state: DriftState | None, action: Action, step: Transition) -> Transition:
    """Return what a step does if the book is lent: one that arrives is with its borrower, and the bean stays held.

    One that arrives after it was reported missing is not lent any more, nor one whose borrower leaves.
    """
    if step.to is not _S.RECEIVED or state not in PROMISED or action is _A.LEAVE:
        return step
    return replace(step, to=_S.LENT, beans=None, copy=None, mails=tuple((r, _ON_ARRIVAL[m]) for r, m in step.mails))


def passed_on(state: DriftState | None, action: Action, step: Transition) -> Transition:
    """Return what a step does if a borrower hands the book on: one that arrives is lent by its lender from then on.

    The bean goes back to the asker, and is held for that loan instead. What `lent` leaves as it is stays so here.
    """
    if step.to is not _S.RECEIVED or state not in PROMISED or action is _A.LEAVE:
        return step
    return replace(step, to=_S.PASSED_ON, beans=_RETURN, copy=CopyState.WITHDRAWN, mails=())


BY_POST: Steps = {
    (_S.WAITING, _A.ACCEPT, _R.GIVER): Transition(_S.ACCEPTED, mails=((_R.ASKER, _M.ACCEPTED),)),
    (_S.ACCEPTED, _A.MAILED, _R.GIVER): Transition(_S.MAILED, mails=((_R.ASKER, _M.MAILED),), can_be_undone=True),
    (_S.ACCEPTED, _A.LAPSE, _R.CLOCK): _LAPSED,
    **IN_EVERY_WAY,
    **ON_LOAN,
    (_S.MAILED, _A.REMIND, _R.CLOCK): Transition(_S.MAILED, mails=((_R.ASKER, _M.REMINDER),)),
    (_S.MAILED, _A.MISSING, _R.ASKER): _MISSED,
}
"""The transitions of a book that is sent by post."""

NO_GIVER: Steps = {
    (_S.ACCEPTED, _A.ABSENT, _R.ASKER): Transition(_S.NO_GIVER, mails=((_R.GIVER, _M.NO_GIVER),)),
    (_S.NO_GIVER, _A.OBJECT, _R.GIVER): _STILL_ON,
    (_S.NO_GIVER, _A.REDRAW, _R.ASKER): _REDRAWN,
    (_S.NO_GIVER, _A.NO_SHOW, _R.CLOCK): Transition(
        _S.EXPIRED, _RETURN, _HIDDEN, ((_R.ASKER, _M.NO_SHOW), (_R.GIVER, _M.NOT_HEARD)), absent=_R.GIVER
    ),
    (_S.NO_GIVER, _A.LEAVE, _R.ASKER): _REDRAWN,
    (_S.NO_GIVER, _A.LEAVE, _R.GIVER): _GIVER_GONE,
    (_S.NO_GIVER, _A.STOP, _R.ASKER): _REDRAWN,
    (_S.NO_GIVER, _A.STOP, _R.GIVER): _STOPPED,
}
"""The asker says that the giver did not come, or did not leave the book: who objects lets the exchange go on."""

NO_ASKER: Steps = {
    (_S.ACCEPTED, _A.ABSENT, _R.GIVER): Transition(_S.NO_ASKER, mails=((_R.ASKER, _M.NO_ASKER),)),
    (_S.NO_ASKER, _A.OBJECT, _R.ASKER): _STILL_ON,
    (_S.NO_ASKER, _A.REDRAW, _R.ASKER): _REDRAWN,
    (_S.NO_ASKER, _A.NO_SHOW, _R.CLOCK): Transition(
        _S.EXPIRED, _RETURN, _OPEN, ((_R.GIVER, _M.NO_SHOW), (_R.ASKER, _M.NOT_HEARD)), absent=_R.ASKER
    ),
    (_S.NO_ASKER, _A.LEAVE, _R.ASKER): _REDRAWN,
    (_S.NO_ASKER, _A.LEAVE, _R.GIVER): _GIVER_GONE,
    (_S.NO_ASKER, _A.STOP, _R.ASKER): _REDRAWN,
    (_S.NO_ASKER, _A.STOP, _R.GIVER): _STOPPED,
}
"""The giver says that the asker did not come."""

_HANDED_OVER = replace(_SAID_TO_BE_THERE, mails=((_R.ASKER, _M.HANDED_OVER),))

BY_MEETING: Steps = {
    (_S.WAITING, _A.ACCEPT, _R.GIVER): Transition(_S.ACCEPTED, mails=((_R.ASKER, _M.WILL_MEET),)),
    (_S.ACCEPTED, _A.HAND_OVER, _R.GIVER): _HANDED_OVER,
    (_S.ACCEPTED, _A.MET, _R.GIVER): Transition(_S.MAILED, mails=((_R.ASKER, _M.MET),), can_be_undone=True),
    (_S.ACCEPTED, _A.RECEIVED, _R.ASKER): _ARRIVED,
    (_S.ACCEPTED, _A.REMIND, _R.CLOCK): Transition(
        _S.ACCEPTED, mails=((_R.ASKER, _M.MEETING_REMINDER), (_R.GIVER, _M.MEETING_REMINDER))
    ),
    (_S.ACCEPTED, _A.LAPSE, _R.CLOCK): _NOT_MET,
    **IN_EVERY_WAY,
    **ON_LOAN,
    (_S.MAILED, _A.OBJECT, _R.ASKER): _MISSED,
    **NO_GIVER,
    (_S.NO_GIVER, _A.HAND_OVER, _R.GIVER): _HANDED_OVER,
    (_S.NO_GIVER, _A.RECEIVED, _R.ASKER): _ARRIVED,
    **NO_ASKER,
    (_S.NO_ASKER, _A.HAND_OVER, _R.GIVER): _HANDED_OVER,
    (_S.NO_ASKER, _A.RECEIVED, _R.ASKER): _ARRIVED,
}
"""The transitions of a book that is handed over in person.

Who says that they have the book takes nothing back: it is the only word about it until the giver has said theirs.
"""

_LEFT = Transition(_S.MAILED, mails=((_R.ASKER, _M.LEFT),), can_be_undone=True)

BY_PLACE: Steps = {
    (_S.WAITING, _A.ACCEPT, _R.GIVER): Transition(_S.ACCEPTED, mails=((_R.ASKER, _M.WILL_LEAVE),)),
    (_S.ACCEPTED, _A.LEFT, _R.GIVER): _LEFT,
    (_S.ACCEPTED, _A.LAPSE, _R.CLOCK): _LAPSED,
    **IN_EVERY_WAY,
    **ON_LOAN,
    (_S.MAILED, _A.REMIND, _R.CLOCK): Transition(_S.MAILED, mails=((_R.ASKER, _M.PLACE_REMINDER),)),
    (_S.MAILED, _A.MISSING, _R.ASKER): _MISSED,
    (_S.NO_GIVER, _A.LEFT, _R.GIVER): _LEFT,
    **NO_GIVER,
}
"""The transitions of a book that is left at a meeting place."""

STEPS: dict[Way, Steps] = {Way.POST: BY_POST, Way.MEET: BY_MEETING, Way.PLACE: BY_PLACE}
"""The transitions of each way; everything else is refused."""

MAY_ARRIVE = UNDER_WAY | {
    state for steps in STEPS.values() for (state, *_), step in steps.items() if state and step.to is DriftState.RECEIVED
}

UNDOABLE = {action for steps in STEPS.values() for (_, action, _), step in steps.items() if step.can_be_undone}
"""The actions that can be taken back, at least in some states."""


def transition_for(
    state: DriftState | None, action: Action, role: Role, way: Way, is_loan: bool = False, goes_on: bool = False
) -> Transition:
    """Return the transition for ``action`` by ``role`` on a drift in ``state``.

    ``is_loan``: its book is lent; ``goes_on``: and its borrower hands it on.

    Raises `NotYourMove` when that role can never do it, `AlreadyDone` when it cannot be done now.
    """
    step = STEPS[way].get((state, action, role))
    if step is not None:
        arrives = passed_on if goes_on else lent
        return arrives(state, action, step) if is_loan else step
    if not any((action, role) == key[1:] for key in STEPS[way]):
        raise NotYourMove(action=action, role=role)
    raise AlreadyDone(state=state, action=action)


@cache
def actions_of(state: DriftState, role: Role, way: Way) -> tuple[Action, ...]:
    """Return the actions open to a role on a drift in ``state``, in the order of the table."""
    steps = [action for (known, action, who) in STEPS[way] if (known, who) == (state, role)]
    return tuple(action for action in steps if action not in (Action.LEAVE, Action.STOP))


def ends_by_leaving(state: DriftState, role: Role, way: Way) -> bool:
    """Return whether a drift in ``state`` ends when this side closes the account."""
    return (state, Action.LEAVE, role) in STEPS[way]


def can_be_stopped(state: DriftState, way: Way) -> bool:
    """Return whether the people who run the site can end a drift in ``state``: until the book is on its way."""
    return (state, Action.STOP, Role.GIVER) in STEPS[way]


@cache
def clock_actions(state: DriftState, way: Way) -> tuple[Action, ...]:
    """Return the actions of the clock on a drift in ``state`` when a deadline has passed."""
    return tuple(action for (known, action, who) in STEPS[way] if (known, who) == (state, Role.CLOCK))
