"""Error pages in the site's layout; the one table from refusals to sentences."""

import math
import time
from typing import Any

from flask import Flask, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, ProgrammingError
from werkzeug.exceptions import BadHost, HTTPException, InternalServerError, TooManyRequests

from app.extensions import limiter
from app.logs import log
from app.rules.account import AccountRefusal
from app.services.database import PREPARE, is_migrated
from app.web.account_refusals import sentence
from app.web.page import lead_back, wants_json
from app.web.reader import forget_reader
from app.web.yushu_json import is_api_call, yushu_error

# status → (title, what to do next)
SENTENCES: dict[int, tuple[Any, Any]] = {
    400: (
        _l("That did not arrive complete"),
        _l("Please go back, check what you entered, and send it again."),
    ),
    403: (
        _l("This is not yours to do"),
        _l("You may be logged in with another account, or it belongs to another reader."),
    ),
    404: (
        _l("There is no such page"),
        _l("The address may be mistyped, or what was here is gone. Search for the book instead."),
    ),
    405: (
        _l("That can not be opened like this"),
        _l("This address only works with its button. Please go back to the page."),
    ),
    413: (_l("That is too large"), _l("Please send less at once.")),
    429: (_l("That was a bit too fast"), _l("Please wait a moment and try again.")),
    500: (
        _l("Something went wrong on our side"),
        _l("Nothing of yours is lost. Please try again in a minute."),
    ),
    503: (_l("The site is not ready yet"), _l("Please try again in a minute.")),
}


def init_app(app: Flask) -> None:
    """Answer every error with a calm page, or with JSON for those who asked for it."""
    app.register_error_handler(HTTPException, show_error)
    app.register_error_handler(AccountRefusal, show_refusal)
    app.register_error_handler(OperationalError, show_database_error)
    app.register_error_handler(ProgrammingError, show_database_error)


def show_error(error: HTTPException) -> ResponseReturnValue:
    """Show the page of the status; headers such as `Allow` and `Retry-After` are kept."""
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if is_api_call():
        return *yushu_error(status), _kept_headers(error)
    # A page can not link to others when the host asked for can not be one.
    if isinstance(error, BadHost):
        return error.get_response()
    title, advice = SENTENCES.get(status, SENTENCES[500 if status >= 500 else 400])
    if isinstance(error, CSRFError):
        advice = gettext("The form was open for too long. Please load the page again and repeat it.")
    elif isinstance(error, TooManyRequests) and (wait := _seconds_to_wait(error)):
        advice = _come_back(wait)
    return error_page(status, str(title), str(advice), _kept_headers(error))


def show_refusal(refusal: AccountRefusal) -> ResponseReturnValue:
    """Show a refusal that no page has shown by itself."""
    words = sentence(refusal)
    return lead_back(words) or error_page(409, gettext("That can not be done"), words)


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


def error_page(status: int, title: str, advice: str, headers: dict[str, str] | None = None) -> ResponseReturnValue:
    """Return one error as a page or as JSON."""
    if wants_json():
        return jsonify(error={"status": status, "title": title, "advice": advice}), status, headers or {}
    page = render_template("errors/error.html", status=status, title=title, advice=advice)
    return page, status, headers or {}


def show_database_error(error: OperationalError | ProgrammingError) -> ResponseReturnValue:
    """Say which command mends a database that was never migrated; else it is our fault: 500."""
    forget_reader()
    if is_migrated():
        log.error("database error", exc_info=error)
        return show_error(InternalServerError())
    log.error("the database is not migrated", mend=PREPARE)
    advice = gettext("The database has not been prepared: run flask --app fisher db upgrade")
    if current_app.config["ENVIRONMENT"] == "production":
        advice = str(SENTENCES[503][1])
    return error_page(503, str(SENTENCES[503][0]), advice, {"Retry-After": "60"})


def _kept_headers(error: HTTPException) -> dict[str, str]:
    headers = dict(error.get_headers(request.environ))
    return {name: value for name, value in headers.items() if name not in ("Content-Type", "Content-Length")}
