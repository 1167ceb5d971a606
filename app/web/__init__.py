"""The one blueprint `web`, split over view modules: one a noun."""

from flask import Blueprint, Flask
from werkzeug.routing import IntegerConverter

web = Blueprint("web", __name__)

# The modules of the pages need `web`.
from app.web import (  # noqa: E402
    account,
    api,
    book,
    browse,
    cover,
    drift,
    email,
    entry,
    errors,
    filters,
    gift,
    health,
    index,
    language,
    login,
    mailbox,
    page,
    parts,
    password,
    personal,
    reader,
    refusals,
    register,
    second_factor,
    session,
    site,
    times,
    wish,
    words,
)

__all__ = [
    "account", "api", "book", "browse", "cover", "drift", "email", "entry", "errors", "filters", "gift",
    "health", "index", "language", "login", "mailbox", "page", "parts", "password", "personal", "reader", "refusals",
    "register", "second_factor", "session", "site", "times", "web", "wish", "words",
]  # fmt: skip


class RowNumber(IntegerConverter):
    """Numbers in addresses: those that a database can hold; all others are no such page."""

    regex = r"\d{1,18}"


def init_app(app: Flask) -> None:
    """Register the pages, the error pages and what every template may use."""
    app.url_map.converters["int"] = RowNumber
    app.register_blueprint(web)
    errors.init_app(app)
    page.init_app(app)
    reader.init_app(app)
    times.init_app(app)
    filters.init_app(app)
    refusals.init_app(app)
    parts.init_app(app)
    words.init_app(app)
