"""Error pages in the site's layout, or errors as JSON."""

import math
import time
from typing import Any

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy import exc
from werkzeug.exceptions import BadHost, HTTPException, InternalServerError, ServiceUnavailable, TooManyRequests

from app import deadline
from app.extensions import limiter
from app.logs import log
from app.services.site.database import PREPARE, is_away, is_migrated
from app.web.display.yushu_shape import is_api_call, yushu_error
from app.web.page.json_request import error_json, wants_json
from app.web.page.reader import forget_reader

# status → (title, advice)
SENTENCES: dict[int, tuple[Any, Any]] = {
    400: (
        _l("Something did not arrive in full"),
        _l("Please go back, check what you entered, and send it again."),
    ),
    403: (
        _l("This isn’t yours to do"),
        _l("You may be logged in with another account, or it belongs to another reader."),
    ),
    404: (
        _l("Page not found"),
        _l("The address may be mistyped, or what was here is gone. Try searching for the book."),
    ),
    405: (
        _l("This page can’t be opened like this"),
        _l("This address only works with its button. Please go back to the page."),
    ),
    413: (_l("That is too large"), _l("Please send less at once.")),
    414: (_l("That is too large"), _l("Please send less at once.")),
    429: (_l("That was a little too fast"), _l("Please wait a moment and try again.")),
    500: (
        _l("Something went wrong on our side"),
        _l("Nothing of yours is lost. Please try again in a minute."),
    ),
    503: (
        _l("The site is taking a short break"),
        _l(
            "What was saved is safe. Please try again in a minute. If you have just sent something, "
            "look first whether it arrived."
        ),
    ),
}
COME_BACK = 60
"""Seconds after which clients should retry when the database or the search index is unavailable."""


def init_app(app: Flask) -> None:
    """Show every error as a page, or as JSON to clients that accept it."""
    app.register_error_handler(HTTPException, show_error)
    app.register_error_handler(deadline.RequestTookTooLong, show_given_up)
    for kind in (exc.OperationalError, exc.ProgrammingError, exc.InterfaceError, exc.TimeoutError):
        app.register_error_handler(kind, show_database_error)


def show_error(error: HTTPException) -> ResponseReturnValue:
    """Show the page of the status, with headers such as `Allow` and `Retry-After`."""
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if is_api_call():
        return *yushu_error(status), _kept_headers(error)
    ensure_reader()
    # A page cannot contain links if the requested host name is invalid.
    if isinstance(error, BadHost):
        return error.get_response()
    title, advice = SENTENCES.get(status, SENTENCES[500 if status >= 500 else 400])
    if isinstance(error, CSRFError):
        advice = gettext("This page was open for too long. Please reload it and try again.")
    elif isinstance(error, TooManyRequests) and (wait := _seconds_to_wait(error)):
        advice = _come_back(wait)
    return error_page(status, str(title), str(advice), _kept_headers(error))


def _seconds_to_wait(error: TooManyRequests) -> int:
    if isinstance(error.retry_after, int):
        return error.retry_after
    limit = limiter.current_limit
    return max(1, math.ceil(limit.reset_at - time.time())) if limit else 0


def _come_back(seconds: int) -> str:
    if seconds < 90:
        return str(ngettext("Please try again in one second.", "Please try again in %(num)d seconds.", seconds))
    minutes = math.ceil(seconds / 60)
    return str(ngettext("Please try again in one minute.", "Please try again in %(num)d minutes.", minutes))


def error_page(
    status: int, title: str, advice: str, headers: dict[str, str] | None = None, code: str = ""
) -> ResponseReturnValue:
    """Return an error as a page or as JSON; `code` identifies it to programs, by default derived from the status."""
    if wants_json():
        return error_json(status, code, title=title, advice=advice), status, headers or {}
    page = render_template("errors/error.html", status=status, title=title, advice=advice)
    return page, status, headers or {}


def ensure_reader() -> None:
    """Load the reader before an error page is rendered, which must work even if the database is unavailable."""
    try:
        current_user.is_authenticated  # noqa: B018  (asks the database, once)
    except exc.SQLAlchemyError:
        forget_reader()


def show_database_error(error: exc.SQLAlchemyError) -> ResponseReturnValue:
    """Respond with 503 when the database is unavailable or not migrated, otherwise with 500."""
    forget_reader()
    if is_away(error):
        log.error("the database is away", reason=_brief(error))
        return show_error(ServiceUnavailable(retry_after=COME_BACK))
    if is_migrated():
        log.error("database error", exc_info=error)
        return show_error(InternalServerError())
    log.error("the database is not migrated", mend=PREPARE)
    if current_app.config["ENVIRONMENT"] == "production" or is_api_call():
        return show_error(ServiceUnavailable(retry_after=COME_BACK))
    advice = gettext("The database has not been prepared: run flask --app fisher db upgrade")
    return error_page(503, str(SENTENCES[503][0]), advice, {"Retry-After": str(COME_BACK)})


def show_given_up(_error: deadline.RequestTookTooLong) -> ResponseReturnValue:
    """Respond with 503 to a request whose deadline has passed; what it had not committed is rolled back."""
    forget_reader()
    deadline.lift()
    log.error("request given up", endpoint=request.endpoint, method=request.method)
    wait = {"Retry-After": str(COME_BACK)}
    if is_api_call():
        return *yushu_error(503), wait
    return error_page(503, gettext("That took too long"), str(SENTENCES[503][1]), wait, code="took_too_long")


def _brief(error: exc.SQLAlchemyError) -> str:
    """Return the class and code of an error, without its message, which may name the database's host and user."""
    code = next(iter(getattr(getattr(error, "orig", None), "args", ())), "")
    return f"{type(error).__name__} {code}".strip()


def _kept_headers(error: HTTPException) -> dict[str, str]:
    headers = dict(error.get_headers(request.environ))
    return {name: value for name, value in headers.items() if name not in ("Content-Type", "Content-Length")}
