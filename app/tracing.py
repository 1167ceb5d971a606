"""Traces of requests, SQL statements, calls of catalogues and jobs for OpenTelemetry; off unless OTLP_ENDPOINT is set.

Only what is listed here is sent. The instrumentations would also send URLs with their tokens, SQL statements, network
addresses and messages of errors.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask

from app.logs import LibraryLines
from app.models.base import db
from config import ConfigurationError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

SENT = (
    "http.method", "http.route", "http.status_code", "http.request.method", "http.response.status_code",
    "db.system", "db.system.name", "error.type", "exception.type", "celery.action", "celery.task_name", "celery.state",
)  # fmt: skip
CATALOGUE, REQUEST_ID = "fisher.catalogue_host", "fisher.request_id"
TIMEOUT = 5
"""Seconds to wait for the collector, in a thread of its own."""
PACKAGES = 'FISHER_OTLP_ENDPOINT needs more packages: pipenv sync --categories "packages tracing"'
_LINES = LibraryLines("no traces to the collector")


def init_app(app: Flask) -> None:
    """Trace the application, if it has a collector.

    :raises ConfigurationError: there is a collector, and the packages of tracing are not installed.
    """
    if not app.config["OTLP_ENDPOINT"]:
        return
    try:
        _start_tracing(app)
    except ImportError:
        raise ConfigurationError(PACKAGES) from None


def _start_tracing(app: Flask) -> None:
    from opentelemetry.instrumentation.flask import FlaskInstrumentor
    from opentelemetry.instrumentation.requests import RequestsInstrumentor
    from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
    from opentelemetry.propagate import set_global_textmap

    set_global_textmap(_NoPropagator())  # type: ignore[arg-type]  # its base class is not imported before it is needed
    for name in ("opentelemetry.exporter", "opentelemetry.sdk"):
        logging.getLogger(name).addHandler(_LINES)
        logging.getLogger(name).propagate = False
    provider = _make_provider(app)
    options = {"tracer_provider": provider, "enable_commenter": False, "response_hook": _note_request_id}
    FlaskInstrumentor.instrument_app(app, **options)  # type: ignore[no-untyped-call]
    with app.app_context():
        SQLAlchemyInstrumentor().instrument(engine=db.engine, tracer_provider=provider)
    RequestsInstrumentor().instrument(tracer_provider=provider, request_hook=_note_catalogue)
    if app.config["JOB_RUNNER"] == "celery":
        from opentelemetry.instrumentation.celery import CeleryInstrumentor

        CeleryInstrumentor().instrument(tracer_provider=provider)  # type: ignore[no-untyped-call]


def _make_provider(app: Flask) -> "TracerProvider":
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    exporter = OTLPSpanExporter(f"{app.config['OTLP_ENDPOINT'].rstrip('/')}/v1/traces", timeout=TIMEOUT)
    _send_only_what_is_listed(exporter)
    resource = Resource({"service.name": "fisher", "deployment.environment.name": app.config["ENVIRONMENT"]})
    provider = app.extensions["tracing"] = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


class _NoPropagator:
    """Takes no trace from visitors, who would choose what is traced, and tells none to catalogues."""

    fields: frozenset[str] = frozenset()

    def extract(self, _carrier: Any, context: Any = None, **_more: Any) -> Any:
        from opentelemetry.context import get_current

        return context or get_current()

    def inject(self, _carrier: Any, **_more: Any) -> None:
        """Add nothing."""


def _send_only_what_is_listed(exporter: "SpanExporter") -> None:
    export = exporter.export
    exporter.export = lambda spans: export([_reduced(span) for span in spans])  # type: ignore[method-assign]


def _note_request_id(span: Any, _status: str, headers: Sequence[tuple[str, str]]) -> None:
    if span:
        span.set_attribute(REQUEST_ID, dict(headers).get("X-Request-ID", ""))


def _note_catalogue(span: Any, request: Any) -> None:
    span.set_attribute(CATALOGUE, urlsplit(request.url).hostname or "")


def _reduced(span: "ReadableSpan") -> "ReadableSpan":
    from opentelemetry.sdk.trace import Event, ReadableSpan
    from opentelemetry.trace import Status

    kept = _kept(span.attributes)
    return ReadableSpan(
        name=_name(span.name, kept),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=kept,
        events=[Event(event.name, _kept(event.attributes), event.timestamp) for event in span.events],
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _kept(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (attributes or {}).items() if name in (*SENT, CATALOGUE, REQUEST_ID)}


def _name(given: str, kept: Mapping[str, Any]) -> str:
    """Return the method and route of a request, the first word of a statement, the task of a job."""
    if "celery.action" in kept:
        return given
    return f"{given.split()[0]} {kept.get('http.route', '')}".strip()
