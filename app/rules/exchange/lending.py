"""Lending: a copy is handed over like any other, and comes back after some days. Times are in Unix seconds.

The asker's bean is held until then. Who borrows a book may extend the loan once, by the days for which it is lent, as
long as nobody else waits for the book; a lender knows that from the form of the copy.
"""

from __future__ import annotations

from app.rules.clock import DAY
from app.rules.exchange.drift import DriftState
from app.rules.exchange.refusals import ExtendedBefore, LoanIsOver, SaidTooOften, SomebodyWaits

FEWEST_DAYS = 7
MOST_DAYS = 90
"""For how many days a copy can be lent."""

MOST_SAID = 3
"""How often a borrower can say that a book is back, if its lender objects."""


def end_of_loan(to: DriftState, lend_days: int | None, lent_until: int | None, now: int) -> int | None:
    """Return when a book is to be back whose drift is in the state ``to`` from ``now`` on; None if it is not lent then.

    ``lent_until`` is known of a book that has been with its borrower before.
    """
    if to is not DriftState.LENT or lend_days is None:
        return lent_until
    return lent_until or now + lend_days * DAY


def extend(lend_days: int, lent_until: int, extensions: int, somebody_waits: bool, now: int) -> int:
    """Return when a book is to be back whose loan is extended now, after ``extensions`` earlier ones.

    Raises `ExtendedBefore`, `LoanIsOver` after the day on which it was to be back, or `SomebodyWaits`.
    """
    if extensions:
        raise ExtendedBefore()
    if now >= lent_until:
        raise LoanIsOver()
    if somebody_waits:
        raise SomebodyWaits()
    return lent_until + lend_days * DAY


def ensure_may_say_given_back(said: int) -> None:
    """Raise `SaidTooOften` if the borrower has said often enough before that the book is back."""
    if said >= MOST_SAID:
        raise SaidTooOften(MOST_SAID)
