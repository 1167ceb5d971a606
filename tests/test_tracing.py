"""What a stand-in for a collector of OpenTelemetry is sent of a request, and what it is not."""

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import requests
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.flask import FlaskInstrumentor
from opentelemetry.instrumentation.requests import RequestsInstrumentor
from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from sqlalchemy import text
from structlog.testing import capture_logs

from app import create_app
from app.jobs.celery import make_celery
from app.models.base import db
from app.tracing import PACKAGES
from config import ConfigurationError, Testing, load_settings
from tests.conftest import ENGINE
from tests.stand_in import UNKNOWN_BOOK, StandIn

ROOT = Path(__file__).parents[1]
SECRET = "Hidden-8f3a"


class Collector(HTTPServer):
    """Keeps what is sent to it."""

    def __init__(self):
        self.bodies, self.paths = [], []
        super().__init__(("127.0.0.1", 0), Receiver)
        self.url = f"http://127.0.0.1:{self.server_port}"


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.paths.append(self.path)
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def collector():
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def site(settings, collector):
    """A traced site with pages that do what leaves traces."""
    yield from traced(settings | {"OTLP_ENDPOINT": collector.url})


def traced(settings):
    app = create_app(Testing(**settings | {"TESTING": False}))

    @app.get("/broken/<token>")
    def broken(token):
        raise RuntimeError(f"no luck with {token}")

    @app.get("/asking/<token>")
    def asking(token):
        url = f"{app.config['YUSHU_URL']}/book?q={token}"
        requests.get(url, headers={"X-Token": token}, timeout=60)
        return str(db.session.scalar(text(f"SELECT :x || '{token}'"), {"x": token}))

    yield app
    app.extensions["tracing"].shutdown()
    FlaskInstrumentor.uninstrument_app(app)
    for instrumentor in (RequestsInstrumentor, SQLAlchemyInstrumentor):
        instrumentor().uninstrument()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def sent(site, collector):
    """Return the spans that have arrived, none of which says what only readers know: name, attributes, events."""
    assert site.extensions["tracing"].force_flush(10_000)
    assert SECRET not in str(collector.bodies)
    assert set(collector.paths) == {"/v1/traces"}
    parsed = [ExportTraceServiceRequest.FromString(body) for body in collector.bodies]
    resources = [resource for request in parsed for resource in request.resource_spans]
    assert all(as_dict(resource.resource.attributes)["service.name"] == "fisher" for resource in resources)
    return [span for resource in resources for scope in resource.scope_spans for span in scope.spans]


def as_dict(attributes):
    return {item.key: item.value.string_value or item.value.int_value for item in attributes}


def test_a_request_its_statements_and_its_calls_are_one_trace_without_what_they_are_about(site, collector):
    with StandIn(UNKNOWN_BOOK) as catalogue:
        site.config["YUSHU_URL"] = catalogue.url
        client = site.test_client()
        client.set_cookie("session", SECRET)
        headers = {"User-Agent": SECRET, "Referer": SECRET, "traceparent": f"00-{'a' * 32}-{'b' * 16}-01"}
        response = client.get(f"/asking/{SECRET}?q={SECRET}", headers=headers)
        assert response.status_code == 200
        assert not [name for name in catalogue.calls[0].headers if "trace" in name]

    spans = sent(site, collector)
    (page,) = [span for span in spans if span.name == "GET /asking/<token>"]
    (call,) = [span for span in spans if span.name == "GET"]
    (query,) = [span for span in spans if span.name == "SELECT"]

    assert as_dict(page.attributes) == {
        "http.method": "GET",
        "http.route": "/asking/<token>",
        "http.status_code": 200,
        "fisher.request_id": response.headers["X-Request-ID"],
    }
    assert as_dict(call.attributes)["fisher.catalogue_host"] == "127.0.0.1"
    system = {"sqlite": "sqlite", "mariadb": "mysql"}[ENGINE]
    assert as_dict(query.attributes) == {"db.system": system}
    assert {span.trace_id for span in (page, call, query)} == {page.trace_id}
    assert {call.parent_span_id, query.parent_span_id} == {page.span_id}
    assert not page.parent_span_id


def test_static_files_are_served_and_not_traced(site, collector):
    with site.test_client().get(f"/static/{site.extensions['static_files']['mark.svg']}") as file:
        assert file.status_code == 200
    assert site.test_client().get("/healthz").status_code == 200

    assert {span.name for span in sent(site, collector)} == {"GET /healthz"}


@pytest.mark.parametrize("path", [f"/{SECRET}", f"/book/{SECRET}/detail?q={SECRET}"])
def test_an_address_that_is_none_is_not_sent(site, collector, path):
    assert site.test_client().get(path).status_code == 404

    assert {span.name.split()[0] for span in sent(site, collector)} == {"GET"}


def test_an_error_is_sent_by_the_name_of_its_class(site, collector):
    assert site.test_client().get(f"/broken/{SECRET}").status_code == 500

    (span,) = [span for span in sent(site, collector) if span.name == "GET /broken/<token>"]

    assert as_dict(span.attributes)["http.status_code"] == 500
    assert [as_dict(event.attributes) for event in span.events] in ([], [{"exception.type": "RuntimeError"}])
    assert span.status.message == ""


def test_a_job_of_celery_is_traced(settings, collector):
    making = traced(settings | {"OTLP_ENDPOINT": collector.url, "JOB_RUNNER": "celery"})
    site = next(making)
    make_celery(site).tasks["fisher.drain"].apply()

    spans = sent(site, collector)
    CeleryInstrumentor().uninstrument()
    next(making, None)

    (run,) = [span for span in spans if span.name == "run/fisher.drain"]
    assert as_dict(run.attributes)["celery.task_name"] == "fisher.drain"
    statements = [span for span in spans if "db.system" in as_dict(span.attributes)]
    assert {span.trace_id for span in statements} >= {run.trace_id}


def test_pages_are_served_while_the_collector_is_away_and_the_log_says_so(settings):
    making = traced(settings | {"OTLP_ENDPOINT": f"http://:{SECRET}@127.0.0.1:1", "LOG_LEVEL": "WARNING"})
    site = next(making)
    with capture_logs() as lines:
        assert site.test_client().get("/healthz").status_code == 200
        next(making, None)

    assert {line["event"] for line in lines} == {"no traces to the collector"}
    assert SECRET not in str(lines)


def start(*before, **variables):
    """Create the site in a new process; return what it has done."""
    script = ";".join([*before, "from app import create_app", "from config import load_settings", START])
    environ = {"PATH": "/usr/bin:/bin", "FISHER_ENV": "testing"} | variables
    return subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environ, capture_output=True, text=True)


START = (
    "create_app(load_settings()); import sys; print('app.web' in sys.modules, 'opentelemetry.sdk.trace' in sys.modules)"
)


def test_without_a_collector_nothing_of_it_is_imported():
    assert start().stdout.strip() == "True False"


def test_a_collector_without_the_packages_is_refused_in_one_line():
    done = start("import sys", "sys.modules['opentelemetry'] = None", FISHER_OTLP_ENDPOINT="http://127.0.0.1:4318")

    assert done.stderr.splitlines()[-1].endswith(PACKAGES)


@pytest.mark.parametrize("address", ["127.0.0.1:4318", "grpc://127.0.0.1:4317", "http://127.0.0.1:port"])
def test_an_address_that_is_none_of_a_collector_is_refused(address):
    with pytest.raises(ConfigurationError, match="FISHER_OTLP_ENDPOINT"):
        load_settings({"FISHER_OTLP_ENDPOINT": address})
