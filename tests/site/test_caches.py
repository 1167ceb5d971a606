"""What `tests.caches` shares among the applications of a test process is nothing by which they could differ."""

import pytest
from flask import Flask
from jinja2 import DictLoader
from sqlalchemy import inspect, select

from app import create_app
from app.models.base import db
from app.models.book import Book
from config import Testing
from tests.factories import BookFactory
from tests.servers import mariadb_database


@pytest.fixture
def other(settings, empty_database, tmp_path):
    """A second application, with a database of its own."""
    path = tmp_path / "other.db"
    path.write_bytes(empty_database.read_bytes())
    app = create_app(Testing(**settings | {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{path}", "BOOKS_PER_PAGE": 3}))
    yield app
    with app.app_context():
        db.engine.dispose()


def titles(app):
    with app.app_context():
        return list(db.session.scalars(select(Book.title)))


@pytest.mark.sqlite("of two MariaDBs, each knows its own name; see below")
def test_applications_share_compiled_statements_but_no_connection_and_no_row(app, other):
    for each in (app, other):
        with each.app_context():
            BookFactory(title=f"{each.config['BOOKS_PER_PAGE']} to a page")

    engines = [engine_of(app), engine_of(other)]
    assert engines[0].dialect is engines[1].dialect
    assert engines[0].pool is not engines[1].pool
    assert (titles(app), titles(other)) == (["15 to a page"], ["3 to a page"])


@pytest.mark.mariadb
def test_an_application_on_mariadb_knows_its_own_database(mariadb_port, tmp_path):
    for _ in range(2):
        with mariadb_database(mariadb_port) as uri:
            app = create_app(Testing(SQLALCHEMY_DATABASE_URI=uri, SEARCH_INDEX_PATH=str(tmp_path / "search.db")))
            with app.app_context():
                assert inspect(db.engine).get_table_names() == []
                db.create_all()
                assert inspect(db.engine).has_table("book")
                assert inspect(db.engine).default_schema_name == db.engine.url.database
                db.session.remove()
                db.engine.dispose()


def engine_of(app):
    with app.app_context():
        return db.engine


def test_a_template_that_was_changed_is_compiled_anew():
    pages = {"page": "{{ 1 + 1 }} fish"}
    for text, drawn in (("{{ 1 + 1 }} fish", "2 fish"), ("{{ 1 + 2 }} fish", "3 fish"), ("no fish", "no fish")):
        app = Flask(__name__)
        app.jinja_env.loader = DictLoader(pages | {"page": text})
        assert app.jinja_env.get_template("page").render() == drawn


def test_addresses_are_those_of_the_rules_of_each_application():
    first, second = Flask(__name__), Flask(__name__)
    first.add_url_rule("/book/<int:id>", "book", defaults={"page": 1})
    first.add_url_rule("/book/<int:id>/<page>", "book")
    second.add_url_rule("/book/<id>", "book")
    second.add_url_rule("/<path:id>/<page>", "pages", subdomain="files")
    with first.test_request_context():
        assert first.url_for("book", id=7, page=1) == "/book/7"
        assert first.url_for("book", id=7, page="2", q="鱼") == "/book/7/2?q=%E9%B1%BC"
    with second.test_request_context():
        assert second.url_for("book", id="a b") == "/book/a%20b"
