"""Health checks for load balancers and operators."""

from flask import jsonify
from flask.typing import ResponseReturnValue

from app.models.base import now
from app.services.book.search import is_searchable
from app.services.site import database
from app.services.site.clock import is_clock_running
from app.web.blueprint import web

STANDING_CLOCK = "no deadline has been applied for 10 minutes: does a worker run?"


@web.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Respond while the process is alive."""
    return jsonify(status="ok")


@web.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Respond with 200 if the database and the search index can be used, otherwise with 503; report the clock.

    Pages work without the clock, so a stopped clock is reported but does not take the server out of service.
    """
    checks = {
        "database": database.is_reachable() and database.is_migrated(),
        "search": is_searchable(),
    }
    is_ready = all(checks.values())
    runs = is_clock_running(now())
    told = {} if runs else {"mend": STANDING_CLOCK}
    return jsonify(status="ok" if is_ready else "not ready", **checks, clock=runs, **told), 200 if is_ready else 503
