"""Fixtures for every test; see CONTRIBUTING.md for one example each."""

import contextvars
import gc
import os
import shutil
import sqlite3
import weakref
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy import event
from sqlalchemy.pool import Pool
from werkzeug.test import TestResponse

from app import create_app
from app.models.base import db
from app.models.user import User
from app.services.account.login_session import start_session
from app.traditional import CATALOGUES, COMPILED, SIMPLIFIED, TRADITIONAL, compile_traditional
from app.web.display import cached_macro
from config import Testing
from tests import caches
from tests.emptied_database import any_engine_uri, emptied_database, mariadb_uri_with_tables
from tests.factories import UserFactory
from tests.servers import (
    IN_MEMORY,
    any_database_uri,
    has_room_in_memory,
    mariadb_port,
    mariadb_uri,
    redis_port,
    redis_uri,
)
from tests.stand_in import UNKNOWN_BOOK, StandIn

# Machines are slow at times, and what a test says must not depend on it, nor on chance: `--hypothesis-profile=new`
# draws what was not drawn before.
settings.register_profile("new", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", settings.get_profile("new"), derandomize=True)
settings.load_profile("same")
caches.share()

__all__ = [
    "any_database_uri",
    "any_engine_uri",
    "emptied_database",
    "mariadb_port",
    "mariadb_uri",
    "mariadb_uri_with_tables",
    "redis_port",
    "redis_uri",
]
ENGINE = os.environ.get("FISHER_TEST_ENGINE", "sqlite")
"""The database of `app`."""
CASES = 3
"""How many cases of one test, each with a site of its own, `make test` runs."""
WITH_A_SITE = {"sqlite_uri", "mariadb_uri_with_tables", "any_engine_uri", "app_uri"}
"""The fixtures that make a database."""


def pytest_configure(config: pytest.Config) -> None:
    """Let the folders of tests be in memory, if there is room: each database that is closed waits for a disk."""
    if not config.option.basetemp and has_room_in_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))
    if not hasattr(config, "workerinput"):
        _renew_traditional_texts()


def _renew_traditional_texts() -> None:
    """Make the catalogue that is made of another one, as `make install` does, if a change to that one came after it."""
    source, target = (CATALOGUES / SIMPLIFIED / COMPILED).with_suffix(".po"), CATALOGUES / TRADITIONAL / COMPILED
    if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
        compile_traditional(source, target)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Call most of many cases slow; on another engine, leave out what would be the same, or is about SQLite itself."""
    _call_most_cases_slow(items)
    if ENGINE == "sqlite":
        return
    differs = [item for item in items if _uses_engine(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _uses_engine(item)])
    items[:] = differs


def _call_most_cases_slow(items: list[pytest.Item]) -> None:
    """Leave of each test with many cases some to `make test`, evenly over all of them."""
    cases = defaultdict(list)
    for item in items:
        if WITH_A_SITE & set(getattr(item, "fixturenames", ())) and not item.get_closest_marker("slow"):
            needs_mariadb = item.get_closest_marker("mariadb") is not None
            cases[item.nodeid.partition("[")[0], needs_mariadb].append(item)
    for many in cases.values():
        kept = {place * len(many) // CASES for place in range(CASES)}
        for place, item in enumerate(many):
            if place not in kept:
                item.add_marker("slow")


def _uses_engine(item: pytest.Item) -> bool:
    return "app_uri" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("sqlite")


def pytest_collection_finish() -> None:
    """Let the garbage collector leave alone what stays to the end."""
    gc.collect()
    gc.freeze()


@event.listens_for(Pool, "connect")
def _close_with_its_pool(connection: Any, record: Any) -> None:
    """Close the connections of applications that a test has created."""
    if isinstance(connection, sqlite3.Connection):
        weakref.finalize(record, connection.close).atexit = False


class PageResponse(TestResponse):
    """A response whose page can be inspected."""

    @property
    def page(self) -> BeautifulSoup:
        return BeautifulSoup(self.text, "html.parser")


class Reader(FlaskClient):
    """A client whose requests see nothing of the test's own application context."""

    user_id: int | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return contextvars.Context().run(super().open, *args, **kwargs)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, copied for each test."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    app = create_app(Testing(SQLALCHEMY_DATABASE_URI=f"sqlite:///{path}"))
    with app.app_context():
        db.create_all()
        db.engine.dispose()
    return path


