"""The words of journeys."""

from datetime import date

from flask import Flask
from flask_babel import format_date

from app.i18n import MONTH_PATTERNS, current_language
from app.rules.journey.mark import spaced


def init_app(app: Flask) -> None:
    """Make the words available to templates."""
    app.jinja_env.filters.update(month_name=month_name, spaced=spaced)


def month_name(month: str) -> str:
    """Return the words for a month such as `2027-01`."""
    year, number = map(int, month.split("-"))
    return str(format_date(date(year, number, 1), MONTH_PATTERNS[current_language()]))
