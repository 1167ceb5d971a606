"""Until when what was said about a copy or an exchange can be changed."""

from __future__ import annotations

from app.rules.exchange.drift import BEFORE_MAILING, CopyState, DriftState
from app.rules.exchange.listing import WITHDRAWABLE
from app.rules.exchange.refusals import ChangedTooOften, TooLateToChange

MOST_ADDRESSES = 3
"""How often the address of one request can be changed; its giver is told each time."""


def ensure_may_edit(state: CopyState) -> None:
    """Raise `TooLateToChange` if somebody has asked for the copy, or if it is off the list."""
    if state not in WITHDRAWABLE:
        raise TooLateToChange(state)


def ensure_may_change_tracking(state: DriftState) -> None:
    """Raise `TooLateToChange` unless the book is on its way."""
    if state is not DriftState.MAILED:
        raise TooLateToChange(state)


def ensure_may_change_address(state: DriftState, changes: int) -> None:
    """Raise `TooLateToChange` if the book has been mailed, `ChangedTooOften` after ``changes`` earlier changes."""
    if state not in BEFORE_MAILING:
        raise TooLateToChange(state)
    if changes >= MOST_ADDRESSES:
        raise ChangedTooOften(MOST_ADDRESSES)
