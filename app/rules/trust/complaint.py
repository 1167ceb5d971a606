"""A book that is not as described: who may say so, until when, and what can follow. Times are in Unix seconds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.rules.bean.transfer import Reason, Transfer, reader_account
from app.rules.clock import DAY
from app.rules.exchange.drift import DriftState, Role
from app.rules.refusal import Refusal

LONGEST_COMPLAINT = 500
"""Most characters of what either side says."""
COMPLAIN_FOR = 7 * DAY
"""Seconds from receipt on in which a book can be called not as described."""
ANSWER_FOR = 7 * DAY
"""Seconds that the giver has to answer; without an answer it counts as disagreement."""
KEPT_WORDS = 180 * DAY
"""Seconds for which what both sides said is kept after the end."""
PATTERN = 2
"""How many different readers must have said so until others are told: a pattern counts, not a case."""


class ComplaintState(StrEnum):
    """How far it has come."""

    OPEN = "open"
    """The giver has not answered yet."""
    RETURNED = "returned"
    """The giver has given the bean back."""
    DISAGREED = "disagreed"
    """The giver says that it is not so, or nothing; the desk looks at it."""
    PAID = "paid"
    """The desk has paid the bean from the pool."""
    LEFT = "left"
    """The desk leaves it as it is."""


BY_THE_DESK = frozenset({ComplaintState.PAID, ComplaintState.LEFT})
"""What the desk has decided."""


class Fault(StrEnum):
    """What is not as described; the order is the one of pages."""

    CONDITION = "condition"
    EDITION = "edition"
    PAGES = "pages"
    OTHER = "other"


class ComplaintOfTheAsker(Refusal):
    """Only the reader who received the book can say that it is not as described, and only its giver answers."""

    status = 403


class NotArrivedYet(Refusal):
    """The book has not arrived, or the receipt can still be taken back."""


class TooLateToComplain(Refusal):
    """It arrived too long ago."""


class AlreadyComplained(Refusal):
    """It was said before about this book."""


class AlreadySettled(Refusal):
    """There is nothing to answer or to decide any more."""


@dataclass(eq=False)
class NoBeanToReturn(Refusal):
    """The giver has too few beans to give back what the book cost."""

    beans: int


def ensure_may_complain(
    role: Role, state: DriftState, since: int, undo_until: int | None, now: int, is_said: bool
) -> None:
    """Raise the refusal, if there is one, to say that a book is not as described.

    ``since`` is when the drift entered its state; ``is_said`` whether it was said before.

    :raises ComplaintOfTheAsker, NotArrivedYet, TooLateToComplain, AlreadyComplained: see there.
    """
    if role is not Role.ASKER:
        raise ComplaintOfTheAsker()
    if is_said:
        raise AlreadyComplained()
    if state is not DriftState.RECEIVED or (undo_until is not None and now < undo_until):
        raise NotArrivedYet()
    if now >= since + COMPLAIN_FOR:
        raise TooLateToComplain()


def may_answer(state: str, until: int | None, now: int) -> bool:
    """Return whether the giver can answer; ``until`` is when the time for it ends."""
    return state == ComplaintState.OPEN and until is not None and now < until


def waits_for_desk(state: str, until: int | None, now: int) -> bool:
    """Return whether the desk can decide: the giver disagrees, or the time to answer is over."""
    return state == ComplaintState.DISAGREED or (state == ComplaintState.OPEN and until is not None and until <= now)


def giving_back(drift_id: int, amount: int, giver_id: int, asker_id: int) -> Transfer:
    """Return the transfer of a giver who gives back what a book cost; its key makes it unique."""
    sides = reader_account(giver_id), reader_account(asker_id)
    return Transfer(*sides, amount, Reason.REDRESSED, f"drift:{drift_id}:redress")