@pytest.fixture
def app_uri(request: pytest.FixtureRequest) -> str:
    """A database with all tables and no rows: a SQLite file, or what `FISHER_TEST_ENGINE` names."""
    return str(request.getfixturevalue({"sqlite": "sqlite_uri", "mariadb": "mariadb_uri_with_tables"}[ENGINE]))


@pytest.fixture
def sqlite_uri(tmp_path: Path, empty_database: Path) -> str:
    """A SQLite file with all tables and no rows."""
    return f"sqlite:///{shutil.copy(empty_database, tmp_path / 'fisher.db')}"


@pytest.fixture
def settings(tmp_path: Path, app_uri: str) -> dict[str, Any]:
    """The settings of `app`; a test module may override this fixture to change some."""
    return {
        "SQLALCHEMY_DATABASE_URI": app_uri,
        "SEARCH_INDEX_PATH": str(tmp_path / "search.db"),
        "MAIL_FOLDER": str(tmp_path / "mail"),
        "COVERS_PATH": str(tmp_path / "covers"),
        "IMPORTS_PATH": str(tmp_path / "imports"),
    }


@pytest.fixture
def app(settings: dict[str, Any]) -> Iterator[Flask]:
    """The application with an empty database of its own."""
    app = create_app(Testing(**settings))
    app.test_client_class = Reader
    app.response_class.default_mimetype = "text/html"
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app_context(app: Flask) -> Iterator[Flask]:
    """The application with its context open: models and services can be called."""
    with app.app_context():
        yield app


@pytest.fixture
def any_engine_app(any_engine_uri: str, tmp_path: Path) -> Iterator[Flask]:
    """The application with its context open and all tables, once on SQLite and once on MariaDB."""
    app = create_app(Testing(SQLALCHEMY_DATABASE_URI=any_engine_uri, SEARCH_INDEX_PATH=str(tmp_path / "search.db")))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor who is not logged in and reads English."""
    client = Reader(app, PageResponse)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def log_in(app: Flask) -> Callable[[int], Reader]:
    """A function that returns a client in which the reader with this id is logged in."""

    def log_in(user_id: int) -> Reader:
        with app.app_context(), db.auto_commit():
            token = start_session(db.session.get_one(User, user_id), "test", is_remembered=False)
        client = Reader(app, PageResponse)
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        client.user_id = user_id
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return client

    return log_in


@pytest.fixture
def reader(app: Flask, log_in: Callable[[int], Reader]) -> Reader:
    """The client of a logged-in reader with a confirmed address who reads English; `reader.user_id` is the id."""
    with app.app_context():
        user_id = UserFactory().id
    return log_in(user_id)


@pytest.fixture
def outside() -> Iterator[StandIn]:
    """A stand-in catalogue in the 鱼书 format, which knows no books at first."""
    with StandIn(UNKNOWN_BOOK) as server:
        yield server


@pytest.fixture
def outside_settings(outside: StandIn) -> dict[str, Any]:
    """Settings that make `outside` the only catalogue of a site, for a module's `settings` to include."""
    return {
        "BOOK_CATALOGUES": ("yushu",),
        "YUSHU_URL": outside.url,
        "YUSHU_KEY": "SECRETKEY",
        "BOOK_LOOKUP_DEADLINE": 1.0,
        "COVER_HOSTS": (outside.host,),
    }


@pytest.fixture(autouse=True)
def _logs_of_its_own() -> None:
    """Reset the logging that a test's application has configured."""
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def _applications_end() -> Iterator[None]:
    """Forget the parts of pages kept by their macros, each of which keeps the application of its test in memory."""
    yield
    cached_macro._render.cache_clear()
    cached_macro._render_page_part.cache_clear()
    cached_macro._fields.clear()
