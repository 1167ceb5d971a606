"""Log lines about pages and SQL statements that take longer than the settings say."""

import time
from typing import Any

from flask import Flask, Response, current_app, g, request
from sqlalchemy import event

from app.logs import log
from app.models.base import db
from app.services.site.replicas import site_replicas

LONGEST_STATEMENT = 1_000


def init_app(app: Flask) -> None:
    """Watch pages and statements, each only if its setting is above zero."""
    if app.config["SLOW_PAGE"]:
        app.after_request(_note_page)
    if app.config["SLOW_QUERY"]:
        with app.app_context():
            for engine in (db.engine, *(replica.engine for replica in site_replicas())):
                _watch_statements(engine, app.config["SLOW_QUERY"])


def _note_page(response: Response) -> Response:
    if "started" in g and (ms := _since(g.started)) > current_app.config["SLOW_PAGE"]:
        log.warning("slow page", endpoint=request.endpoint, method=request.method, ms=ms)
    return response


def _watch_statements(engine: Any, limit: int) -> None:
    """Log slow statements without their parameters, which may be personal."""

    @event.listens_for(engine, "before_cursor_execute")
    def begin(_connection: Any, _cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool) -> None:
        context.began = time.perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def end(_connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool) -> None:
        if (ms := _since(context.began)) > limit:
            log.warning("slow query", ms=ms, statement=" ".join(statement.split())[:LONGEST_STATEMENT])


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)
