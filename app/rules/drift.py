"""The life of a drift: one table says who may do what, when, and what follows from it.

A drift is one exchange of one copy. Roles: the *asker* wants the book, the *giver* owns the copy,
the *clock* acts when a deadline passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from app.rules.beans import BeanMove
from app.rules.refusals import AlreadyDone, NotYourMove


class Role(StrEnum):
    """Who acts on a drift."""

    ASKER = "asker"
    GIVER = "giver"
    CLOCK = "clock"


class DriftState(StrEnum):
    """Where a drift stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    MAILED = "mailed"
    RECEIVED = "received"
    MISSING = "missing"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Action(StrEnum):
    """What can be done to a drift; the history of a drift is a list of these."""

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
    """The reader closes the account."""


class CopyState(StrEnum):
    """Where a copy stands. A copy is one row on somebody's gift list."""

    OPEN = "open"
    RESERVED = "reserved"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"
    """Its giver was silent; nobody can ask for it until the giver brings it back."""


class MailKind(StrEnum):
    """Which letter a step of the exchange sends."""

    ASKED = "drift_asked"
    ACCEPTED = "drift_accepted"
    REJECTED = "drift_rejected"
    WITHDRAWN = "drift_withdrawn"
    EXPIRED = "drift_expired"
    COPY_HIDDEN = "copy_hidden"
    MAILED = "drift_mailed"
    REMINDER = "drift_reminder"
    RECEIVED = "drift_received"
    ASSUMED_RECEIVED = "drift_assumed_received"
    MISSING = "drift_missing"
    OFFERED = "wish_offered"
    OFFER_ENDED = "wish_offer_ended"


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from an action: the new state, and what becomes of beans, copy and mail."""

    to: DriftState
    beans: BeanMove | None = None
    copy: CopyState | None = None
    mails: tuple[tuple[Role, MailKind], ...] = ()


_S, _A, _R, _M = DriftState, Action, Role, MailKind
_HOLD, _RETURN, _PAY = BeanMove.HOLD, BeanMove.RETURN, BeanMove.PAY
_OPEN, _GIVEN, _HIDDEN = CopyState.OPEN, CopyState.GIVEN, CopyState.HIDDEN

_LAPSED = Step(
    _S.EXPIRED,
    _RETURN,
    _HIDDEN,
    ((_R.ASKER, _M.EXPIRED), (_R.GIVER, _M.COPY_HIDDEN)),
)
_REDRAWN = Step(_S.WITHDRAWN, _RETURN, _OPEN, ((_R.GIVER, _M.WITHDRAWN),))
_ARRIVED = Step(_S.RECEIVED, _PAY, _GIVEN, ((_R.GIVER, _M.RECEIVED),))
_GIVER_GONE = Step(_S.REJECTED, _RETURN, CopyState.WITHDRAWN, ((_R.ASKER, _M.REJECTED),))

STEPS: dict[tuple[DriftState | None, Action, Role], Step] = {
    (None, _A.ASK, _R.ASKER): Step(_S.WAITING, _HOLD, CopyState.RESERVED, ((_R.GIVER, _M.ASKED),)),
    (_S.WAITING, _A.ACCEPT, _R.GIVER): Step(_S.ACCEPTED, mails=((_R.ASKER, _M.ACCEPTED),)),
    (_S.WAITING, _A.REJECT, _R.GIVER): Step(_S.REJECTED, _RETURN, _OPEN, ((_R.ASKER, _M.REJECTED),)),
    (_S.WAITING, _A.REDRAW, _R.ASKER): _REDRAWN,
    (_S.WAITING, _A.LAPSE, _R.CLOCK): _LAPSED,
    (_S.WAITING, _A.LEAVE, _R.ASKER): _REDRAWN,
    (_S.WAITING, _A.LEAVE, _R.GIVER): _GIVER_GONE,
    (_S.ACCEPTED, _A.REDRAW, _R.ASKER): _REDRAWN,
    (_S.ACCEPTED, _A.MAILED, _R.GIVER): Step(_S.MAILED, mails=((_R.ASKER, _M.MAILED),)),
    (_S.ACCEPTED, _A.LAPSE, _R.CLOCK): _LAPSED,
    (_S.ACCEPTED, _A.LEAVE, _R.ASKER): _REDRAWN,
    (_S.ACCEPTED, _A.LEAVE, _R.GIVER): _GIVER_GONE,
    (_S.MAILED, _A.REMIND, _R.CLOCK): Step(_S.MAILED, mails=((_R.ASKER, _M.REMINDER),)),
    (_S.MAILED, _A.RECEIVED, _R.ASKER): _ARRIVED,
    (_S.MAILED, _A.RECEIVED, _R.CLOCK): Step(
        _S.RECEIVED,
        _PAY,
        _GIVEN,
        ((_R.GIVER, _M.RECEIVED), (_R.ASKER, _M.ASSUMED_RECEIVED)),
    ),
    (_S.MAILED, _A.LEAVE, _R.ASKER): _ARRIVED,
    (_S.MAILED, _A.MISSING, _R.ASKER): Step(_S.MISSING, _RETURN, _GIVEN, ((_R.GIVER, _M.MISSING),)),
    (_S.MISSING, _A.RECEIVED, _R.ASKER): Step(_S.RECEIVED, BeanMove.PAY_LATE, mails=((_R.GIVER, _M.RECEIVED),)),
}
"""(state, action, role) → step; what is not here is refused."""

UNDER_WAY = frozenset({_S.WAITING, _S.ACCEPTED, _S.MAILED})
"""States in which a drift holds a copy and a bean."""

ADDRESS_SHOWN = frozenset({_S.ACCEPTED, _S.MAILED, _S.RECEIVED, _S.MISSING})
"""States in which the giver may read the asker's address; it is erased some time after the end."""


def step_for(state: DriftState | None, action: Action, role: Role) -> Step:
    """Return what follows from ``action`` by ``role`` on a drift in ``state``.

    Raises NotYourMove when that role can never do it, AlreadyDone when it can not be done now.
    """
    step = STEPS.get((state, action, role))
    if step is not None:
        return step
    if not any((action, role) == key[1:] for key in STEPS):
        raise NotYourMove(action=action, role=role)
    raise AlreadyDone(state=state, action=action)


@cache
def actions_of(state: DriftState, role: Role) -> tuple[Action, ...]:
    """List what a role can press on a drift in ``state``, in the order of the table."""
    steps = [action for (known, action, who) in STEPS if (known, who) == (state, role)]
    return tuple(action for action in steps if action is not Action.LEAVE)
