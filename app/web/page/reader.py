"""Who is reading: Flask-Login tied to the log-ins of `services.login_session`."""

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
from app.web.page.json_request import error_json, wants_json
from app.web.page.paths import local_path, referring_page

View = Callable[..., ResponseReturnValue]


def init_app(_app: Flask) -> None:
    """Tell Flask-Login where readers are found and where they log in."""
    # The default ends a log-in when the network address or the browser's name changes.
    login_manager.session_protection = None
    login_manager.user_loader(login_session.find_reader)
    login_manager.unauthorized_handler(ask_to_log_in)


def reader() -> User:
    """Return who is logged in; only for pages that need it."""
    return cast("User", current_user._get_current_object())


def role_required(needed: Role) -> Callable[[View], View]:
    """Let only readers with this role, or a higher one, open a page; visitors are asked to log in.

    All other readers get the same 404 as at an address that does not exist, not 403: a page of the desk is of no use
    to them, and a refusal would tell strangers where to try. The role is read with each request, so that one that was
    taken away is gone with the next. Goes below the route, in the place of `login_required`.
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
    """Show the rest of this response as to a visitor: the database cannot say who is reading."""
    g._login_user = login_manager.anonymous_user()


def ask_to_log_in() -> ResponseReturnValue:
    """Lead to the log-in page and back again."""
    if wants_json():
        return error_json(401, "login_required"), 401
    flash(gettext("Please log in first."))
    # A button cannot be pressed again by a redirect: back to its page.
    page = request.full_path.removesuffix("?") if request.method == "GET" else referring_page()
    return redirect(url_for("web.login", next=local_path(page)))
