"""The report on the economy: what each figure is called, and its unit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Beans:
    """Where the beans are that exist outside the mint, and where they came from in the days of the report."""

    live: int
    """With readers, who can spend them."""
    asleep: int
    """What the pool owes to readers who have been silent for long; it may have lent some of it."""
    pool: int
    """What the pool holds."""
    escrow: int
    """Held for books that are under way."""
    minted: int
    """All that the mint has given out, less what came back: live, pool and escrow together."""
    lately: dict[str, int]
    """What the mint gave out in the days of the report, by reason; what came back is negative."""
    paid: int
    """Paid to givers for books that arrived in the days of the report."""
    velocity: float | None
    """How often a bean was paid for a book within 30 days."""


@dataclass(frozen=True, kw_only=True)
class Readers:
    """Readers with a confirmed address."""

    confirmed: int
    without_beans: int
    top_tenth: float | None
    """The part of all readers' beans that the richest tenth of them holds, from 0 to 1."""

    @property
    def dry_share(self) -> float | None:
        """Return the part of the readers who have no bean, from 0 to 1; None without readers."""
        return self.without_beans / self.confirmed if self.confirmed else None


@dataclass(frozen=True, kw_only=True)
class WayFigures:
    """Exchanges of one way in the days of the report; numbers of exchanges, and days."""

    asked: int
    arrived: int
    lost: int
    """Reported missing, and not arrived since."""
    no_show: int
    """Ended because one side neither came nor answered."""
    other: int
    """Ended otherwise: declined, withdrawn, cancelled, or out of time."""
    answer_days: float | None
    """Median from the request to the first answer."""
    arrival_days: float | None
    """Median from the promise until the asker has the book."""

    @property
    def ended(self) -> int:
        """Return how many exchanges ended."""
        return self.arrived + self.lost + self.no_show + self.other


@dataclass(frozen=True, kw_only=True)
class Month:
    """Readers who registered in one month, and how many of them have come how far until now."""

    month: str
    new: int
    confirmed: int
    listed: int
    exchanged: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """All figures at `time`, in Unix seconds, and of the `days` before it."""

    time: int
    days: int
    beans: Beans
    readers: Readers
    refused: dict[str, int]
    """Requests that were refused, by the code of the refusal."""
    ways: dict[str, WayFigures]
    wishes: int
    wishes_with_copy: int
    """Open wishes for which a copy of another reader is to be had."""
    idle: dict[int, int]
    """Copies to be had by their age: the day from which a group counts, and how many copies are in it."""
    funnel: list[Month]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        return asdict(self) | {"idle": {str(days): copies for days, copies in self.idle.items()}}


def load_report(stored: dict[str, Any]) -> Report:
    """Return a report that was stored as a dictionary."""
    return Report(
        **stored
        | {
            "beans": Beans(**stored["beans"]),
            "readers": Readers(**stored["readers"]),
            "ways": {way: WayFigures(**figures) for way, figures in stored["ways"].items()},
            "idle": {int(days): copies for days, copies in stored["idle"].items()},
            "funnel": [Month(**month) for month in stored["funnel"]],
        }
    )
