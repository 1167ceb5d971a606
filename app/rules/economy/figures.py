"""What the figures of the economy are computed from: medians, shares and velocities of counted values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from app.rules.clock import DAY

DEFAULT_DAYS = 90
"""Days that a report looks back on, if nothing else is asked for."""

LONGEST_DAYS = 3_650
MONTHS = 12
"""Months of registration in the funnel."""

IDLE_FROM = (0, 30, 90, 180, 365)
"""Days from which a copy that is still to be had is counted in the next group of idle copies."""

A_MONTH = 30
"""Days for which velocity is given."""


def median(counted: Mapping[int, int]) -> float | None:
    """Return the median of values of which `counted` says how often each occurs; None without any."""
    total = sum(counted.values())
    if not total:
        return None
    middle = (total - 1) // 2, total // 2
    return sum(_at(counted, place) for place in middle) / 2


def _at(counted: Mapping[int, int], place: int) -> int:
    """Return the value at a place, counted from 0, of all of them in order."""
    for value in sorted(counted):
        place -= counted[value]
        if place < 0:
            return value
    raise IndexError(place)


def top_tenth_share(balances: Mapping[int, int]) -> float | None:
    """Return which part of all beans the richest tenth of readers holds, from 0 to 1; None without beans.

    `balances` says how many readers have each balance; a tenth is rounded up to whole readers.
    """
    readers, beans = sum(balances.values()), sum(balance * count for balance, count in balances.items())
    if not beans:
        return None
    left, held = -(-readers // 10), 0
    for balance in sorted(balances, reverse=True):
        rich = min(left, balances[balance])
        held += rich * balance
        left -= rich
    return held / beans


def velocity(paid: int, beans: int, days: int) -> float | None:
    """Return how often a bean was paid for a book within 30 days, on average; None without beans.

    `paid` beans were paid in `days`, `beans` are the ones that exist outside the mint.
    """
    return paid / beans * A_MONTH / days if beans else None


def in_days(hours: float | None) -> float | None:
    """Return hours in days, with one decimal."""
    return None if hours is None else round(hours / 24, 1)


def day_of(time: int) -> int:
    """Return the number of the day, in UTC, of a time in Unix seconds; days are counted from the first of 1970."""
    return time // DAY


def month_starts(now: int, months: int = MONTHS) -> list[int]:
    """Return when each of the last months began in UTC, in Unix seconds, the oldest first and the present one last."""
    today = datetime.fromtimestamp(now, UTC)
    numbers = range(today.year * 12 + today.month - months, today.year * 12 + today.month)
    return [int(datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC).timestamp()) for number in numbers]


def month_name(start: int) -> str:
    """Return the month that begins at a time in Unix seconds, as `2026-11`."""
    return datetime.fromtimestamp(start, UTC).strftime("%Y-%m")
