"""The page of a reader's exchanges: what it shows and counts, and the next deadlines."""

from datetime import UTC, datetime

import pytest

from app.models.base import db, now
from app.models.drift import Drift
from app.rules.clock import DAY, HOUR
from app.rules.exchange.drift import DriftState, Way
from app.services.exchange.deadline_settings import deadlines
from tests.exchange import ask, book, copy_of, exchange, reader, wish_for
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")


def test_the_history_and_the_next_deadline_of_each_drift_are_shown(app):
    done = exchange("accepted", now())
    shown = text_of(logged_in(app, done.giver).get("/pending"))
    for words in ("asked for", "promised by the giver", "Please mail it by "):
        assert words in shown
    events = logged_in(app, done.asker).get("/pending").page.select(".time-line li time")
    assert len(events) == 2


def test_a_hidden_copy_is_brought_back_with_one_click(app):
    done = exchange("expired", now())
    gives = logged_in(app, done.giver)
    back = gives.get("/pending").page.find("button", formaction=f"/gifts/{done.gift}/back")
    assert press(gives, back["formaction"], follow_redirects=True).status_code == 200
    assert gives.get("/pending").page.find("button", formaction=f"/gifts/{done.gift}/back") is None


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99999999999", "²"])
def test_odd_page_numbers_show_a_page(app, page):
    done = exchange("waiting")
    for path in ("/pending", "/my/gifts", "/my/wish"):
        assert logged_in(app, done.giver).get(path, query_string={"page": page}).status_code == 200


def test_a_page_behind_the_last_one_leads_to_the_last(app):
    done = exchange("received")
    wish_for(done.giver, book())
    client = logged_in(app, done.giver)
    for path in ("/pending", "/my/gifts", "/my/wish", "/personal/ledger"):
        answer = client.get(path, query_string={"page": 2})
        assert (answer.status_code, answer.location) == (302, f"{path}?page=1")
        assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize(
    ("days", "says"), [(0, "We’ll ask you on "), (22, "Without an answer from you it is marked as received on ")]
)
def test_a_mailed_book_tells_what_happens_on_which_day(app, days, says):
    mailed = now() - days * DAY
    done = exchange("mailed", mailed)
    with db.auto_commit():
        db.session.get_one(Drift, done.drift).due_time = deadlines().next_due(
            DriftState.MAILED, Way.POST, mailed, now()
        )
    row = logged_in(app, done.asker).get("/pending").page.select_one(".drift")
    times = [time["datetime"] for time in row.find("p", class_="quiet").select("time")]

    assert says in row.get_text()
    assert times[-1] == datetime.fromtimestamp(mailed + 30 * DAY, UTC).isoformat()
    assert ("marked as received" in row.get_text(), len(times)) == (True, 2 if days == 0 else 1)


def test_what_waits_for_a_reader_is_counted_on_every_page(app):
    waiting, promised = exchange("waiting"), exchange("mailed")
    exchange("received")
    giver, asker = logged_in(app, waiting.giver), logged_in(app, promised.asker)
    for client in (giver, asker):
        for nav in (".site-nav", ".phone-nav"):
            assert client.get("/books").page.select_one(f"{nav} .count").get_text().startswith("1 ")
        assert client.get("/").page.select_one("main .turn")["href"] == "/pending"
    for other in (waiting.asker, promised.giver):
        page = logged_in(app, other).get("/").page
        assert (page.select_one(".site-nav .count"), page.select_one("main .turn")) == (None, None)


def test_the_number_beside_my_exchanges_counts_those_under_way(app):
    ended, mine = exchange("received"), copy_of(reader(0))
    client = logged_in(app, ended.giver)
    assert client.get("/pending").page.select_one("h1 .count").get_text() == "0"
    ask(ended.giver, mine)
    assert client.get("/pending").page.select_one("h1 .count").get_text() == "1"


def test_beside_a_deadline_stands_how_long_it_still_is_and_the_history_is_open_until_the_end(app):
    waiting, ended = exchange("waiting", now() - DAY + HOUR), exchange("rejected", now())
    for done, said, is_open in ((waiting, "4 days left", True), (ended, None, False)):
        row = logged_in(app, done.giver).get("/pending").page.select_one(".book-row")
        assert [left.get_text() for left in row.select(".count")] == ([said] if said else [])
        assert row.select_one(".history").has_attr("open") is is_open
