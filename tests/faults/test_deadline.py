"""A request that waits too long is given up: its thread and its connection go on, and nothing of it is half done."""

import os
import signal
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import create_engine, func, select, text
from structlog.testing import capture_logs

from app import create_app, deadline
from app.models.base import db
from app.models.gift import Gift
from app.models.work import Work
from config import Testing
from tests.conftest import PageResponse, Reader
from tests.exchange import copy_of, reader
from tests.servers import mariadb_database, mariadb_server
from tests.stand_in import hang as hang_outside
from tests.web.readers import REQUEST, logged_in

FOR_EVER = {
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
    "mysql": "SELECT SLEEP(50)",
}
PATIENT, SECONDS = 50, 0.2
TOO_LONG = {"en": "That took too long", "zh": "这次花的时间太长了"}
ISBN = "9787536692930"


@contextmanager
def site_on(uri, folder, **more):
    """An application with some pages that wait in each of the ways in which pages wait."""
    paths = {"SEARCH_INDEX_PATH": str(folder / "search.db"), "MAIL_FOLDER": str(folder / "mail")}
    settings = {"REQUEST_DEADLINE": SECONDS, "DATABASE_BUSY_TIMEOUT": PATIENT, "LOG_LEVEL": "WARNING"}
    app = create_app(Testing(SQLALCHEMY_DATABASE_URI=uri, TESTING=False, **(settings | paths | more)))
    app.config["WTF_CSRF_ENABLED"] = False
    for view in (hang, hang_in_a_change, ask_again_and_again, hang_after_a_change, see_limit):
        app.add_url_rule(f"/{view.__name__}", view_func=view, methods=["GET", "POST"])
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


def hang():
    return str(db.session.scalar(text(FOR_EVER[db.engine.dialect.name])))


def hang_in_a_change():
    with db.auto_commit():
        db.session.add(Work())
        db.session.flush()
        return hang()


def ask_again_and_again():
    while True:
        db.session.scalar(text("SELECT 1"))
        time.sleep(0.01)


def hang_after_a_change():
    with db.auto_commit():
        db.session.add(Work())
        db.session.flush()
        deadline._until.set(time.monotonic() - 1)
    return f"done {db.session.scalar(text('SELECT 1'))}"


def see_limit():
    return str(db.session.scalar(text("SELECT @@max_statement_time")))


@pytest.fixture
def app(any_database_uri, tmp_path):
    with site_on(any_database_uri, tmp_path) as app:
        yield app


def works():
    db.session.rollback()
    return db.session.scalar(select(func.count(Work.id)))


def ensure_given_up(answer, language="en"):
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert answer.page.h1.get_text() == TOO_LONG[language]


@pytest.mark.parametrize("path", ["/hang", "/hang_in_a_change", "/ask_again_and_again"])
def test_a_page_that_waits_for_ever_is_given_up_and_the_next_one_is_served(app, path):
    client = logged_in(app, reader())
    db.session.rollback()
    with capture_logs() as lines:
        ensure_given_up(client.post(path))

    given_up = [line for line in lines if line["event"] != "request"]
    assert [(line["event"], line["endpoint"]) for line in given_up] == [("request given up", path.strip("/"))]
    assert works() == 0
    db.session.remove()
    assert getattr(db.engine.pool, "checkedout", lambda: 0)() == 0
    app.config["REQUEST_DEADLINE"] = PATIENT
    assert client.get("/my/gifts").status_code == 200
    assert deadline.seconds_left() is None


@pytest.mark.parametrize("any_database_uri", ["sqlite"], indirect=True)
def test_readers_are_told_in_their_language_and_programs_in_theirs(app):
    client = logged_in(app, reader())
    db.session.rollback()
    ensure_given_up(client.get("/hang", headers={"Accept-Language": "zh"}), "zh")
    told = client.get("/hang", headers={"Accept": "application/json"})
    assert (told.status_code, told.headers["Retry-After"], told.json["error"]["code"]) == (503, "60", "took_too_long")


def test_a_change_that_was_committed_is_not_reported_as_given_up(app):
    app.config["REQUEST_DEADLINE"] = PATIENT
    answer = app.test_client().post("/hang_after_a_change")

    assert (answer.status_code, answer.text) == (200, "done 1")
    assert works() == 1


