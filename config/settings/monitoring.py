"""Settings: monitoring."""

from dataclasses import dataclass

from config.values import INSTANCE, setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Monitoring:
    """What operators see of a running site."""

    METRICS_TOKEN: str = setting(
        "", "`Authorization: Bearer …` that `/metrics` asks for; empty: no such page", secret=True, optional=True
    )
    METRICS_FOLDER: str = setting(
        str(INSTANCE / "metrics"), "where the processes of a machine add up their counters; emptied at each start"
    )
    SLOW_PAGE: int = setting(0, "a slower page is a line `slow page` in the log; 0: none", "milliseconds")
    SLOW_QUERY: int = setting(0, "a slower SQL statement is a line `slow query` in the log; 0: none", "milliseconds")
    SENTRY_DSN: str = setting(
        "",
        "address of a project of Sentry, to which errors in the log are sent; empty: none",
        secret=True,
        optional=True,
    )
    OTLP_ENDPOINT: str = setting(
        "",
        "address of a collector of OpenTelemetry (OTLP over HTTP), to which traces are sent; empty: none",
        secret=True,
        optional=True,
    )
