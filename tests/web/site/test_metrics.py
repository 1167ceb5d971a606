"""What Prometheus sees of a site, and what an operator has drawn and alarmed from it."""

import json
import math
import re
from pathlib import Path

import pytest
import requests
import structlog
from sqlalchemy import create_engine, text

from app import create_app
from app.models.base import db, now
from app.rules.clock import DAY
from app.rules.exchange.drift import Way
from app.services.account.pool import run_pool
from app.services.book.lookup import find_book
from app.services.outbox import enqueue
from app.services.site.replicas import Replica
from config import Testing
from tests.exchange import NOW, exchange, reader
from tests.factories import BookFactory
from tests.servers import free_port, wait_until
from tests.stand_in import UNKNOWN_BOOK, StandIn, answer
from tests.web.server import served

TOKEN = "a-token-of-some-length"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
DEPLOY = Path(__file__).parents[3] / "deploy"


@pytest.fixture(scope="session")
def metrics_folder(tmp_path_factory):
    """One for the whole process, in which the library keeps its files open."""
    yield str(tmp_path_factory.mktemp("metrics"))
    from prometheus_client.values import close_all_multiprocess_files  # not before the folder is known

    close_all_multiprocess_files()


@pytest.fixture
def settings(settings, metrics_folder):
    return settings | {"METRICS_TOKEN": TOKEN, "METRICS_FOLDER": metrics_folder}


def read(client):
    """Return the value of each line by its name with its labels."""
    response = client.get("/metrics", headers=HEADERS)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    return values(response.text)


def values(body):
    lines = [line.rsplit(" ", 1) for line in body.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def requests_of(said, endpoint, status="2xx", method="GET"):
    name = f'fisher_request_seconds_count{{endpoint="{endpoint}",method="{method}",status="{status}"}}'
    return said.get(name, 0)


@pytest.mark.parametrize(
    "given", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}, {"Authorization": "Bearer é"}]
)
def test_without_the_token_there_is_no_such_page(client, given):
    assert client.get("/metrics", headers=given).status_code == 404


def test_without_a_token_in_the_settings_nobody_has_it(settings):
    app = create_app(Testing(**settings | {"METRICS_TOKEN": ""}))

    assert app.test_client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_requests_are_counted_by_their_route(client):
    before = read(client)
    client.get("/")
    client.get("/book/9787536692930/detail")
    client.get("/no/such/page")
    client.post("/login", data={})

    after = read(client)

    assert requests_of(after, "web.index") == requests_of(before, "web.index") + 1
    assert requests_of(after, "web.book_detail", "4xx") == requests_of(before, "web.book_detail", "4xx") + 1
    assert requests_of(after, "none", "4xx") == requests_of(before, "none", "4xx") + 1
    assert requests_of(after, "web.metrics") == requests_of(before, "web.metrics") + 1
    assert "9787536692930" not in "".join(after)


def test_the_exchange_the_jobs_and_the_index_are_seen(app, client):
    with app.app_context():
        for state, way in (("waiting", Way.POST), ("waiting", Way.POST), ("waiting", Way.MEET), ("received", Way.POST)):
            exchange(state, way=way)
        with db.auto_commit():
            enqueue("mail.reset_password", {"email": "li@example.org"}, run_after=now() - 500)
    flask = app.test_cli_runner()
    assert read(client)["fisher_index_up"] == 0
    assert read(client)["fisher_clock_tried_timestamp_seconds"] == 0

    flask.invoke(args=["search", "update"])
    with app.app_context():
        BookFactory()
    said = read(client)

    drifts = {name: count for name, count in said.items() if name.startswith("fisher_drifts")}
    assert drifts == {
        'fisher_drifts{state="waiting",way="post"}': 2,
        'fisher_drifts{state="waiting",way="meet"}': 1,
        'fisher_drifts{state="received",way="post"}': 1,
    }
    assert (said['fisher_beans{place="readers"}'], said['fisher_beans{place="escrow"}']) == (1, 3)
    assert (said['fisher_beans{place="pool"}'], said["fisher_beans_asleep"], said["fisher_cache_up"]) == (0, 0, 1)
    assert said["fisher_outbox_waiting"] == 1
    assert 500 <= said["fisher_outbox_age_seconds"] < 600
    assert (said["fisher_index_up"], said["fisher_index_books"], said["fisher_index_waiting"]) == (1, 4, 1)
    assert said["fisher_index_age_seconds"] < 60
    flask.invoke(args=["jobs", "run", "--once"])
    said = read(client)
    assert abs(said["fisher_clock_tried_timestamp_seconds"] - now()) < 60
    assert (said["fisher_clock_failures"], said["fisher_outbox_waiting"], said["fisher_outbox_failed"]) == (0, 0, 0)


def test_beans_that_sleep_are_seen_in_the_pool(app, client):
    with app.app_context():
        reader(3)
        run_pool(NOW + 180 * DAY)
    said = read(client)

    assert [said[f'fisher_beans{{place="{place}"}}'] for place in ("readers", "escrow", "pool")] == [0, 0, 3]
    assert said["fisher_beans_asleep"] == 3


