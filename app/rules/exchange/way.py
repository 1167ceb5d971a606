"""The ways in which a reader hands a copy over: which are offered, and what each of them needs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.rules.exchange.drift import Way
from app.rules.exchange.refusals import MeetingNotSaid, WayNotOffered

LONGEST_WORDS = 200
"""Most characters of a giver's words on when and where it suits, and of what the two agree on."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a reader hands a copy over, and to whom."""

    ways: tuple[Way, ...] = (Way.POST,)
    words: str = ""
    """When and where it suits the giver to meet."""
    places: tuple[int, ...] = ()
    """The meeting places at which the giver leaves the copy."""
    lend_days: int | None = None
    """For how many days it is lent; None if it is given for good."""
    goes_on: bool = False
    """Whether a copy that is lent may go on from its borrower to the next reader."""
    circles: tuple[int, ...] = ()
    """The circles for whose members alone the listing is; for everybody if there are none."""

    @property
    def public_words(self) -> str:
        """The words, where the copy is handed over in person at all."""
        return self.words if Way.MEET in self.ways else ""

    @property
    def handing_over(self) -> dict[str, str]:
        """What a listing stores of how its copy is handed over, by column."""
        return {"ways": " ".join(self.ways), "meeting_words": self.public_words}

    @property
    def lending(self) -> dict[str, int | bool | None]:
        """What it stores of lending; a copy that is given for good goes on to nobody."""
        return {"lend_days": self.lend_days, "goes_on": self.lend_days is not None and self.goes_on}


def in_order(ways: Iterable[str]) -> tuple[Way, ...]:
    """Return the ways in the order of pages, without unknown ones."""
    wanted = set(ways)
    return tuple(way for way in Way if way.value in wanted)


def ensure_way_is_offered(way: Way, offered: Collection[str]) -> None:
    """Raise `WayNotOffered` unless the copy is handed over in this way."""
    if way not in offered:
        raise WayNotOffered(way)


def ensure_meeting_is_said(way: Way, meeting: str) -> None:
    """Raise `MeetingNotSaid` if a giver accepts to meet and says neither when nor where."""
    if way is Way.MEET and not meeting:
        raise MeetingNotSaid()
