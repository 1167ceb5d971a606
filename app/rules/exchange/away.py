"""Readers who are away: for how long, and what that does to deadlines. All times are Unix seconds."""

from __future__ import annotations

from app.rules.clock import DAY
from app.rules.exchange.refusals import AwayTooLong, ReturnNotAhead

AWAY_DAYS = 180
"""Most days for which a reader can say that they are away."""

LONGEST_AWAY_WORDS = 100
"""Most characters of what a reader says about it."""

GRACE = 2 * DAY
"""Seconds after the return in which what waits for the reader can be done."""

MOST_PAUSE = 21 * DAY
"""Most seconds by which a deadline is moved, however long its reader is away."""


def ensure_may_be_away(until: int, now: int) -> None:
    """Raise `ReturnNotAhead` or `AwayTooLong` unless the return is ahead and not too far."""
    if until <= now:
        raise ReturnNotAhead()
    if until > now + AWAY_DAYS * DAY:
        raise AwayTooLong(AWAY_DAYS)


def pause_until_return(end: int | None, until: int | None) -> int:
    """Return by how many seconds a deadline at ``end`` is moved for a reader who is away until a time; 0 for None."""
    if end is None or until is None:
        return 0
    return max(0, min(until + GRACE - end, MOST_PAUSE))
