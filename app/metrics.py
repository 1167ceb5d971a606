"""Counters of a site for Prometheus, added up over the processes of a machine; off unless METRICS_TOKEN is set."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request

if TYPE_CHECKING:
    from prometheus_client import Gauge, Histogram, Metric

    from app.catalogues.client import CatalogueClient, Outcome
    from app.services.site.replicas import Replica

EXTENSION = "metrics"
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


def init_app(app: Flask) -> None:
    """Count requests and calls of catalogues, if the site has a token for its metrics."""
    if app.config["METRICS_TOKEN"]:
        metrics = app.extensions[EXTENSION] = Metrics(app.config["METRICS_FOLDER"])
        app.after_request(metrics.note_request)
        for client in app.extensions["lookup"].clients:
            metrics.watch(client)
        for replica in app.extensions["replicas"]:
            metrics.watch_replica(replica)


class Metrics:
    """The counters of this process, and what all processes of the machine have counted."""

    def __init__(self, folder: str) -> None:
        # Read by the library when it is imported, which is why nothing imports it before.
        os.environ[FOLDER] = folder
        from prometheus_client import CollectorRegistry, Gauge, Histogram

        own = CollectorRegistry()
        self._requests: Histogram = Histogram(
            "fisher_request_seconds", "Requests by their route, and how long they took.",
            ["endpoint", "method", "status"], buckets=SECONDS, registry=own,
        )  # fmt: skip
        self._calls: Histogram = Histogram(
            "fisher_catalogue_seconds", "Calls of outside catalogues by outcome, and how long they took.",
            ["catalogue", "outcome"], buckets=SECONDS, registry=own,
        )  # fmt: skip
        self._resting: Gauge = Gauge(
            "fisher_catalogue_resting", "Whether a catalogue is left alone after failures, by the last call.",
            ["catalogue"], multiprocess_mode="mostrecent", registry=own,
        )  # fmt: skip
        self._behind: Gauge = Gauge(
            "fisher_replica_behind_seconds", "By how much a replica may be behind; infinite while it is lost.",
            ["replica"], multiprocess_mode="mostrecent", registry=own,
        )  # fmt: skip

    def note_request(self, response: Response) -> Response:
        """Count a request."""
        if "started" in g:
            labels = (request.endpoint or "none", request.method, f"{response.status_code // 100}xx")
            self._requests.labels(*labels).observe(time.perf_counter() - g.started)
        return response

    def watch(self, client: CatalogueClient) -> None:
        """Count the calls of a catalogue from now on."""

        def note(outcome: Outcome) -> None:
            self._calls.labels(client.name, outcome.word).observe(outcome.seconds)
            self._resting.labels(client.name).set(client.breaker.seconds_to_rest() > 0)

        client.watch = note

    def watch_replica(self, replica: Replica) -> None:
        """Note how far a replica is behind whenever that is measured."""
        replica.watch = self._behind.labels(replica.name).set

    def render(self, more: Iterable[Metric]) -> bytes:
        """Return everything in the text format of Prometheus, with further metrics."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        shown = CollectorRegistry()
        MultiProcessCollector(shown, os.environ[FOLDER])  # type: ignore[no-untyped-call]
        shown.register(_Given(list(more)))
        return generate_latest(shown)


class _Given:
    """A collector of what was already read."""

    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics
