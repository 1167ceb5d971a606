"""Displaying times. The database stores Unix seconds, pages show the reader's time zone."""

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple

from flask import Flask
from flask_babel import format_date, format_datetime, format_time, gettext, ngettext, to_user_timezone
from markupsafe import Markup

from app.i18n import (
    DUE_DAY_PATTERNS,
    DUE_PATTERNS,
    FULL_PATTERNS,
    MONTH_PATTERNS,
    LocaleContext,
    current_language,
    locale_context,
)
from app.models.base import now
from app.rules.clock import DAY, HOUR, MINUTE


def init_app(app: Flask) -> None:
    """Register the filters; `|ago`, `|day`, `|month`, `|moment` and `|due` make `<time>` elements.

    Their titles have the whole date and the time of day, but those of months, which are all that is said. `|ago` is
    for what happened, `|day` for dates within sentences, `|moment` for logs, `|due` for deadlines. What is cached
    takes `|age` or `|left` as a value, so that it is drawn again when its words change.
    """
    app.jinja_env.filters.update(
        day=lambda seconds: _element(seconds, "day", locale_context()),
        month=lambda seconds: _element(seconds, "month", locale_context()),
        moment=lambda seconds: _element(seconds, "moment", locale_context()),
        due=due_element,
        age=age,
        ago=ago_element,
        left=time_left,
        left_words=left_words,
        from_now=days_from_now,
    )


def due_element(seconds: int, is_near: bool = True) -> Markup:
    """Return the `<time>` of a deadline: with the day of the week and without a year; if it is near, with the hour."""
    return _element(seconds, "due" if is_near else "due day", locale_context())


WEEK = 7 * DAY


class Age(NamedTuple):
    """How long ago a time was, in whole days, hours or minutes; it is the same for a while."""

    seconds: int
    """The time itself, in Unix seconds."""
    past: int | None
    """Seconds, a multiple of the unit that is said; None if it is so long ago that the date is said."""


def age(seconds: int | None) -> Age | None:
    """Return how long ago a time in Unix seconds was; None for None."""
    if seconds is None:
        return None
    past = max(MINUTE, now() - seconds)
    unit = next(unit for unit in (DAY, HOUR, MINUTE) if past >= unit)
    return Age(seconds, past // unit * unit if past < WEEK else None)


def ago_element(time: int | Age) -> Markup:
    """Return the `<time>` of what happened: "3 days ago" within a week, its date after that."""
    known = time if isinstance(time, Age) else age(time)
    if known is None or known.past is None:
        return _element(known.seconds if known else 0, "day", locale_context())
    return _tag(known.seconds, _ago_words(known.past))


def _ago_words(past: int) -> str:
    if past >= DAY:
        return str(ngettext("%(num)d day ago", "%(num)d days ago", past // DAY))
    if past >= HOUR:
        return str(ngettext("%(num)d hour ago", "%(num)d hours ago", past // HOUR))
    return str(ngettext("%(num)d minute ago", "%(num)d minutes ago", past // MINUTE))


class TimeLeft(NamedTuple):
    """How long something lasts, in whole days, or in whole hours for the last two days; it is the same for a while."""

    number: int
    is_near: bool
    """The number is one of hours."""


def time_left(seconds: int | None) -> TimeLeft | None:
    """Return how long it is until a time in Unix seconds; None for None."""
    if seconds is None:
        return None
    left = max(0, seconds - now())
    return TimeLeft(left // HOUR, True) if left < 2 * DAY else TimeLeft(left // DAY, False)


def left_words(left: TimeLeft) -> str:
    """Return the words for the time that is left."""
    if not left.is_near:
        return str(ngettext("%(num)d day left", "%(num)d days left", left.number))
    if left.number == 0:
        return str(gettext("less than an hour left"))
    return str(ngettext("%(num)d hour left", "%(num)d hours left", left.number))


def due(seconds: int) -> str:
    """Return day of the week, date and time of day of a deadline."""
    return _written(seconds, "due")


def day_words(seconds: int) -> str:
    """Return the day of a time."""
    return _written(seconds, "day")


def days_from_now(seconds: int, now: int) -> int:
    """Return the number of days until a time, rounded up; 0 if it has passed."""
    return max(0, -(-(seconds - now) // DAY))


@lru_cache(maxsize=20_000)
def _element(seconds: int, kind: str, _manner: LocaleContext) -> Markup:
    # A list has dozens of times, and formatting one takes longer than the rest of its row.
    if kind == "month":  # the day is not told
        return Markup('<time datetime="{:%Y-%m}">{}</time>').format(day_of(seconds), _written(seconds, kind))
    return _tag(seconds, _written(seconds, kind))


def _tag(seconds: int, words: str) -> Markup:
    whole = format_datetime(_aware(seconds), FULL_PATTERNS[current_language()])
    return Markup('<time datetime="{}" title="{}">{}</time>').format(_aware(seconds).isoformat(), whole, words)


def _written(seconds: int, kind: str) -> str:
    time = _aware(seconds)
    if kind in ("due", "due day"):
        patterns = DUE_PATTERNS if kind == "due" else DUE_DAY_PATTERNS
        return str(format_datetime(time, patterns[current_language()]))
    if kind == "month":
        return str(format_date(time, MONTH_PATTERNS[current_language()]))
    day = str(format_date(time, "medium"))
    return day if kind == "day" else f"{day} {format_time(time, 'HH:mm')}"


def day_of(seconds: int) -> date:
    """Return the day of a time in the reader's time zone."""
    day: date = to_user_timezone(_aware(seconds)).date()
    return day


def _aware(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
