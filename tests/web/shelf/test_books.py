"""The page of a reader's shelf."""

import pytest
from sqlalchemy import select

from app.models.base import db, now
from app.models.gift import Gift
from app.rules.clock import DAY
from app.services.copy.keeping import keep_copy
from app.services.exchange import drift
from tests.exchange import book, copy_of, exchange, id_of, reader, wish_for
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")


def kept(holder, isbn=None):
    return keep_copy(holder, id_of(isbn or book()), now())


def titles(page):
    return [title.get_text(strip=True) for title in page.select(".book-row .book-title")]


def counts(page):
    return [int(one.get_text()) for one in page.select(".filters .count")]


def test_each_part_of_the_shelf_is_shown_with_its_number(app):
    done = exchange("accepted", now())
    kept(done.giver, book(title="私藏"))
    copy_of(done.giver, book(title="待送"), now())
    client = logged_in(app, done.giver)
    page = client.get("/my/books").page
    assert (counts(page), titles(page)[:2]) == ([3, 1, 1, 1, 0, 0], ["待送", "私藏"])
    assert titles(client.get("/my/books?show=private").page) == ["私藏"]
    assert titles(client.get("/my/books?show=offered").page) == ["待送"]
    promised = client.get("/my/books?show=promised")
    assert len(titles(promised.page)) == 1
    assert "Somebody has asked for it." in text_of(promised)
    assert "There are no books here" in text_of(client.get("/my/books?show=given"))
    assert titles(client.get("/my/books?show=nonsense").page)[0] == "待送"


def test_what_was_given_is_shown_to_its_giver_and_passed_on_by_its_reader(app):
    done = exchange("received", now() - DAY)
    page = logged_in(app, done.giver).get("/my/books?show=given")
    assert (counts(page.page), "Given." in text_of(page)) == ([0, 0, 0, 0, 0, 1], True)
    assert page.page.select_one(".change-several") is None
    lost = exchange("missing", now() - DAY)
    assert "It did not arrive." in text_of(logged_in(app, lost.giver).get("/my/books?show=given"))
    asker = logged_in(app, done.asker)
    assert "Read it? Pass it on" in text_of(asker.get("/my/books"))


def test_the_shelf_is_searched_by_title_and_isbn_and_signs_are_signs(app):
    holder, wanted = reader(0), book(title="100% 海边_1")
    kept(holder, wanted)
    kept(holder, book(title="山上"))
    client = logged_in(app, holder)
    for words in ("海边", "100% 海", "海边_", wanted, f"{wanted[:3]}-{wanted[3:]}"):
        assert titles(client.get("/my/books", query_string={"q": words}).page) == ["100% 海边_1"], words
    for words in ("100_", "%x", "海边/", "x" * 500, "'"):
        answer = client.get("/my/books", query_string={"q": words})
        assert (answer.status_code, titles(answer.page)) == (200, []), words
    assert counts(client.get("/my/books?q=山").page) == [1, 0, 1, 0, 0, 0]


def test_pages_of_a_long_shelf_keep_what_is_shown_and_end_at_the_last(app):
    holder, isbn = reader(0), book(title="一本")
    for _ in range(app.config["ROWS_PER_PAGE"] + 1):
        kept(holder, isbn)
    client = logged_in(app, holder)
    page = client.get("/my/books?show=private&q=一").page
    assert page.select_one(".pagination a.next")["href"] == "?show=private&q=%E4%B8%80&page=2"
    assert len(titles(client.get("/my/books?page=2").page)) == 1
    assert client.get("/my/books?show=private&page=77").location == "/my/books?show=private&page=2"


