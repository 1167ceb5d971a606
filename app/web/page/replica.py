"""Which clients are shown pages from a replica: visitors, except those who have just changed something."""

from collections.abc import Callable
from functools import wraps

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue

from app.i18n import cookie_name, may_be_logged_in
from app.models.base import db
from app.services.site.replicas import read_from_replica, seconds_until_replicated

CHANGED_COOKIE = "changed"


def init_app(app: Flask) -> None:
    """Let browsers remember for some seconds that they have changed something, if the site has replicas."""
    if app.config["DATABASE_REPLICA_URLS"]:
        app.after_request(_remember_change)


def needs_latest() -> bool:
    """Return whether the client may be logged in, or may have changed what replicas and kept pages do not show yet."""
    return may_be_logged_in() or cookie_name(CHANGED_COOKIE) in request.cookies


def from_replica(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Read a view for visitors from a replica; goes below the route and its rate limit."""

    @wraps(view)
    def page(**arguments: object) -> ResponseReturnValue:
        if needs_latest():
            return view(**arguments)
        return read_from_replica(lambda: view(**arguments))

    return page


def _remember_change(response: Response) -> Response:
    """Set a cookie without content, which holds as long as a replica or a kept page may show what was before.

    The length of time is the same for each machine, so that their clocks need not agree.
    """
    if db.has_committed and not response.cache_control.public:
        response.cache_control.no_store = True
        response.set_cookie(
            cookie_name(CHANGED_COOKIE),
            "1",
            max_age=seconds_until_replicated(),
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response
