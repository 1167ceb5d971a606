"""For whom a listing is: for everybody, or for some circles of its giver alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.rules.refusal import Refusal


@dataclass(eq=False)
class NotInTheseCircles(Refusal):
    """A reader lists copies only for circles that they are in."""


def ensure_are_own(circles: Collection[int], own: Collection[int]) -> None:
    """Raise `NotInTheseCircles` unless a giver is in all circles for which a listing is to be; ``own`` are theirs."""
    if not set(circles) <= set(own):
        raise NotInTheseCircles()
