"""The current reader: Flask-Login on the sessions of `services.account.login_session`, and required roles."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from flask import Flask, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from app.extensions import login_manager
from app.models.user import User
from app.rules.account.role import Role, may_act_as
from app.services.account import login_session
from app.services.sight.visible import PUBLIC, Sight
from app.web.page.json_request import error_json, wants_json
from app.web.page.paths import local_path, referring_page

View = Callable[..., ResponseReturnValue]


def init_app(_app: Flask) -> None:
    """Set up how Flask-Login finds readers, and where they log in."""
    # The default ends a session when the network address or the user agent changes.
    login_manager.session_protection = None
    login_manager.user_loader(login_session.find_reader)
    login_manager.unauthorized_handler(ask_to_log_in)


def reader() -> User:
    """Return the reader who is logged in; only for views that require a log-in."""
    return cast("User", current_user._get_current_object())


def reader_id() -> int | None:
    """Return the id of the reader who is logged in; None for a visitor."""
    return reader().id if current_user.is_authenticated else None


def sight() -> Sight:
    """Return what the client sees of others: what everybody does, unless there are blocks or circles."""
    return Sight(reader().id, reader().has_blocks, reader().has_circles) if current_user.is_authenticated else PUBLIC


def may_act(needed: Role) -> bool:
    """Return whether the client is logged in as a reader with this role or a higher one."""
    return current_user.is_authenticated and may_act_as(reader().role, needed)


def role_required(needed: Role) -> Callable[[View], View]:
    """Restrict a view to readers with this role or a higher one; visitors are asked to log in.

    Other readers get 404, as for a URL that does not exist, and not 403: a page of the desk is of no use to them, and
    a refusal would show strangers where to try. The role is loaded with each request, so that revoking it takes effect
    on the next one. Goes below the route, instead of `login_required`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            if not current_user.is_authenticated:
                return ask_to_log_in()
            if not may_act_as(reader().role, needed):
                abort(404)
            return view(*args, **kwargs)

        checked.required_role = needed  # type: ignore[attr-defined]  # for the tests that list the pages by role
        return checked

    return decorate


def forget_reader() -> None:
    """Treat the client as a visitor for the rest of this request, because the database cannot be asked."""
    g._login_user = login_manager.anonymous_user()


def ask_to_log_in() -> ResponseReturnValue:
    """Redirect to the log-in page, which leads back afterwards."""
    if wants_json():
        return error_json(401, "login_required"), 401
    flash(gettext("Please log in first."))
    # A redirect cannot repeat a POST, so it leads back to the page with the button.
    page = request.full_path.removesuffix("?") if request.method == "GET" else referring_page()
    return redirect(url_for("web.login", next=local_path(page)))
