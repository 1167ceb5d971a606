"""A year in books: private unless its reader shares it, at an address that ends with it."""

import time
from xml.etree import ElementTree

import pytest

from app.models.base import db, now
from app.models.book import Book
from app.models.drift import Drift
from app.models.user import User
from app.services.account.closing import erase_account
from app.services.journey.year import find_token, get_year
from tests.exchange import exchange, reader
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
YEAR = time.gmtime(now() - 3600).tm_year


@pytest.fixture
def done():
    done = exchange("received", now() - 3600)
    with db.auto_commit():
        for side in (done.giver, done.asker):
            db.session.get_one(User, side).time_zone = "UTC"
        drift = db.session.get_one(Drift, done.drift)
        db.session.get_one(Book, drift.book_id).pages = 321
    return done


def test_a_year_sums_what_was_given_and_received(app, done):
    given, received = get_year(done.giver, YEAR), get_year(done.asker, YEAR)
    assert (given.given, given.received, given.pages, len(given.books)) == (1, 0, 0, 1)
    assert (received.given, received.received, received.pages, len(received.books)) == (0, 1, 321, 1)
    assert get_year(done.asker, YEAR - 1).received == 0
    page = logged_in(app, done.asker).get(f"/my/year/{YEAR}")
    assert "1 book received · 321 pages" in text_of(page)


@pytest.mark.parametrize("year", [0, 1999, 3000, 99999999])
def test_a_year_that_is_none_is_not_there(app, year):
    mine = logged_in(app, reader(0))
    assert mine.get(f"/my/year/{year}").status_code == 404
    assert press(mine, f"/my/year/{year}/share").status_code == 404
    assert press(mine, f"/my/year/{year}/hide").status_code == 404


def test_the_picture_is_well_formed_whatever_the_titles_are(app, done):
    with db.auto_commit():
        drift = db.session.get_one(Drift, done.drift)
        db.session.get_one(Book, drift.book_id).title = "<script>&\u202e三体" * 9
    mine = logged_in(app, done.asker)
    for year in (YEAR, YEAR - 1):
        picture = mine.get(f"/my/year/{year}?picture=1")
        assert picture.mimetype == "image/svg+xml"
        root = ElementTree.fromstring(picture.data)  # noqa: S314  (our own)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert b"<script" not in picture.data
        assert picture.headers["Cache-Control"] == "no-store"


def test_a_year_is_shared_at_a_secret_address_that_can_be_changed_and_ended(app, client, done):
    mine = logged_in(app, done.asker)
    assert find_token(done.asker, YEAR) is None
    tokens = []
    for _ in range(2):
        assert press(mine, f"/my/year/{YEAR}/share").status_code == 303
        db.session.rollback()
        tokens.append(find_token(done.asker, YEAR))
        assert tokens[-1] in mine.get(f"/my/year/{YEAR}").text
    old, new = tokens
    assert [client.get(f"/year/{token}").status_code for token in (old, new, new[:-1], "x")] == [404, 200, 404, 404]
    shared = client.get(f"/year/{new}")
    assert shared.headers["X-Robots-Tag"] == "noindex"
    assert shared.headers["Cache-Control"] == "no-store"
    assert client.get(f"/year/{new}?picture=1").mimetype == "image/svg+xml"
    other = new.replace(f"-{YEAR}-", f"-{YEAR - 1}-")
    assert client.get(f"/year/{other}").status_code == 404
    assert press(mine, f"/my/year/{YEAR}/hide").status_code == 303
    assert client.get(f"/year/{new}").status_code == 404
    press(mine, f"/my/year/{YEAR}/share")
    db.session.rollback()
    again = find_token(done.asker, YEAR)
    assert client.get(f"/year/{again}").status_code == 200
    erase_account(db.session.get_one(User, done.asker))
    assert client.get(f"/year/{again}").status_code == 404
