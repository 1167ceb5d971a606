"""The reading list of a circle: which titles, and by which day they are wanted. Times are in Unix seconds."""

from datetime import UTC, date, datetime, time

from app.rules.circle.refusals import DayNotAhead, DayTooFar, TooManyTitles
from app.rules.clock import DAY

MOST_TITLES = 50
MOST_DAYS = 730
"""How far ahead a title can be wanted."""
USUAL_DAYS = 30
"""The same for one whose day was not changed."""


def noon_of(day: date) -> int:
    """Return noon of a day in UTC, which is on the same day for nearly everybody."""
    return int(datetime.combine(day, time(12), UTC).timestamp())


def usual_day(now: int) -> date:
    """Return the day that a form begins with."""
    return datetime.fromtimestamp(now + USUAL_DAYS * DAY, UTC).date()


def ensure_may_add(titles: int, wanted_by: int, now: int) -> None:
    """Refuse one more title on a list of so many.

    :raises TooManyTitles: there are enough.
    :raises DayNotAhead, DayTooFar: it is not wanted by a day within the next two years.
    """
    if titles >= MOST_TITLES:
        raise TooManyTitles(MOST_TITLES)
    if wanted_by < now - DAY:
        raise DayNotAhead()
    if wanted_by > now + MOST_DAYS * DAY:
        raise DayTooFar()
