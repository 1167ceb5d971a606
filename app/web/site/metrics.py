"""Figures of the site for Prometheus."""

import hmac
from collections.abc import Iterator
from typing import TYPE_CHECKING

from flask import Response, abort, current_app, request

from app import metrics as counters
from app.models.base import now
from app.services.site.figures import Figures, read_figures
from app.web.blueprint import web

if TYPE_CHECKING:
    from prometheus_client import Metric


@web.get("/metrics")
def metrics() -> Response:
    """Show what was counted to whoever has the token; without a token in the settings, or with a wrong one, 404."""
    token = current_app.config["METRICS_TOKEN"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        abort(404)
    site: counters.Metrics = current_app.extensions[counters.EXTENSION]
    from prometheus_client import CONTENT_TYPE_LATEST  # not before the counters have been set up

    text = site.render(_families(read_figures(now()), now()))
    return Response(text, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _families(figures: Figures | None, time: int) -> Iterator["Metric"]:
    from prometheus_client.core import GaugeMetricFamily

    def gauge(name: str, meaning: str, value: float) -> "Metric":
        return GaugeMetricFamily(f"fisher_{name}", meaning, value=value)

    yield gauge("database_up", "Whether the database can be used; without it there are only counters.", bool(figures))
    if figures is None:
        return
    yield gauge("cache_up", "Whether the cache can be used.", figures.cache_up)
    yield gauge("outbox_waiting", "Jobs that are due or being run.", figures.outbox.waiting)
    yield gauge("outbox_age_seconds", "For how long the first of them has been due.", figures.outbox.age)
    yield gauge("outbox_failed", "Jobs that have failed for good.", figures.outbox.failed)
    yield gauge("clock_tried_timestamp_seconds", "When deadlines were last applied, or tried.", figures.clock_tried)
    yield gauge("clock_failures", "Failures since they were applied.", figures.clock_failures)
    drifts = GaugeMetricFamily("fisher_drifts", "Exchanges by state and way.", labels=["state", "way"])
    for state, way, count in figures.totals.drifts:
        drifts.add_metric([state, way], count)
    yield drifts
    beans = GaugeMetricFamily("fisher_beans", "Beans by where they are.", labels=["place"])
    beans.add_metric(["readers"], figures.totals.with_readers)
    beans.add_metric(["escrow"], figures.totals.in_escrow)
    beans.add_metric(["pool"], figures.totals.in_pool)
    yield beans
    yield gauge("beans_asleep", "Beans that the pool owes to silent readers.", figures.totals.asleep)
    yield gauge("index_up", "Whether the search index can be used.", bool(figures.index))
    if figures.index:
        yield gauge("index_age_seconds", "Since the index was built.", time - figures.index.built_at)
        yield gauge("index_waiting", "Changes of books that are not in the index yet.", figures.index.waiting)
        yield gauge("index_books", "Books in the index.", figures.index.books)