def test_what_somebody_else_has_locked_is_waited_for_only_until_the_deadline(app):
    copy, client = copy_of(reader(0)), logged_in(app, reader(1))
    db.session.rollback()
    other = create_engine(db.engine.url, execution_options={"writes": True})
    with other.connect() as holder:
        holder.execute(
            text("SELECT * FROM gift" if other.dialect.name == "sqlite" else "SELECT * FROM gift FOR UPDATE")
        )
        started = time.monotonic()
        ensure_given_up(client.post(f"/drift/{copy}", data=REQUEST))
        assert time.monotonic() - started < PATIENT / 2
    other.dispose()

    db.session.rollback()
    assert db.session.get_one(Gift, copy).state == "open"
    app.config["REQUEST_DEADLINE"] = PATIENT
    assert client.post(f"/drift/{copy}", data=REQUEST).status_code == 303


@pytest.mark.mariadb
def test_only_requests_are_limited_on_a_server_that_they_share_with_jobs(mariadb_uri, tmp_path):
    with site_on(mariadb_uri, tmp_path, REQUEST_DEADLINE=30, DATABASE_POOL_SIZE=1) as app:
        for _ in range(2):
            assert 29 <= float(app.test_client().get("/see_limit").text) <= 30
            db.session.remove()
            assert float(see_limit()) == 0
            db.session.remove()


def test_commands_and_the_threads_of_a_request_have_no_deadline(app):
    seen = []

    def in_a_thread():
        thread = threading.Thread(target=lambda: seen.append(deadline.seconds_left()))
        thread.start()
        thread.join()
        return "done" if deadline.seconds_left() else "no deadline"

    app.add_url_rule("/in_a_thread", view_func=in_a_thread)
    app.cli.command("see")(lambda: seen.append(deadline.seconds_left()))

    assert app.test_client().get("/in_a_thread").text == "done"
    app.test_cli_runner().invoke(args=["see"])
    assert seen == [None, None]


@pytest.mark.parametrize("any_database_uri", ["sqlite"], indirect=True)
def test_a_ctrl_c_in_a_long_statement_of_a_command_is_not_taken_for_its_failure(app, monkeypatch):
    """What a callback of SQLite raises is lost, so that there must be none."""
    looks = []
    monkeypatch.setattr(deadline, "is_over", lambda: bool(looks.append(1)))
    db.session.remove()
    db.engine.dispose()
    many = FOR_EVER["sqlite"].replace("FROM n)", "FROM n LIMIT 200000)")

    assert db.session.scalar(text(many)) == 200_000
    assert len(looks) == 1, "before the statement"


@pytest.mark.parametrize(("seconds", "asked"), [(4, 1), (1, 0)])
def test_catalogues_are_asked_for_no_longer_than_the_request_may_last(
    tmp_path, sqlite_uri, outside, outside_settings, seconds, asked
):
    outside.behave = hang_outside
    outside_settings["BOOK_LOOKUP_DEADLINE"] = PATIENT
    with site_on(sqlite_uri, tmp_path, REQUEST_DEADLINE=seconds, **outside_settings) as app:
        started = time.monotonic()
        answer = Reader(app, PageResponse).get(f"/book/{ISBN}/detail", headers={"Accept-Language": "en"})
        assert time.monotonic() - started < PATIENT / 2

    assert answer.status_code == 404
    assert "Not every outside catalogue could be asked" in answer.page.main.get_text()
    assert outside.connections == asked


@pytest.mark.mariadb
@pytest.mark.slow
def test_a_server_that_says_nothing_any_more_keeps_no_thread(tmp_path):
    with TemporaryDirectory(prefix="m") as home, mariadb_server(Path(home)) as port, mariadb_database(port) as uri:
        server = int((Path(home) / "pid").read_text())
        with site_on(uri, tmp_path) as app:
            client = logged_in(app, reader())
            db.session.remove()
            app.config["REQUEST_DEADLINE"] = 2
            assert client.get("/my/gifts").status_code == 200
            os.kill(server, signal.SIGSTOP)
            try:
                started = time.monotonic()
                answers = [client.get("/my/gifts"), client.get("/my/gifts")]
                assert time.monotonic() - started < PATIENT
            finally:
                os.kill(server, signal.SIGCONT)
            assert [answer.status_code for answer in answers] == [503, 503]
            app.config["REQUEST_DEADLINE"] = PATIENT
            assert client.get("/my/gifts").status_code == 200
