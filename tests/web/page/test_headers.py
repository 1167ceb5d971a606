import json

import pytest
import time_machine
from alembic.script import ScriptDirectory
from sqlalchemy import update

from app import create_app
from app.jobs.worker import write_periodic_jobs
from app.models.base import db, now
from app.models.outbox import Outbox
from app.services.site import database
from config import Production, Testing
from tests.site.pages import PUBLIC_PAGES
from tests.web.forms import log_in


@pytest.mark.parametrize("path", ["/", "/book/search?q=1984", "/no/such/page", "/healthz", "/static/style.css"])
def test_every_answer_carries_the_security_headers(client, path):
    with client.get(path) as answer:
        headers = answer.headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize(
    "path", ["/", "/login", "/book/search?q=1984", "/book/search?q=", "/book/9787536692930/detail", "/no/such/page"]
)
def test_a_page_says_that_it_depends_on_language_log_in_and_kind(client, path, accept):
    answer = client.get(path, headers={"Accept": accept})

    assert {"Accept", "Accept-Language", "Cookie"} <= set(answer.vary)


@pytest.mark.parametrize("path", ["/", "/personal", "/personal/second-factor", "/book/search?q=1984", "/no/such/page"])
def test_a_page_that_a_reader_has_seen_is_kept_nowhere(client, reader, path):
    assert reader.get(path).headers["Cache-Control"] == "no-store"
    assert "Cache-Control" not in client.get(path).headers


@pytest.mark.parametrize("endpoint", sorted(set(PUBLIC_PAGES) - {"web.index"}))
def test_a_form_with_its_token_and_what_a_link_opens_are_kept_nowhere(client, endpoint):
    for path in PUBLIC_PAGES[endpoint]:
        answer = client.get(path)
        is_secret = answer.page.select_one("input[name=csrf_token]") or path.endswith("/x")
        assert (answer.headers.get("Cache-Control") == "no-store") == bool(is_secret), path


def test_a_log_in_that_failed_is_kept_nowhere(client):
    assert log_in(client, "nobody@example.org", "a wrong password").headers["Cache-Control"] == "no-store"


def test_production_asks_for_https_and_secure_cookies(tmp_path):
    app = create_app(
        Production(
            SECRET_KEY="x" * 40,
            SEARCH_KEEPER=False,
            JOB_RUNNER="none",
            SITE_URL="https://fisher.example",
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'new.db'}",
            SEARCH_INDEX_PATH=str(tmp_path / "search.db"),
        )
    )
    client = app.test_client()
    page = client.get("/language", base_url="https://fisher.example")

    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    cookie = page.headers["Set-Cookie"]
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_request_has_an_id_that_is_told_and_logged(settings, capsys):
    client = create_app(Testing(**settings, LOG_LEVEL="INFO")).test_client()
    given = client.get("/healthz", headers={"X-Request-ID": "abcdef-123456"})
    made = client.get("/healthz", headers={"X-Request-ID": "no good id; <script>"})

    assert given.headers["X-Request-ID"] == "abcdef-123456"
    assert made.headers["X-Request-ID"].isalnum()
    assert "abcdef-123456" in capsys.readouterr().err


def test_production_logs_one_json_object_a_line_without_the_query(tmp_path, capsys):
    app = create_app(
        Production(
            SECRET_KEY="x" * 40,
            SEARCH_KEEPER=False,
            JOB_RUNNER="none",
            SITE_URL="https://fisher.example",
            SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'new.db'}",
            SEARCH_INDEX_PATH=str(tmp_path / "search.db"),
        )
    )
    app.test_client().get("/healthz?q=private", headers={"X-Request-ID": "abcdef-123456"})

    line = capsys.readouterr().err.strip().splitlines()[-1]
    assert "private" not in line
    assert json.loads(line)["request_id"] == "abcdef-123456"


def test_an_error_of_ours_is_logged_with_the_request_and_without_the_link_that_led_there(settings, capsys, monkeypatch):
    app = create_app(Testing(**settings, LOG_JSON=True, LOG_LEVEL="INFO"))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "web.confirm", lambda token: 1 / 0)
    answer = app.test_client().get("/confirm/SECRETTOKEN?q=private")

    assert answer.status_code == 500
    error, finished = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (error["endpoint"], finished["status"]) == ("web.confirm", 500)
    assert error["request_id"] == finished["request_id"] == answer.headers["X-Request-ID"]
    assert "ZeroDivisionError" in error["exception"]
    assert "SECRETTOKEN" not in json.dumps(error)
    assert "private" not in json.dumps(error)


def test_healthz_and_readyz_answer(client):
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").status_code in (200, 503)


def test_readyz_reads_the_migrations_once_however_often_it_is_asked(client, monkeypatch):
    read = []
    monkeypatch.setattr(database, "ScriptDirectory", lambda folder: read.append(folder) or ScriptDirectory(folder))
    database._newest.cache_clear()
    for _ in range(3):
        client.get("/readyz")
    assert len(read) == 1


@pytest.mark.parametrize(
    ("late", "attempts", "runs"), [(0, 0, True), (539, 10, True), (540, 0, False), (0, 11, False), (None, 0, False)]
)
def test_readyz_says_when_no_deadline_has_been_applied_for_ten_minutes(app, client, late, attempts, runs):
    with app.app_context(), time_machine.travel(1_800_000_000, tick=False):
        if late is not None:
            write_periodic_jobs()
            clock = update(Outbox).where(Outbox.key == "every:exchange.deadlines")
            db.session.execute(clock.values(run_after=now() - late, attempts=attempts))
            db.session.commit()
        answer = client.get("/readyz").json
    assert (answer["clock"], "mend" in answer) == (runs, not runs)
