"""Thank-you lines: who may write one, and until when. Times are in Unix seconds."""

from __future__ import annotations

from app.rules.clock import DAY
from app.rules.exchange.drift import DriftState, Role
from app.rules.refusal import Refusal

LONGEST_LINE = 200
THANK_FOR = 14 * DAY
"""Seconds from receipt on in which who received a book can thank for it."""


class ThanksAreTheOthers(Refusal):
    """Who received the book writes the line and takes it back, who gave it decides whether it is shown."""

    status = 403


class NotReceivedYet(Refusal):
    """The book has not arrived, or that was taken back."""


class TooLateToThank(Refusal):
    """It arrived too long ago, or its giver has left."""


class AlreadyThanked(Refusal):
    """There is a line for this book, which may be hidden by the people who run the site."""


class NoThanks(Refusal):
    """There is no such line any more."""


def may_thank(state: DriftState, role: Role | None, since: int, now: int) -> bool:
    """Return whether this side can thank for a book whose drift is in ``state`` since then."""
    return role is Role.ASKER and state is DriftState.RECEIVED and now < since + THANK_FOR


def ensure_may_thank(state: DriftState, role: Role, since: int, now: int, is_said: bool) -> None:
    """Raise the refusal of a line, if there is one; ``is_said`` is whether there was one for this book.

    :raises ThanksAreTheOthers, NotReceivedYet, TooLateToThank, AlreadyThanked: see there.
    """
    if role is not Role.ASKER:
        raise ThanksAreTheOthers()
    if state is not DriftState.RECEIVED:
        raise NotReceivedYet()
    if not may_thank(state, role, since, now):
        raise TooLateToThank()
    if is_said:
        raise AlreadyThanked()
