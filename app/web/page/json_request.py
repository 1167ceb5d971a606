"""JSON instead of a page."""

from typing import Any

from flask import Response, jsonify, request
from werkzeug.http import HTTP_STATUS_CODES

FOR_PROGRAMS = {"web.suggest"}
"""Endpoints that have no page."""


def wants_json() -> bool:
    """Return whether the client prefers JSON to a page, or there is only JSON."""
    if request.endpoint in FOR_PROGRAMS:
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def error_json(status: int, code: str = "", **facts: Any) -> Response:
    """Return an error in the one format for programs: status, code and further facts."""
    code = code or HTTP_STATUS_CODES[status].lower().replace(" ", "_")
    return jsonify(error={"status": status, "code": code, **facts})
