"""For whom a listing is: for everybody, or for some circles of its giver alone, whose rules then hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.rules.exchange.drift import Way
from app.rules.refusal import Refusal


@dataclass(eq=False)
class NotInTheseCircles(Refusal):
    """A reader lists copies only for circles that they are in."""


@dataclass(eq=False)
class NoSharedCircle(Refusal):
    """The asker is in none of the circles for which the copy is, or not any more."""


@dataclass(eq=False)
class OtherWaysInCircle(Refusal):
    """In this circle books are handed over only in these ways: words of `Way`, with blanks between them."""

    circle: str
    ways: str


@dataclass(eq=False)
class NoLendingInCircle(Refusal):
    """In this circle books are given for good."""

    circle: str


@dataclass(frozen=True, slots=True)
class CircleRules:
    """What a circle says about the copies that are for it alone."""

    name: str
    ways: tuple[Way, ...] = tuple(Way)
    lends: bool = True
    needs_beans: bool = True

    def find_refusal(self, ways: Collection[str], is_lent: bool) -> Refusal | None:
        """Return why a copy cannot be handed over here in any of these ways, or None if it can."""
        if is_lent and not self.lends:
            return NoLendingInCircle(self.name)
        return None if set(ways) & set(self.ways) else OtherWaysInCircle(self.name, " ".join(self.ways))


def ensure_are_own(circles: Collection[int], own: Collection[int]) -> None:
    """Raise `NotInTheseCircles` unless a giver is in all circles for which a listing is to be; ``own`` are theirs."""
    if not set(circles) <= set(own):
        raise NotInTheseCircles()


def ensure_suits(circles: Sequence[CircleRules], ways: Collection[str], is_lent: bool) -> None:
    """Raise `OtherWaysInCircle` or `NoLendingInCircle` if a copy cannot be had in one of these circles as described."""
    for circle in circles:
        if (refusal := circle.find_refusal(ways, is_lent)) is not None:
            raise refusal


def find_inside_refusal(shared: Sequence[CircleRules], ways: Collection[str], is_lent: bool) -> Refusal | None:
    """Return why a reader cannot have a copy in one of these ways, or None; one of the ``shared`` circles is enough.

    ``shared`` are the circles for which the copy is and in which the asker is.
    """
    if not shared:
        return NoSharedCircle()
    refusals = [circle.find_refusal(ways, is_lent) for circle in shared]
    return None if None in refusals else refusals[0]


def is_free_inside(shared: Sequence[CircleRules] | None) -> bool:
    """Return whether a copy costs a reader nothing: one of the ``shared`` circles needs no beans.

    None stands for a copy that is for everybody, which costs its bean among members, too.
    """
    return any(not circle.needs_beans for circle in shared or ())


def ways_inside(shared: Sequence[CircleRules], ways: Sequence[Way], is_lent: bool) -> tuple[Way, ...]:
    """Return those of the ways of a copy in which a reader can have it."""
    return tuple(way for way in ways if find_inside_refusal(shared, [way], is_lent) is None)
