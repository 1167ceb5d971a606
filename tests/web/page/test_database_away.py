"""An unavailable database: every page responds with 503 and `Retry-After`, and none with 500."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import exc

from app import create_app
from app.models.base import db
from app.services.site.database import is_away
from config import Testing
from tests.conftest import PageResponse, Reader
from tests.servers import free_port
from tests.site.test_routes import address


@pytest.fixture
def settings(settings):
    return settings | {"DATABASE_BUSY_TIMEOUT": 0}


@pytest.fixture(params=["sqlite", "mariadb"])
def away_app(request, tmp_path):
    """A site whose database cannot be opened or reached."""
    uri = f"sqlite:///{tmp_path}"
    if request.param == "mariadb":
        uri = f"mysql+pymysql://root@127.0.0.1:{free_port()}/fisher?charset=utf8mb4"
    settings = {"SEARCH_INDEX_PATH": str(tmp_path / "search.db"), "COVERS_PATH": str(tmp_path / "covers")}
    app = create_app(Testing(SQLALCHEMY_DATABASE_URI=uri, **settings))
    app.config.update(PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False)
    yield app
    with app.app_context():
        db.engine.dispose()


def client_of(app, language, is_reader):
    client = Reader(app, PageResponse)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    if is_reader:
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = "token", True
    return client


@pytest.mark.parametrize("is_reader", [False, True], ids=["visitor", "reader"])
def test_no_page_and_no_button_is_an_error_of_ours(away_app, is_reader):
    client = client_of(away_app, "en", is_reader)
    found = {}
    for rule in away_app.url_map.iter_rules():
        for method in rule.methods & {"GET", "POST"}:
            with client.open(address(away_app, rule), method=method) as answer:
                found[f"{method} {rule}"] = answer.status_code
            if answer.status_code == 503 and rule.endpoint != "web.readyz":
                assert answer.headers["Retry-After"] == "60", rule

    assert {page: status for page, status in found.items() if status >= 500 and status != 503} == {}
    assert found["GET /"] == 503
    assert (found["GET /healthz"], found["GET /readyz"]) == (200, 503)


@pytest.mark.parametrize("is_reader", [False, True], ids=["visitor", "reader"])
@pytest.mark.parametrize(("language", "title"), [("en", "The site is taking a short break"), ("zh", "网站稍事休息")])
def test_the_page_is_calm_and_in_the_readers_language(away_app, language, title, is_reader):
    answer = client_of(away_app, language, is_reader).get("/")

    assert answer.status_code == 503
    assert answer.page.h1.get_text() == title
    assert answer.page.html["lang"] == language
    assert "3306" not in answer.text
    assert "sqlite" not in answer.text


def test_a_page_that_does_not_exist_is_shown_to_a_reader_too(away_app):
    assert client_of(away_app, "en", is_reader=True).get("/no/such/page").status_code == 404


def test_programs_are_told_in_the_shape_that_they_know(away_app):
    client = client_of(away_app, "en", is_reader=False)
    api = client.get("/v2/book/isbn/9787536692930")
    page = client.get("/books", headers={"Accept": "application/json"})

    assert (api.status_code, api.json["code"], api.headers["Retry-After"]) == (503, 999, "60")
    assert (page.status_code, page.json["error"]["status"], page.headers["Retry-After"]) == (503, 503, "60")


@pytest.mark.sqlite("its file is locked")
def test_a_database_that_somebody_holds_for_too_long_is_come_back_to(settings, reader, app):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    with closing(sqlite3.connect(settings["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = reader.post("/personal/sessions/end")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"


@pytest.mark.parametrize(
    ("error", "is_so"),
    [
        (exc.TimeoutError("QueuePool limit"), True),
        (exc.InterfaceError("SELECT 1", None, Exception(0, "")), True),
        (exc.OperationalError("SELECT 1", None, Exception(1040, "Too many connections")), True),
        (exc.OperationalError("SELECT 1", None, Exception(1054, "Unknown column")), False),
        (exc.OperationalError("SELECT 1", None, sqlite3.OperationalError("no such table: book")), False),
        (exc.ProgrammingError("SELECT 1", None, Exception(1146, "no such table")), False),
        (exc.ArgumentError("x"), False),
    ],
)
def test_only_a_database_that_can_not_answer_is_away(error, is_so):
    assert is_away(error) is is_so