def test_a_cache_that_is_away_is_seen(settings):
    away = {"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}
    client = create_app(Testing(**settings | away)).test_client()

    assert read(client)["fisher_cache_up"] == 0


def test_a_database_that_is_away_is_seen_and_counters_go_on(settings):
    uri = f"mysql+pymysql://fisher@127.0.0.1:{free_port()}/fisher"
    client = create_app(Testing(**settings | {"SQLALCHEMY_DATABASE_URI": uri})).test_client()
    client.get("/healthz")

    said = read(client)

    assert said["fisher_database_up"] == 0
    assert requests_of(said, "web.healthz") > 0
    assert "fisher_beans" not in "".join(said)


def test_calls_of_catalogues_are_counted_and_a_broken_one_is_seen(settings):
    with StandIn(UNKNOWN_BOOK) as server:
        names = {"BOOK_CATALOGUES": ("yushu",), "YUSHU_URL": server.url}
        app = create_app(Testing(**settings | names))
        client = app.test_client()
        calls = 'fisher_catalogue_seconds_count{{catalogue="yushu",outcome="{}"}}'
        before = read(client)
        with app.app_context():
            find_book("9787536692930")
            find_book("9787536692930")
        server.behave = answer("broken", 500)
        with app.app_context():
            for isbn in ("9787020002207", "9787020002214", "9787506365437"):
                find_book(isbn)
        after = read(client)

    assert after[calls.format("not found")] == before.get(calls.format("not found"), 0) + 1
    assert after[calls.format("out of order")] == before.get(calls.format("out of order"), 0) + 3
    assert after['fisher_catalogue_resting{catalogue="yushu"}'] == 1


@pytest.mark.slow
def test_all_processes_of_a_machine_are_one_count_whichever_answers(tmp_path):
    folder = tmp_path / "counters"
    settings = {"METRICS_TOKEN": TOKEN, "METRICS_FOLDER": str(folder)}
    with served(f"sqlite:///{tmp_path / 'site.db'}", tmp_path, ["--workers=3", "--threads=2"], **settings) as site:

        def count():
            said = values(requests.get(f"{site.url}/metrics", headers=HEADERS, timeout=60).text)
            return requests_of(said, "web.healthz")

        def ask(times):
            for _ in range(times):
                requests.get(f"{site.url}/healthz", timeout=60)

        ask(30)
        assert {count() for _ in range(6)} == {30}
        before = site.workers()
        site.kill_a_worker()
        wait_until(lambda: len(site.workers()) == 3 and site.workers() != before, 60, "no new worker")
        ask(10)
        assert {count() for _ in range(6)} == {40}


def test_a_replica_is_shown_with_how_far_it_is_behind(app, client):
    engine = create_engine("mysql+pymysql://127.0.0.1:3999/fisher")
    replica = Replica(engine, engine, 10)
    app.extensions["metrics"].watch_replica(replica)
    for behind in (0.5, math.inf):
        replica.watch(behind)
        assert read(client)['fisher_replica_behind_seconds{replica="127.0.0.1:3999"}'] == behind


def test_the_dashboard_and_the_alerts_name_what_there_is(app, client):
    with app.app_context():
        exchange()
    app.test_cli_runner().invoke(args=["search", "update"])
    client.get("/healthz")
    body = client.get("/metrics", headers=HEADERS).text
    known = set(re.findall(r"^# TYPE (\w+)", body, re.MULTILINE))
    known |= {f"{name}{part}" for name in known for part in ("_count", "_sum", "_bucket")}
    panels = json.loads((DEPLOY / "grafana-dashboard.json").read_text(encoding="utf-8"))["panels"]
    drawn = " ".join(target["expr"] for panel in panels for target in panel["targets"])
    alarmed = (DEPLOY / "prometheus-alerts.yml").read_text(encoding="utf-8")

    for expressions in (drawn, alarmed):
        named = set(re.findall(r"\bfisher_\w+", expressions))
        assert named
        assert (
            named
            - known
            - {"fisher_catalogue_seconds_count", "fisher_catalogue_seconds_bucket", "fisher_catalogue_resting"}
            - {"fisher_replica_behind_seconds"}
            == set()
        )


@pytest.mark.sqlite("MariaDB ends a recursion early")
def test_slow_pages_and_statements_are_named_without_what_they_are_about(settings):
    app = create_app(Testing(**settings | {"SLOW_PAGE": 100, "SLOW_QUERY": 100, "LOG_LEVEL": "INFO"}))

    @app.get("/slow")
    def slow():
        numbers = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < :most)"
        return str(db.session.scalar(text(f"{numbers} SELECT max(x) FROM n"), {"most": 2_000_000}))

    with structlog.testing.capture_logs() as lines:
        app.test_client().get("/healthz")
        with app.app_context():
            db.session.execute(text("SELECT 1"))
        assert [line for line in lines if line["event"].startswith("slow")] == []
        assert app.test_client().get("/slow").text == "2000000"

    query, page = [line for line in lines if line["event"].startswith("slow")]
    assert (query["event"], query["statement"].startswith("WITH RECURSIVE"), query["ms"] > 100) == (
        "slow query",
        True,
        True,
    )
    assert (page["event"], page["endpoint"], page["method"], page["ms"] > 100) == ("slow page", "slow", "GET", True)
    assert "2000000" not in query["statement"]
