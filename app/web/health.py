"""Whether the process lives and can work, for balancers and operators."""

from flask import jsonify
from flask.typing import ResponseReturnValue

from app.services import book, database
from app.web import web


@web.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Answer as long as the process lives."""
    return jsonify(status="ok")


@web.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Answer 200 when the database and the search index can be used, else 503."""
    checks = {
        "database": database.is_reachable() and database.is_migrated(),
        "search": book.is_searchable(),
    }
    return jsonify(status="ok" if all(checks.values()) else "not ready", **checks), (
        200 if all(checks.values()) else 503
    )
