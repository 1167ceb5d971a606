"""Meeting places: their kinds, and how long what is said of them may be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from app.rules.exchange.drift import Way
from app.rules.exchange.refusals import NoPlaceChosen, PlaceNotOffered

LONGEST_NAME = 40
LONGEST_FINDING = 200
"""Most characters of the words by which a place is found."""
LONGEST_OPENING = 100
"""Most characters of the words on when it is open."""
MOST_PLACES = 5
"""Most places that a giver names for one copy."""


class PlaceKind(StrEnum):
    """What a place is; the order is the one of forms."""

    SHELF = "shelf"
    BOX = "box"
    """A public bookcase."""
    CAFE = "cafe"
    DESK = "desk"
    LOCKER = "locker"
    GATEHOUSE = "gatehouse"


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What is said of a place."""

    name: str
    kind: PlaceKind
    words: str = ""
    """How it is found."""
    opening: str = ""
    """When it is open."""
    area: str = ""
    """The path of its area; empty if that is not known."""


def ensure_places_are_chosen(ways: Collection[Way], chosen: Collection[int], open_places: Collection[int]) -> None:
    """Raise `NoPlaceChosen` or `PlaceNotOffered` unless a copy that is left at a place has some that are open."""
    if Way.PLACE not in ways:
        return
    if not 1 <= len(chosen) <= MOST_PLACES:
        raise NoPlaceChosen(MOST_PLACES)
    if not set(chosen) <= set(open_places):
        raise PlaceNotOffered()


def ensure_place_is_offered(place_id: int, offered: Collection[int]) -> None:
    """Raise `PlaceNotOffered` unless the giver leaves the copy at this place, and it is open."""
    if place_id not in offered:
        raise PlaceNotOffered()
