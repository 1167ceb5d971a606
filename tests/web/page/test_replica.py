"""Visitors read from a replica; whoever has changed something, or is logged in, sees nothing that is older."""

import re

import pytest
import structlog
from sqlalchemy import insert, select, text

from app import create_app
from app.models.base import db
from app.models.book import Book
from app.services.site import replicas
from app.services.site.replicas import LONGEST_PAGE, read_from_replica
from config import Testing
from tests.conftest import PageResponse, Reader
from tests.exchange import copy_of, reader
from tests.factories import BookFactory
from tests.replication import Replicated, pair
from tests.servers import wait_until
from tests.stand_in import answer
from tests.web.forms import link_in, mails, send

__all__ = ["pair"]  # a fixture
pytestmark = pytest.mark.mariadb
ISBN = "9787536692930"
LONG = 10_000
KEPT = 7


@pytest.fixture(scope="module")
def tables(pair: Replicated, tmp_path_factory):
    """The tables of the site, made once; tests only add rows."""
    app = create_app(
        Testing(SQLALCHEMY_DATABASE_URI=pair.uri, SEARCH_INDEX_PATH=str(tmp_path_factory.mktemp("s") / "s"))
    )
    with app.app_context():
        db.create_all()
        db.engine.dispose()
    pair.catch_up()


@pytest.fixture
def settings(settings, outside_settings, pair, tables):
    """A site whose replica may be hours behind."""
    addresses = {"SQLALCHEMY_DATABASE_URI": pair.uri, "DATABASE_REPLICA_URLS": (pair.replica_uri,)}
    return (
        settings
        | outside_settings
        | addresses
        | {"DATABASE_REPLICA_LAG": LONG, "PAGE_CACHE_SECONDS": KEPT, "LOG_LEVEL": "INFO"}
    )


@pytest.fixture
def app(app, pair):
    """The site; afterwards the replica runs and follows."""
    yield app
    replica_of(app).end()
    pair.restore()


def replica_of(app):
    return app.extensions[replicas.EXTENSION][0]


def visitor_of(app):
    client = Reader(app, PageResponse)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def use_replica(app):
    """Ask for a page, which starts the measuring, and wait until the replica is used."""
    visitor_of(app).get("/books")
    wait_until(lambda: replica_of(app).is_usable, 60, "the replica is not used")


@pytest.fixture
def frozen(app, pair):
    """The site with a replica that is used and applies nothing from now on."""
    use_replica(app)
    pair.on_replica("STOP SLAVE SQL_THREAD")
    return app


def list_copy(app, title):
    """List a copy of a new book and return its giver's id and the number of the book."""
    with app.app_context():
        isbn = BookFactory(title=title).isbn
        giver = reader()
        copy_of(giver, isbn)
    return giver, isbn


def shows(client, title, path="/"):
    response = client.get(path)
    assert response.status_code == 200
    return title in response.text


def test_visitors_are_shown_what_the_replica_has_and_readers_what_the_primary_has(frozen, log_in):
    giver, isbn = list_copy(frozen, "A book of this minute")

    assert not shows(visitor_of(frozen), "A book of this minute")
    assert shows(log_in(giver), "A book of this minute")
    assert visitor_of(frozen).get(f"/user/{giver}").status_code == 404
    assert log_in(giver).get(f"/user/{giver}").status_code == 200
    with frozen.app_context():
        book = Book.find_by_isbn(isbn).id
    assert visitor_of(frozen).get(f"/v2/book/id/{book}").status_code == 404


def test_who_has_just_changed_something_sees_it_though_logged_out(frozen, log_in):
    giver, isbn = list_copy(frozen, "Parting book")
    client = log_in(giver)
    left = send(client, "/logout", page="/personal")
    client.get(left.location)

    with client.session_transaction() as session:
        assert "_user_id" not in session
    cookie = client.get_cookie("changed")
    assert (cookie.max_age, cookie.http_only) == (LONG + KEPT + LONGEST_PAGE, True)
    assert shows(client, "Parting book")
    assert client.get(f"/book/{isbn}/detail").status_code == 200


def test_a_link_of_a_mail_opens_in_another_browser_at_once(frozen):
    address = {"nickname": "Fresh", "email": "fresh@example.org", "password": "correct horse battery"}
    assert send(visitor_of(frozen), "/register", **address).status_code == 302

    assert visitor_of(frozen).get(link_in(mails(frozen)[-1])).status_code == 200


def test_a_kept_page_is_not_shown_to_who_has_just_changed_something(settings, pair, log_in, app):
    site = create_app(Testing(**settings | {"CACHE_TYPE": "SimpleCache", "PAGE_CACHE_SECONDS": LONG}))
    try:
        use_replica(site)
        visitor = visitor_of(site)
        assert not shows(visitor, "Behind the kept page")
        list_copy(app, "Behind the kept page")
        pair.catch_up()

        assert not shows(visitor, "Behind the kept page")
        visitor.set_cookie("changed", "1")
        assert shows(visitor, "Behind the kept page")
    finally:
        replica_of(site).end()
        with site.app_context():
            db.engine.dispose()


