"""Taking a step back: for some minutes after it no bean moves, no copy is free, and no mail tells of it."""

from __future__ import annotations

from dataclasses import dataclass

from app.rules.exchange.drift import Action, DriftState, Role
from app.rules.exchange.mails import MAIL_DELAY
from app.rules.exchange.refusals import NothingToUndo, NotYourMove

UNDO_WINDOW = MAIL_DELAY
"""Seconds in which a step can be taken back; its mail must not be sent before."""
MOST_UNDONE = 3
"""How often in one exchange: taking a step and taking it back keeps the other side, the bean and the copy waiting."""


@dataclass(frozen=True, slots=True)
class LastStep:
    """The last step of a drift: who did what in which state, and until when it can be undone, in Unix seconds.

    `undone` is how many steps of the drift have been taken back.
    """

    before: DriftState
    action: Action
    role: Role
    until: int | None
    undone: int = 0


def ensure_may_undo(step: LastStep, role: Role, now: int) -> None:
    """Raise `NothingToUndo` if the step cannot be undone, `NotYourMove` if the other side took it."""
    if step.until is None or now >= step.until or step.undone >= MOST_UNDONE:
        raise NothingToUndo()
    if role is not step.role:
        raise NotYourMove(Action.UNDO, role)
