"""What of a reader's shelf a page shows, and what may be done with a copy on it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from app.rules.exchange.drift import CopyState, Way
from app.rules.exchange.refusals import GiftReserved
from app.rules.exchange.way import Terms
from app.rules.refusal import Refusal

MOST_AT_ONCE = 100
"""Most copies that are changed with one form."""


class Show(StrEnum):
    """Which copies of a shelf; without one of these, all that the reader holds."""

    OFFERED = "offered"
    PRIVATE = "private"
    PROMISED = "promised"
    """Somebody has asked for it."""
    LENT = "lent"
    GIVEN = "given"
    """No longer the reader's."""


class Change(StrEnum):
    """What can be done with several copies at once."""

    OFFER = "offer"
    WITHDRAW = "withdraw"
    FORGET = "forget"
    CONDITION = "condition"


@dataclass(eq=False)
class CopyStillListed(Refusal):
    """A copy that is on the list cannot be taken off the shelf."""


@dataclass(eq=False)
class CopyOnOffer(Refusal):
    """The copy is on the list already."""


@dataclass(eq=False)
class CopyIsPrivate(Refusal):
    """The copy is not on the list."""


@dataclass(eq=False)
class NoWayKept(Refusal):
    """The reader has not said how copies are handed over unless one says otherwise."""


def ensure_may_forget(state: CopyState | None) -> None:
    """Raise `GiftReserved` or `CopyStillListed` unless a copy is private; `state` is that of its listing."""
    if state is CopyState.RESERVED:
        raise GiftReserved()
    if state is not None:
        raise CopyStillListed()


def terms_to_offer(kept: Terms, places: Collection[int]) -> Terms:
    """Return how a copy is handed over for which nothing else is said; `places` are those of the giver's last copy.

    :raises NoWayKept: there is no way for which everything is known.
    """
    ways = tuple(way for way in kept.ways if way is not Way.PLACE or places)
    if not ways:
        raise NoWayKept()
    return replace(kept, ways=ways, places=tuple(places) if Way.PLACE in ways else ())