def test_one_press_offers_makes_private_and_forgets(app):
    holder, isbn = reader(0), book()
    wish_for(reader(0), isbn)
    copy = kept(holder, isbn)
    client = logged_in(app, holder)
    assert "One reader is waiting for it" in text_of(client.get("/my/books"))
    assert press(client, f"/my/books/{copy}/offer").location == "/my/books"
    assert "On the shelf." in text_of(client.get("/my/books"))
    refused = press(client, f"/my/books/{copy}/forget")
    assert (refused.status_code, "This copy is on offer." in text_of(refused)) == (409, True)
    press(client, f"/my/books/{copy}/withdraw")
    assert "Private: only you see it." in text_of(client.get("/my/books"))
    press(client, f"/my/books/{copy}/forget")
    assert "Your shelf is empty" in text_of(client.get("/my/books"))
    assert press(client, f"/my/books/{copy}/offer").status_code == 404


def test_several_are_changed_with_one_form(app):
    holder = reader(0)
    copies = [kept(holder) for _ in range(3)]
    client = logged_in(app, holder)
    done = press(client, "/my/books", {"act": "offer", "ticked": copies[:2]}, follow_redirects=True)
    assert "Done for 2 books." in text_of(done)
    everything = {"act": "forget", "all": "1", "shown": copies}
    said = text_of(press(client, "/my/books", everything, follow_redirects=True))
    assert "Done for one book." in said
    assert "Make it private first" in said
    changed = {"act": "condition", "condition": "worn", "all": "1", "shown": copies}
    press(client, "/my/books", changed)
    assert set(db.session.scalars(select(Gift.condition))) == {"worn"}


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"act": "offer"}, "at least one book"),
        ({"act": "burn", "ticked": "1"}, "choose what to do"),
        ({}, "choose what to do"),
        ({"act": "condition", "condition": "mint", "ticked": "1"}, "choose a condition"),
        ({"act": "offer", "ticked": ["x", "-1", "9" * 30, "１"]}, "at least one book"),
        ({"act": "offer", "ticked": list(range(150))}, "At most 100 books"),
        ({"act": "forget", "ticked": "999"}, "None of these books"),
    ],
)
def test_a_form_that_makes_no_sense_changes_nothing_and_says_why(app, sent, told):
    client = logged_in(app, reader(0))
    answer = press(client, "/my/books", sent, follow_redirects=True)
    assert (answer.status_code, told in text_of(answer)) == (200, True)


class TestLimit:
    @pytest.fixture
    def settings(self, settings):
        return settings | {"RATELIMIT_ENABLED": True, "LISTING_RATE_LIMIT": "4 per hour"}

    def test_offering_counts_by_the_copy(self, app):
        holder = reader(0)
        copies = [kept(holder) for _ in range(5)]
        client = logged_in(app, holder)
        assert press(client, "/my/books", {"act": "offer", "ticked": copies}).status_code == 429
        assert db.session.scalars(select(Gift)).all() == []


def test_the_shelf_is_downloaded_and_kept_by_no_cache(app):
    holder = reader(0)
    kept(holder, isbn := book())
    answer = logged_in(app, holder).get("/my/books/export.csv")
    assert (answer.mimetype, isbn in answer.text, answer.cache_control.no_store) == ("text/csv", True, True)
    assert 'filename="fisher-books.csv"' in answer.headers["Content-Disposition"]


def test_a_received_book_is_passed_on_from_its_card(app):
    done = exchange("mailed", now() - DAY)
    drift.confirm_received(done.asker, done.drift, now())
    client = logged_in(app, done.asker)
    copy = db.session.get_one(Gift, done.gift).copy_id
    card = client.get("/pending")
    assert (
        card.page.find("button", attrs={"formaction": f"/my/books/{copy}/offer"})
        .get_text(strip=True)
        .startswith("Read it? Pass it on")
    )
    press(client, f"/my/books/{copy}/offer")
    shown = client.get("/pending")
    assert shown.page.find("button", attrs={"formaction": f"/my/books/{copy}/offer"}) is None
    assert logged_in(app, done.giver).get("/pending").page.find("button", attrs={"formaction": True}) is None
