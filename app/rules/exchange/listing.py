"""What a reader may add to the gift and wish lists, and remove from them."""

from __future__ import annotations

from enum import StrEnum

from app.rules.clock import DAY
from app.rules.exchange.drift import CopyState
from app.rules.exchange.refusals import (
    AlreadyWished,
    GiftGone,
    GiftReserved,
    ListsThisBook,
    TooManyWishes,
    WishedForThisBook,
)


class Condition(StrEnum):
    """How worn a copy is."""

    NEW = "new"
    VERY_GOOD = "very_good"
    GOOD = "good"
    WORN = "worn"


class WishState(StrEnum):
    """The state of a wish."""

    OPEN = "open"
    GRANTED = "granted"
    WITHDRAWN = "withdrawn"


LISTED = frozenset({CopyState.OPEN, CopyState.RESERVED})
"""States of a copy in which its owner cannot wish for the same book."""

WITHDRAWABLE = frozenset({CopyState.OPEN, CopyState.HIDDEN, CopyState.HELD})
"""States in which a copy can be taken off the list."""

NOT_OVER = WITHDRAWABLE | {CopyState.RESERVED}
"""States of a listing that its copy can have once at a time."""

NEWCOMER_WISHES = 5
"""Most open wishes of a reader until the first finished exchange."""

MOST_WISHES = 50
"""Most open wishes of a reader after that."""

PLACE_KEPT = DAY
"""Seconds within which a wish that was taken off the list comes back to its place in the queue."""


def ensure_may_offer(wishes_for_it: bool) -> None:
    """Raise `WishedForThisBook` if the reader has an open wish for the book."""
    if wishes_for_it:
        raise WishedForThisBook()


def ensure_may_wish(lists_it: bool, wishes_for_it: bool, open_wishes: int, is_newcomer: bool) -> None:
    """Raise `ListsThisBook`, `AlreadyWished` or `TooManyWishes` if the reader cannot wish for the book."""
    ensure_may_widen(lists_it, wishes_for_it)
    limit = NEWCOMER_WISHES if is_newcomer else MOST_WISHES
    if open_wishes >= limit:
        raise TooManyWishes(limit, is_newcomer)


def ensure_may_widen(lists_one: bool, wishes_for_one: bool) -> None:
    """Raise `ListsThisBook` or `AlreadyWished` if the reader gives, or waits for, one of the editions."""
    if lists_one:
        raise ListsThisBook()
    if wishes_for_one:
        raise AlreadyWished()


def ensure_may_withdraw(state: CopyState) -> None:
    """Raise `GiftReserved` if somebody has asked for the copy, `GiftGone` if it is off the list."""
    if state is CopyState.RESERVED:
        raise GiftReserved()
    if state not in WITHDRAWABLE:
        raise GiftGone(state)


def ensure_may_bring_back(state: CopyState) -> None:
    """Raise `GiftGone` unless the copy is hidden."""
    if state is not CopyState.HIDDEN:
        raise GiftGone(state)
