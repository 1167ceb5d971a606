"""Over all routes: what a reader is shown is never kept by others, and what may be kept is the same for everybody."""

from pathlib import Path

import pytest

from app import create_app
from app.models.base import db
from app.models.user import User
from app.rules.account.role import Role
from app.search.write.build import build_index
from app.search.write.source import BookSource
from app.services.account.administration import set_role
from app.services.account.login_session import start_session
from config import Testing
from tests.conftest import PageResponse, Reader
from tests.factories import BookFactory, UserFactory
from tests.site.pages import ALL_PAGES, BOOK, ERROR_PAGES
from tests.site.test_routes import VALUES

NICKNAME = "沈行远在读书"


@pytest.fixture(params=[Role.READER, Role.MODERATOR, Role.OPERATOR])
def clients(request, settings):
    """A visitor, and a reader with a role, of a site that keeps pages."""
    app = create_app(Testing(**settings | {"CACHE_TYPE": "SimpleCache", "PAGE_CACHE_SECONDS": 60}))
    with app.app_context():
        BookFactory(isbn=BOOK, title="三体", summary="一九六七年，叶文洁。" * 20)
        reader = UserFactory(nickname=NICKNAME)
        with db.auto_commit():
            set_role(reader.email, request.param)
            token = start_session(db.session.get_one(User, reader.id), "test", is_remembered=False)
        build_index(Path(app.config["SEARCH_INDEX_PATH"]), BookSource(db.engine))
    client = Reader(app, PageResponse)
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    yield app, Reader(app, PageResponse), client
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def addresses(app):
    """Return every address of `ALL_PAGES`, and one for each other route that can be got."""
    with app.test_request_context():
        routes = app.url_map.bind("localhost")
        more = [
            routes.build(rule.endpoint, {name: VALUES[name] for name in rule.arguments})
            for rule in app.url_map.iter_rules()
            if "GET" in rule.methods and rule.endpoint not in ALL_PAGES
        ]
    return sorted({path for paths in ALL_PAGES.values() for path in paths} | set(more)) + ERROR_PAGES


def test_what_may_be_kept_is_for_everybody_and_what_a_reader_sees_is_not_kept(clients):
    app, visitor, reader = clients
    wrong, public = [], set()
    for path in addresses(app):
        with visitor.get(path) as theirs:
            seen, may_keep = theirs.data, theirs.cache_control.public
            if may_keep and "Set-Cookie" in theirs.headers:
                wrong.append(f"{path} is public and sets a cookie")
            if may_keep and theirs.mimetype == "text/html" and not {"Cookie", "Accept-Language"} <= set(theirs.vary):
                wrong.append(f"{path} is public without Vary")
        with visitor.get(path) as again, reader.get(path) as mine:
            if NICKNAME.encode() in again.data and "/user/" not in path:
                wrong.append(f"{path} shows visitors the reader")
            if mine.cache_control.public:
                public.add(path)
                if mine.data != seen or mine.mimetype == "text/html":
                    wrong.append(f"{path} is public and a reader's")
            elif NICKNAME.encode() in mine.data and not mine.cache_control.no_store:
                wrong.append(f"{path} shows the reader and may be stored")
        # The next request is a new visitor's.
        visitor.delete_cookie("session")
    assert wrong == []
    # The reader was there, and so was what everybody may keep.
    assert NICKNAME in reader.get("/").text
    assert {"/suggest", f"/book/{BOOK}/cover"} <= public
