"""Structured logs: one line for each event, with the request id and no personal data."""

import json
import logging
import re
import secrets
import sys
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict, Processor, WrappedLogger

from app import error_reports

log = structlog.get_logger("fisher")
REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")


class LibraryLines(logging.Handler):
    """Turns what a library warns of into lines of ours, without its words, which may name addresses."""

    def __init__(self, event: str) -> None:
        super().__init__(logging.WARNING)
        self._event = event

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line."""
        log.warning(self._event, library=record.name)


_LIMITER_LINES = LibraryLines("rate limits out of reach")


def init_app(app: Flask) -> None:
    """Set up structlog, and log one line for each request."""
    reporters: list[Processor] = []
    if app.config["SENTRY_DSN"]:
        error_reports.start_reporting(app.config["SENTRY_DSN"], app.config["ENVIRONMENT"])
        reporters = [error_reports.report]
    _configure(app.config["LOG_LEVEL"], app.config["LOG_JSON"], reporters)
    app.before_request(_start_request)
    app.after_request(_finish_request)
    app.log_exception = _tell_error  # type: ignore[method-assign]


def _configure(level: str, as_json: bool, reporters: list[Processor]) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *reporters,
            structlog.processors.format_exc_info,
            _as_json if as_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer)
        if as_json
        else structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # The development server's own lines would repeat those of `_finish_request`.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    # It has a handler that writes nothing, so that its only warning, that Redis is away, would be lost.
    logging.getLogger("flask-limiter").addHandler(_LIMITER_LINES)


_encode = json.JSONEncoder(ensure_ascii=False, default=repr).encode


def _as_json(_logger: WrappedLogger, _method: str, event: EventDict) -> bytes:
    # One write for each line: logging a request took a fifth of the time of a cached page.
    return _encode(event).encode(errors="backslashreplace")


def _start_request() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if REQUEST_ID.match(given) else secrets.token_hex(16)
    g.started = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _tell_error(exc_info: Any) -> None:
    """Log an unhandled exception instead of Flask, whose text names the path: links contain tokens."""
    log.error("unforeseen error", method=request.method, endpoint=request.endpoint, exc_info=exc_info)


def _finish_request(response: Response) -> Response:
    if "request_id" in g:
        response.headers["X-Request-ID"] = g.request_id
        if request.endpoint != "static":
            log.info(
                "request",
                method=request.method,
                endpoint=request.endpoint,
                status=response.status_code,
                ms=round((time.perf_counter() - g.started) * 1000, 1),
            )
    return response
