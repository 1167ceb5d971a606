"""Times as readers read them. The database has Unix seconds, pages have the reader's zone."""

from datetime import UTC, datetime
from functools import lru_cache

from flask import Flask
from flask_babel import format_date, format_datetime
from markupsafe import Markup

from app.i18n import Manner, manner


def init_app(app: Flask) -> None:
    """Give the templates their filters: `|day` and `|moment` make `<time>` elements."""
    app.jinja_env.filters.update(
        day=lambda seconds: _element(seconds, "day", manner()),
        moment=lambda seconds: _element(seconds, "moment", manner()),
        from_now=days_from_now,
    )


def moment(seconds: int) -> str:
    """Return date and time of day, to the minute."""
    return _written(seconds, "moment")


def days_from_now(seconds: int, now: int) -> int:
    """Return in how many whole days a time comes, rounded up; 0 when it has come."""
    return max(0, -(-(seconds - now) // 86400))


@lru_cache(maxsize=20_000)
def _element(seconds: int, kind: str, _manner: Manner) -> Markup:
    # A list has dozens of times, and writing one costs more than the rest of its row.
    return Markup('<time datetime="{}">{}</time>').format(_aware(seconds).isoformat(), _written(seconds, kind))


def _written(seconds: int, kind: str) -> str:
    return str(format_date(_aware(seconds), "medium") if kind == "day" else format_datetime(_aware(seconds), "short"))


def _aware(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
