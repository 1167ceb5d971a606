"""What the two sides of a loan do in the demo."""

from collections.abc import Callable
from typing import TypeVar

from app.rules.exchange.drift import DriftState
from app.rules.refusal import Refusal
from app.services.errors import NotFound
from app.services.exchange.drift import object_to
from app.services.exchange.lending import confirm_returned, extend_loan, report_lost, say_given_back

Result = TypeVar("Result")


def borrow(drift: int, state: DriftState, asker: int, giver: int, age: int, chance: float, time: int) -> None:
    """Advance a loan by a day: most books come back in time, some late, a few are extended, lost or kept.

    :param age: days for which the loan has been in its state.
    :param chance: a number from 0 to 1 that decides what happens.
    """
    if state is DriftState.GIVEN_BACK:
        if chance < 0.12:
            try_to(object_to if drift % 11 == 0 else confirm_returned, giver, drift, time)
    elif drift % 13 == 0:
        return  # it is not given back at all
    elif drift % 29 == 0 and age > 5:
        try_to(report_lost, asker if drift % 2 else giver, drift, time)
    elif drift % 6 == 0 and age > 5 and chance < 0.2:
        try_to(extend_loan, asker, drift, time)
    elif age > 8 and chance < 0.06:
        try_to(*((say_given_back, asker) if drift % 2 else (confirm_returned, giver)), drift, time)


def try_to(action: Callable[..., Result], *arguments: object) -> Result | None:
    """Call an action that may be refused; return its result, or None if it was."""
    try:
        return action(*arguments)
    except (Refusal, NotFound):
        return None
