"""A MariaDB that stops and starts, loses a connection in the middle of a change, or is held by somebody else."""

import threading
import time
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pymysql
import pytest
import time_machine
from sqlalchemy import event, select, text
from structlog.testing import capture_logs

from app import create_app
from app.jobs.worker import Worker
from app.models.base import db
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.outbox import JobState, Outbox
from app.models.user import User
from app.rules.clock import DAY
from app.services.account.recovery import request_reset
from config import Testing
from tests.exchange import NOW, copy_of, reader
from tests.servers import free_port, mariadb_database, mariadb_server, wait_until
from tests.web.readers import REQUEST, logged_in

pytestmark = pytest.mark.mariadb
SHORT_BREAK = {"en": "The site is taking a short break", "zh": "网站稍事休息"}
LOOK_FIRST = {"en": "look first whether it arrived", "zh": "请先看看是否已经保存成功"}
PATIENCE = 1
"""Seconds that the site waits for a lock."""


@pytest.fixture(scope="module")
def place():
    """A folder and a port for a MariaDB that can be stopped and started again."""
    with TemporaryDirectory(prefix="m") as folder:
        yield Path(folder), free_port()


@pytest.fixture
def site(place, tmp_path):
    """A site with a giver, an asker and a copy on a database of its own."""
    home, port = place
    with mariadb_server(home, port=port), mariadb_database(port) as uri, site_on(uri, tmp_path) as site:
        yield site


@contextmanager
def site_on(uri, folder, **more):
    paths = {"SEARCH_INDEX_PATH": str(folder / "search.db"), "MAIL_FOLDER": str(folder / "mail")}
    settings = {"DATABASE_BUSY_TIMEOUT": PATIENCE, "LOG_LEVEL": "WARNING", "TESTING": False} | paths | more
    app = create_app(Testing(SQLALCHEMY_DATABASE_URI=uri, **settings))
    with app.app_context():
        db.create_all()
        giver, asker = reader(0), reader(1)
        copy = copy_of(giver)
        yield Site(app, giver, asker, copy)
        db.session.remove()
        db.engine.dispose()


class Site:
    """An application with two readers, and what they see of it."""

    def __init__(self, app, giver, asker, copy):
        self.app, self.giver, self.asker, self.copy = app, giver, asker, copy
        self.client = logged_in(app, asker)
        with self.client.session_transaction() as session:
            session["csrf_token"] = "0" * 40
        db.session.rollback()

    def ask(self):
        """Ask for the copy as its page does, in the language of the client."""
        self.app.config["WTF_CSRF_ENABLED"] = False
        return self.client.post(f"/drift/{self.copy}", data=REQUEST)

    def state(self):
        """Return what a request changes: the state of the copy, the asker's beans, the number of requests."""
        db.session.rollback()
        copy, asker = db.session.get_one(Gift, self.copy), db.session.get_one(User, self.asker)
        return str(copy.state), asker.beans, len(db.session.scalars(select(Drift.id)).all())

    def is_audited(self):
        with time_machine.travel(NOW + DAY):  # the readers of tests are of the future
            return self.app.test_cli_runner().invoke(args=["beans", "audit"]).exit_code == 0


BEFORE, AFTER = ("open", 1, 0), ("reserved", 0, 1)


def ensure_calm(answer, language, words=SHORT_BREAK):
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert answer.page.h1.get_text() == SHORT_BREAK[language]
    assert words[language] in answer.page.main.get_text()


@pytest.mark.slow
def test_a_database_that_is_stopped_and_started_again_is_used_again(place, tmp_path):
    home, port = place
    with ExitStack() as at_last:
        with mariadb_server(home, port=port):
            with closing(pymysql.connect(host="127.0.0.1", port=port, user="root")) as connection:
                connection.cursor().execute("CREATE DATABASE fisher CHARACTER SET utf8mb4")
            uri = f"mysql+pymysql://root@127.0.0.1:{port}/fisher?charset=utf8mb4"
            site = at_last.enter_context(site_on(uri, tmp_path, JOB_POLL=1))
            at_last.enter_context(working(site.app))
            assert site.client.get("/").status_code == 200
        with capture_logs() as lines:
            ended = time.monotonic() + 10
            while time.monotonic() < ended:
                for language in ("en", "zh"):
                    site.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
                    ensure_calm(site.client.get("/my/gifts"), language)
                    ensure_calm(site.ask(), language, LOOK_FIRST)
                assert site.client.get("/healthz").status_code == 200
                assert site.client.get("/readyz").status_code == 503
        reasons = {line["reason"] for line in lines if line["event"] == "the database is away"}
        assert reasons <= {f"OperationalError {code}" for code in (2003, 2006, 2013)}
        assert {line["event"] for line in lines} - {"job failed"} == {"the database is away", "outbox out of reach"}

        with mariadb_server(home, port=port):
            site.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
            assert site.client.get("/").status_code == 200
            assert site.state() == BEFORE
            assert site.ask().status_code == 303
            assert site.state() == AFTER
            request_reset("nobody@example.org")

            def is_done():
                db.session.rollback()
                kind = Outbox.kind == "mail.reset_password"
                return db.session.scalars(select(Outbox.state).where(kind)).all() == [JobState.DONE]

            wait_until(is_done, 60, "the worker has not come back")
            assert site.is_audited()
            at_last.close()


@contextmanager
def working(app):
    worker = Worker(app)
    thread = threading.Thread(target=worker.run)
    thread.start()
    yield
    worker.stop()
    thread.join(30)


@pytest.mark.parametrize("moment", ["after_flush", "before_commit"])
def test_a_connection_lost_in_the_middle_of_a_change_leaves_nothing_of_it(place, site, moment):
    _home, port = place
    killed = []

    def kill(session, *_):
        if killed or not session.connection().get_execution_options().get("writes"):
            return
        number = session.connection().exec_driver_sql("SELECT CONNECTION_ID()").scalar()
        killed.append(number)
        with closing(pymysql.connect(host="127.0.0.1", port=port, user="root")) as other:
            other.cursor().execute(f"KILL {number}")

    event.listen(db.session, moment, kill)
    try:
        with capture_logs() as lines:
            answer = site.ask()
    finally:
        event.remove(db.session, moment, kill)

    assert killed
    ensure_calm(answer, "en", LOOK_FIRST)
    assert [line["event"] for line in lines] == ["the database is away"]
    assert site.state() == BEFORE
    assert site.is_audited()
    assert site.ask().status_code == 303
    assert site.state() == AFTER
    assert site.is_audited()


def test_rows_that_somebody_holds_for_long_make_a_reader_wait_for_seconds_only(place, site):
    _home, port = place
    database = db.engine.url.database
    with closing(pymysql.connect(host="127.0.0.1", port=port, user="root", database=database)) as other:
        other.begin()
        other.cursor().execute("SELECT * FROM gift FOR UPDATE")
        started = time.monotonic()
        with capture_logs() as lines:
            answer = site.ask()
            seconds = time.monotonic() - started
            page = site.client.get("/my/gifts")

    ensure_calm(answer, "en", LOOK_FIRST)
    assert page.status_code == 200
    assert PATIENCE <= seconds < 30
    assert [(line["event"], line["reason"]) for line in lines] == [("the database is away", "OperationalError 1205")]
    assert site.state() == BEFORE
    assert site.ask().status_code == 303
    assert site.state() == AFTER
    assert site.is_audited()


def test_the_site_waits_for_rows_as_long_as_its_setting_says(site):
    assert db.session.scalar(text("SELECT @@SESSION.innodb_lock_wait_timeout")) == PATIENCE
