"""What a stand-in for Sentry is sent when something goes wrong, and what it is not."""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import brotli
import pytest
import sentry_sdk
from flask_migrate import stamp
from sqlalchemy import text

from app import create_app
from app.jobs.drain import drain
from app.jobs.registry import HANDLERS
from app.models.base import db
from app.services.outbox import enqueue
from config import ConfigurationError, Testing

SECRET = "Hidden-8f3a"


class Collector(HTTPServer):
    """Keeps the events that are sent to it; a project of Sentry is a path of an HTTP server."""

    def __init__(self):
        self.events = []
        super().__init__(("127.0.0.1", 0), Receiver)
        self.dsn = f"http://{'0' * 32}@127.0.0.1:{self.server_port}/1"


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        opened = {"gzip": gzip.decompress, "br": brotli.decompress}
        body = opened[self.headers["Content-Encoding"]](body)
        _head, kind, *rest = body.split(b"\n")
        if json.loads(kind)["type"] == "event":
            self.server.events.append(json.loads(rest[0]))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


@pytest.fixture
def collector():
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        sentry_sdk.get_client().close(timeout=5)
        sentry_sdk.init(default_integrations=False)
        server.shutdown()
        thread.join()


@pytest.fixture
def site(settings, collector):
    app = create_app(Testing(**settings | {"SENTRY_DSN": collector.dsn, "TESTING": False}))

    @app.get("/broken/<token>")
    def broken(token):
        raise RuntimeError("a fault of ours")

    @app.get("/refused/<token>")
    def refused(token):
        return str(db.session.scalar(text("SELECT * FROM nowhere WHERE x = :x"), {"x": token}))

    return app


def sent(collector):
    """Return the events that have arrived, none of which says what only readers know."""
    sentry_sdk.flush(timeout=5)
    assert SECRET not in json.dumps(collector.events)
    return collector.events


def test_an_error_arrives_with_its_place_and_nothing_of_the_reader(site, collector):
    client = site.test_client()
    client.set_cookie("session", SECRET)
    response = client.get(f"/broken/{SECRET}?q={SECRET}", headers={"User-Agent": SECRET, "Referer": SECRET})

    (event,) = sent(collector)

    assert response.status_code == 500
    assert event["tags"]["request_id"] == response.headers["X-Request-ID"]
    assert (event["tags"]["endpoint"], event["environment"]) == ("broken", "testing")
    (fault,) = event["exception"]["values"]
    assert (fault["type"], fault["value"]) == ("RuntimeError", "a fault of ours")
    assert fault["stacktrace"]["frames"][-1]["function"] == "broken"
    assert not event["breadcrumbs"]["values"]
    assert not {"request", "user", "server_name", "extra", "modules"} & {name for name, value in event.items() if value}


def test_messages_of_a_database_which_quote_rows_are_left_out(site, collector):
    with site.app_context():
        stamp()
    site.test_client().get(f"/refused/{SECRET}")

    values = [fault for event in sent(collector) for fault in event["exception"]["values"]]

    assert {fault["type"] for fault in values} & {"OperationalError", "ProgrammingError"}
    assert {fault["value"] for fault in values} == {""}


def test_a_job_that_fails_arrives_as_well(site, collector, monkeypatch):
    def fail(_job):
        raise RuntimeError("no luck")

    monkeypatch.setitem(HANDLERS, "mail.reset_password", fail)
    with site.app_context():
        with db.auto_commit():
            enqueue("mail.reset_password", {"email": SECRET})
        drain(1, 60)

    (event,) = sent(collector)

    assert (event["tags"]["event"], event["tags"]["kind"]) == ("job failed", "mail.reset_password")


def test_pages_are_served_while_sentry_is_away(settings, collector):
    app = create_app(Testing(**settings | {"SENTRY_DSN": "http://0@127.0.0.1:1/1", "TESTING": False}))
    app.add_url_rule("/broken", view_func=lambda: 1 / 0)

    assert app.test_client().get("/broken").status_code == 500
    assert app.test_client().get("/healthz").status_code == 200


@pytest.mark.parametrize("dsn", ["https://sentry.example", "https://key@sentry.example", f"ftp://{SECRET}@x/1"])
def test_an_address_of_no_project_is_refused_at_the_start(settings, dsn):
    with pytest.raises(ConfigurationError, match="FISHER_SENTRY_DSN") as refused:
        settings = Testing(**settings | {"SENTRY_DSN": dsn})
        settings.ensure_complete()
        create_app(settings)
    assert SECRET not in str(refused.value)
