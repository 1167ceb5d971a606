"""A reader's own place: reading life first, the ledger and the settings on pages of their own, the log-out last."""

import pytest

from app.models.base import now
from app.services.trust.thanks import show_thanks, thank
from app.web.account import my_place
from tests.exchange import book, copy_of, exchange, make_certain, reader, wish_for
from tests.web.readers import logged_in, press

pytestmark = pytest.mark.usefixtures("app_context")


def section(client, name):
    part = client.get("/personal").page.find("section", attrs={"aria-labelledby": name})
    return " ".join(part.get_text(" ").split()) if part else None


def covers(client, name):
    cards = client.get("/personal").page.select(f"section[aria-labelledby={name}] .book-card")
    return {card.select_one(".book-title").get_text(): card.select_one(".book-note") for card in cards}


def test_it_begins_with_books_and_ends_with_the_log_out(log_in):
    page = log_in(reader(2, nickname="小鱼")).get("/personal").page
    main = page.main
    assert [part.get_text(strip=True) for part in main.select("h1, h2")][:2] == ["小鱼’s page", "My shelf"]
    assert main.select_one(".beans").get_text() == "2 beans"
    assert main.select("table") == []
    forms = [form["action"] for form in main.select("form.post-button")]
    assert forms == ["/logout"]
    last = main.find_all(["a", "button"])[-1]
    assert last.get_text(strip=True) == "Log out"


def test_each_side_reads_whose_turn_it_is_and_is_led_to_the_exchange(app):
    done = exchange("waiting", now())
    giver, asker = logged_in(app, done.giver), logged_in(app, done.asker)
    assert "Your move" in section(giver, "under-way")
    assert "The giver has not answered yet." in section(asker, "under-way")
    assert "Your move" not in section(asker, "under-way")
    link = giver.get("/personal").page.select_one("section[aria-labelledby=under-way] .book-title a")["href"]
    assert giver.get("/pending").page.select_one(link.removeprefix("/pending"))


def test_an_ended_exchange_is_not_under_way_and_its_book_is_to_be_passed_on(app):
    done = exchange("received", now())
    make_certain(done.drift, now())
    asker, giver = logged_in(app, done.asker), logged_in(app, done.giver)
    assert section(asker, "under-way") is None
    assert section(giver, "to-pass-on") is None
    page = asker.get("/personal").page
    button = page.select_one("section[aria-labelledby=to-pass-on] button")
    assert press(asker, button["formaction"]).status_code == 303
    assert section(asker, "to-pass-on") is None
    assert "On offer" in section(asker, "my-shelf")


def test_wishes_that_can_be_had_come_first(log_in):
    me, other = reader(1), reader(1)
    wish_for(me, had := book(title="Had"))
    wish_for(me, book(title="Nobody gives it"))
    copy_of(other, had)
    copy_of(other, had)
    shown = covers(log_in(me), "my-wishes")
    assert list(shown) == ["Had", "Nobody gives it"]
    assert shown["Had"].get_text() in ("2 available", "Kept for you")
    assert shown["Nobody gives it"] is None


def test_no_more_than_a_few_of_each_are_shown_and_all_are_counted(log_in, monkeypatch):
    monkeypatch.setattr(my_place, "MOST_COVERS", 2)
    me = reader(1)
    for _ in range(3):
        copy_of(me)
        wish_for(me, book())
    client = log_in(me)
    assert (len(covers(client, "my-shelf")), len(covers(client, "my-wishes"))) == (2, 2)
    assert "All my books (3)" in section(client, "my-shelf")
    assert "All wishes (3)" in section(client, "my-wishes")


def test_the_year_counts_what_has_arrived_for_certain(app):
    done = exchange("received", now())
    giver, asker = logged_in(app, done.giver), logged_in(app, done.asker)
    make_certain(done.drift, now())
    assert "1 given, 0 received" in section(giver, "my-year")
    assert "0 given, 1 received" in section(asker, "my-year")


def test_a_line_of_thanks_is_read_here_and_shown_to_others_with_one_press(app):
    done = exchange("received", now())
    thank(done.asker, done.drift, "Wrapped <b>with love", now())
    giver = logged_in(app, done.giver)
    assert "Wrapped <b>with love" in section(giver, "thanks")
    assert press(giver, f"/drift/{done.drift}/thanks/show").status_code == 303
    assert "It is shown on your page." in section(giver, "thanks")
    show_thanks(done.giver, done.drift, False, now())
    assert "If you like" in section(giver, "thanks")
    assert section(logged_in(app, done.asker), "thanks") is None


def test_the_ledger_has_a_page_of_its_own_and_old_addresses_lead_there(app, log_in):
    client = log_in(reader(2))
    page = client.get("/personal").page
    assert page.select_one("#ledger a")["href"] == "/personal/ledger"
    answer = client.get("/personal?page=2")
    assert (answer.status_code, answer.location) == (301, "/personal/ledger?page=2")
    assert client.get("/personal?page=x").location == "/personal/ledger?page=1"
    assert client.get("/personal/ledger?page=2").location == "/personal/ledger?page=1"
    assert len(client.get("/personal/ledger").page.select(".ledger tbody tr")) == 1


def test_the_settings_lead_to_everything_about_the_account(log_in):
    page = log_in(reader(1)).get("/personal/settings").page
    links = {link["href"] for link in page.main.select("a")}
    assert links >= {
        "/change/email", "/change/password", "/personal/second-factor", "/personal/sessions", "/personal/away",
        "/personal/export", "/personal/delete", "/privacy", "/my/journeys", "/personal",
    }  # fmt: skip
    parts = {link["href"] for link in page.main.select("nav a")}
    assert all(page.select_one(part) for part in parts)
    assert len(parts) == 8
