"""The page on which a reader says that they are away, and what others see."""

import json
import time

import pytest

from app.models.base import db, now
from app.models.user import User
from app.rules.clock import DAY
from app.services.account.closing import erase_account
from tests.exchange import book, copy_of, exchange
from tests.exchange import reader as new_reader
from tests.factories import PASSWORD
from tests.web.forms import send
from tests.web.readers import REQUEST, logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
SEA = "by the sea, no post <b>office</b>"


def day(days):
    return time.strftime("%Y-%m-%d", time.gmtime(now() + days * DAY))


def be_away(app, reader_id, days=9, words=SEA):
    with db.auto_commit():
        db.session.get_one(User, reader_id).time_zone = "UTC"
    client = logged_in(app, reader_id)
    assert press(client, "/personal/away", {"back": day(days), "words": words}).location == "/personal"
    return client


def test_a_reader_goes_away_and_comes_back(app):
    giver = new_reader(0)
    client = be_away(app, giver)
    for path in ("/personal", "/my/gifts", "/personal/away", f"/user/{giver}"):
        assert "Away until" in text_of(client.get(path)), path
    assert client.get("/personal/away").page.select_one("#back")["value"] == day(9)
    assert press(client, "/personal/away/end").location == "/personal"
    for path in ("/personal", "/my/gifts", f"/user/{giver}"):
        assert "Away until" not in text_of(client.get(path)), path
    assert press(client, "/personal/away/end").status_code == 303


@pytest.mark.parametrize("back", ["", "tomorrow", "2026-13-40", "9999-12-31", "0001-01-01", "x" * 5000, "2020-01-01"])
def test_a_day_that_is_none_or_too_near_or_far_gets_an_error(app, back):
    client = logged_in(app, new_reader(0))
    answer = press(client, "/personal/away", {"back": back, "words": ""})
    assert answer.status_code == 400
    assert answer.page.select_one(".field-error").get_text(strip=True)


def test_words_have_at_most_a_hundred_characters(app):
    answer = press(logged_in(app, new_reader(0)), "/personal/away", {"back": day(3), "words": "x" * 101})
    assert (answer.status_code, "At most 100 characters" in text_of(answer)) == (400, True)


def test_others_read_of_it_where_they_would_ask_for_the_book(app, client):
    giver, isbn = new_reader(0), book()
    copy = copy_of(giver, isbn, now())
    be_away(app, giver)
    asker = logged_in(app, new_reader(1))
    for visitor, said in ((client, "Away until"), (asker, "The giver is away. This copy can be asked for again from")):
        assert said in text_of(visitor.get(f"/book/{isbn}/detail"))
        profile = visitor.get(f"/user/{giver}")
        assert (SEA in text_of(profile), profile.page.select("main b")) == (True, [])
    assert not asker.get(f"/book/{isbn}/detail").page.select(f'a[href="/drift/{copy}"].button')
    form = asker.get(f"/drift/{copy}")
    assert ("The giver is away." in text_of(form), SEA in text_of(form)) == (True, True)
    assert not form.page.select(f'form[action="/drift/{copy}"]')
    refused = press(asker, f"/drift/{copy}", REQUEST)
    assert (refused.status_code, "The giver is away." in text_of(refused)) == (409, True)


def test_a_moved_deadline_is_explained_to_both_sides(app):
    done = exchange("waiting", now())
    client = be_away(app, done.giver, 20)
    assert "because you are away" in text_of(client.get("/pending"))
    assert "because the giver is away" in text_of(logged_in(app, done.asker).get("/pending"))


def test_it_is_in_the_export_and_goes_with_the_account(app):
    giver = new_reader(0)
    client = be_away(app, giver, words="by the sea")
    account = json.loads(send(client, "/personal/export", password=PASSWORD).text)["account"]
    assert (account["away_words"], account["away_until"][:10]) == ("by the sea", day(9))
    db.session.rollback()
    erase_account(db.session.get_one(User, giver))
    gone = db.session.get_one(User, giver, execution_options={"include_deleted": True})
    assert (gone.away_until, gone.away_words, gone.look_time) == (None, "", None)