def test_what_the_replica_does_not_have_yet_is_not_asked_for_outside(frozen, outside):
    _, isbn = list_copy(frozen, "Known since now")

    assert shows(visitor_of(frozen), "Known since now", f"/book/{isbn}/detail")
    assert outside.calls == []


def test_a_visitor_whose_page_stores_a_book_is_shown_it_again(frozen, outside):
    outside.behave = answer({"isbn": ISBN, "title": "Found outside", "author": ["Somebody"]})
    visitor = visitor_of(frozen)

    response = visitor.get(f"/book/{ISBN}/detail")

    assert "Found outside" in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert visitor.get_cookie("changed").value == "1"
    assert shows(visitor, "Found outside", f"/book/{ISBN}/detail")


def test_a_replica_too_far_behind_is_left_out_and_comes_back(settings, app, pair):
    site = create_app(Testing(**settings | {"DATABASE_REPLICA_LAG": 2}))
    behind = replica_of(site)
    try:
        use_replica(site)
        pair.on_replica("STOP SLAVE SQL_THREAD")
        with structlog.testing.capture_logs() as logs:
            list_copy(app, "Too new for it")
            wait_until(lambda: told(logs), 60, "the replica is still used")
            assert shows(visitor_of(site), "Too new for it")
            pair.on_replica("START SLAVE SQL_THREAD")
            wait_until(lambda: len(told(logs)) > 1, 60, "the replica does not come back")
        assert told(logs)[0] == ("replica left out", pair.replica_name, "behind")
        assert told(logs)[-1] == ("replica used", pair.replica_name, None)
    finally:
        behind.end()
        with site.app_context():
            db.engine.dispose()


def told(logs):
    return [(line["event"], line["replica"], line.get("reason")) for line in logs if "replica" in line]


def test_a_replica_that_is_lost_fails_no_page_and_is_used_again_when_it_is_back(app, pair):
    list_copy(app, "Always here")
    pair.catch_up()
    use_replica(app)
    with structlog.testing.capture_logs() as logs:
        pair.stop()
        assert shows(visitor_of(app), "Always here")
        wait_until(lambda: not replica_of(app).is_usable, 60, "the replica is still used")
        assert shows(visitor_of(app), "Always here")
        pair.start()
        wait_until(lambda: replica_of(app).is_usable, 60, "the replica does not come back")
        assert shows(visitor_of(app), "Always here")
    assert told(logs)[0] == ("replica left out", pair.replica_name, "OperationalError 2003")
    assert told(logs)[-1] == ("replica used", pair.replica_name, None)


def test_a_page_that_fails_on_the_replica_is_read_from_the_primary(app, pair):
    use_replica(app)
    replica_of(app)._ended.set()  # so that only the page finds out
    pair.stop()

    assert visitor_of(app).get("/").status_code == 200
    assert not replica_of(app).is_usable


def test_a_page_without_a_primary_fails_once_and_keeps_the_replica(frozen):
    seen = []

    def read():
        seen.append(db.reads_replica)
        db.read_from(None)
        db.session.execute(text("SELECT no_such_column"))

    with frozen.app_context(), pytest.raises(Exception, match="no_such_column"):
        read_from_replica(read)
    assert seen == [True]
    assert replica_of(frozen).is_usable


def test_nothing_is_written_to_a_replica(frozen):
    with frozen.app_context():
        db.read_from(replica_of(frozen).engine)
        port = db.session.scalar(text("SELECT @@port"))
        with db.auto_commit():
            assert db.session.scalar(text("SELECT @@port")) != port
            book = BookFactory.build(title="Written")
            db.session.add(book)
        assert db.session.scalar(select(Book.title).where(Book.id == book.id)) == "Written"
        db.session.rollback()

        db.read_from(replica_of(frozen).engine)
        values = {"book_id": 1, "create_time": 1, "status": 1}
        db.session.execute(insert(db.metadata.tables["book_change"]).values(values))  # its user could not
        db.session.rollback()


def test_a_server_that_follows_nobody_is_not_used(settings, pair):
    with create_app(Testing(**settings)).app_context():
        stranger = replicas.Replica(db.engine, db.engine.execution_options(), LONG)
        stranger.measure()
        assert not stranger.is_usable
        assert stranger.reason == replicas.BEHIND
        db.engine.dispose()


def test_the_doctor_looks_at_each_replica(app, pair):
    def said():
        lines = app.test_cli_runner().invoke(args=["doctor"]).output.splitlines()
        return next(line for line in lines if " replicas " in line)

    assert re.search(rf"ok +replicas +{pair.replica_name}, \d\.\d s behind at most$", said())
    pair.on_replica("SET GLOBAL read_only = 0")
    assert re.search(rf"warn +replicas +{pair.replica_name}, .*takes writes: set read_only", said())
    pair.stop()
    assert re.search(rf"FAIL +replicas +{pair.replica_name} is not used: OperationalError 2003$", said())
