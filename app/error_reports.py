"""Errors that are logged, sent to Sentry as well; off unless SENTRY_DSN is set.

Only what is said here is sent: where in the code it happened, and the request id. Nothing of the request, of the reader
or of variables is, because addresses contain tokens.
"""

from typing import TYPE_CHECKING, Any

from structlog.typing import EventDict, WrappedLogger

from config import ConfigurationError

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

TAGS = ("event", "request_id", "endpoint", "method", "kind", "catalogue")
QUOTING = ("sqlalchemy", "pymysql", "sqlite3")
"""Libraries whose messages quote values of rows."""
SHUTDOWN_SECONDS = 2


def start_reporting(dsn: str, environment: str) -> None:
    """Set up the client; it sends from a thread of its own, so that no request waits for it.

    :raises ConfigurationError: the address is none of a project.
    """
    import sentry_sdk
    from sentry_sdk.integrations.atexit import AtexitIntegration
    from sentry_sdk.utils import BadDsn, Dsn

    try:
        Dsn(dsn)
    except BadDsn:
        raise ConfigurationError("FISHER_SENTRY_DSN is no address of a project") from None
    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        default_integrations=False,
        integrations=[AtexitIntegration(callback=lambda _pending, _seconds: None)],
        include_local_variables=False,
        max_breadcrumbs=0,
        server_name="",
        shutdown_timeout=SHUTDOWN_SECONDS,
        before_send=_without_values,
    )


def report(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Send an event of the log that is about an exception; a processor of structlog."""
    if given := event.get("exc_info"):
        import sentry_sdk

        with sentry_sdk.new_scope() as scope:
            for name in TAGS:
                if event.get(name):
                    scope.set_tag(name, str(event[name]))
            scope.capture_exception(None if given is True else given)
    return event


def _without_values(event: "Event", _hint: "Hint") -> "Event":
    exceptions: list[dict[str, Any]] = event.get("exception", {}).get("values", [])
    for exception in exceptions:
        if str(exception.get("module") or "").startswith(QUOTING):
            exception["value"] = ""
    return event
