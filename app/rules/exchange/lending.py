"""Lending: a copy is handed over like any other, and comes back after some days. Times are in Unix seconds.

The asker's bean is held until then. Who borrows a book may extend the loan once, by the days for which it is lent, as
long as nobody else waits for the book; a lender knows that from the form of the copy. A lender can let a copy go on
from its borrower to the next reader who waits for it, who borrows it from the same lender then.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.rules.clock import DAY
from app.rules.exchange.drift import DriftState
from app.rules.exchange.refusals import ExtendedBefore, LoanIsOver, SaidTooOften, SomebodyWaits
from app.rules.refusal import Refusal

FEWEST_DAYS = 7
MOST_DAYS = 90
"""For how many days a copy can be lent."""

MOST_SAID = 3
"""How often a borrower can say that a book is back, if its lender objects."""


@dataclass(eq=False)
class ComesHomeFirst(Refusal):
    """The lender does not let the book go on from its borrower to the next reader."""


@dataclass(eq=False)
class OfferedOn(Refusal):
    """The borrower has offered the book to the next reader already."""


@dataclass(eq=False)
class NobodyWaits(Refusal):
    """No other reader waits for the book."""


@dataclass(eq=False)
class PromisedOn(Refusal):
    """The next reader has asked for the book, or the borrower has promised it already."""


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


def ensure_may_pass_on(goes_on: bool, is_offered: bool, somebody_waits: bool) -> None:
    """Raise `ComesHomeFirst`, `OfferedOn` or `NobodyWaits` if a borrower cannot offer the book to the next reader.

    ``goes_on``: its lender allows that; ``is_offered``: the borrower has offered it already.
    """
    if not goes_on:
        raise ComesHomeFirst()
    if is_offered:
        raise OfferedOn()
    if not somebody_waits:
        raise NobodyWaits()
