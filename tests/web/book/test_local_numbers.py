"""A book without an ISBN has a number of ours, which stands wherever an ISBN does."""

from pathlib import Path

import pytest

from app.models.base import db
from app.models.book import Book
from app.rules.book.local_number import number_of
from app.rules.exchange.listing import Condition
from app.search.write.build import build_index
from app.search.write.popularity import exchange_ranking
from app.search.write.source import BookSource
from app.services.bean.transfers import grant_beans
from app.services.book.placing import join_editions, split_editions
from app.services.exchange.gift import offer_gift
from app.services.exchange.wish import wish_for_book
from app.web.book.work import PATH
from tests import exchange
from tests.exchange import NOW, ask
from tests.factories import PASSWORD, BookFactory
from tests.web.forms import send

pytestmark = pytest.mark.usefixtures("app_context")
JSON = {"Accept": "application/json"}
UNKNOWN = number_of(None, 9_999)


@pytest.fixture
def old_book(app):
    return BookFactory(isbn=None, title="小灵通漫游未来", authors=["叶永烈"], year=1978, work_key="OL1W")


def index(app):
    build_index(Path(app.config["SEARCH_INDEX_PATH"]), BookSource(db.engine, exchange_ranking()))


def test_its_page_says_that_the_number_is_ours(client, old_book):
    page = client.get(f"/book/{old_book.number}/detail").page
    facts = dict(zip(page.select(".facts dt"), page.select(".facts dd"), strict=True))

    assert {label.get_text(): said.get_text(strip=True) for label, said in facts.items()}["Local number"] == (
        old_book.number
    )
    assert page.find("meta", property="book:isbn") is None
    assert page.find("link", rel="canonical")["href"].endswith(f"/book/{old_book.number}/detail")


def test_other_spellings_and_the_number_before_the_isbn_lead_to_the_one_address(client, old_book):
    local = old_book.number
    for typed in (local.lower(), f"{local[:5]}-{local[5:]}", f"F0{local[1:]}"):
        assert client.get(f"/book/{typed}/detail").location == f"/book/{local}/detail"
    with db.auto_commit():
        old_book.isbn = "9787536692930"

    moved = client.get(f"/book/{local}/detail")
    assert (moved.status_code, moved.location) == (301, "/book/9787536692930/detail")
    assert client.get(f"/book/{local}/cover").status_code == 200


def test_a_number_that_no_book_has_is_said_to_be_ours(client):
    assert client.get(f"/book/{UNKNOWN}/detail").status_code == 404
    for number in (UNKNOWN, f"{UNKNOWN[:-1]}9"):
        assert client.get(f"/book/{number}/detail").page.h1.get_text() == "No book has this number"
    assert client.get(f"/book/{UNKNOWN}/detail", headers=JSON).json["error"]["code"] == "book_not_found"
    assert client.get(f"/book/{UNKNOWN}/cover").status_code == 404


def test_a_number_in_the_search_box_opens_its_book(app, client, old_book):
    index(app)

    for typed in (old_book.number, f" {old_book.number.lower()}", f"https://x.example/book/{old_book.number}/detail"):
        found = client.get("/book/search", query_string={"q": typed})
        assert found.location == f"/book/{old_book.number}/detail"
    assert client.get("/book/search", query_string={"q": UNKNOWN}).status_code == 200
    found = client.get("/book/search", query_string={"q": old_book.number}, headers=JSON).json
    assert [(book["number"], book["isbn"]) for book in found["books"]] == [(old_book.number, "")]


def test_search_suggestions_browse_and_work_link_to_it(app, client, old_book):
    index(app)
    path = f"/book/{old_book.number}/detail"

    assert client.get("/book/search?q=小灵通").page.select_one(".book-row a")["href"] == path
    assert client.get("/suggest?q=小灵").json["suggestions"][0]["url"] == path
    assert client.get("/books?show=all&language=zh").page.select_one(".book-card a")["href"] == path
    assert client.get(f"{PATH}/{old_book.work_id}").location == path
    assert client.get("/books?show=all", headers=JSON).json["books"][0]["url"].endswith(path)


def test_its_other_editions_name_each_other(client, old_book):
    other = BookFactory(isbn=None, title="小灵通再游未来", work_key="OL1W")

    links = client.get(f"/book/{old_book.number}/detail").page.select("#editions a")
    assert links[0]["href"] == f"/book/{other.number}/detail"


def test_pages_of_the_shelf_follow_each_other_behind_such_a_book(client):
    for _ in range(31):
        BookFactory(isbn=None, language="zh")
    page = client.get("/books?show=all", headers=JSON).json

    assert "after=F" in page["next"]
    assert len(client.get(page["next"], headers=JSON).json["books"]) == 1


def test_the_cover_is_drawn(client, old_book):
    cover = client.get(f"/book/{old_book.number}/cover")

    assert cover.status_code == 200
    assert cover.mimetype == "image/svg+xml"
    assert cover.data == client.get(f"/book/{old_book.number.lower()}/cover").data


def test_it_is_given_wished_for_and_taken_off_again(reader, old_book):
    path = f"/book/{old_book.number}/detail"
    assert send(reader, f"/wish/book/{old_book.number}", page=path).location == path
    [row] = reader.get("/my/wish").page.select(".book-row")
    assert row.a["href"] == path
    assert send(reader, f"/wish/book/{old_book.number}/redraw", page="/my/wish").location == "/my/wish"
    given = send(reader, f"/gifts/book/{old_book.number}", page=path, condition=Condition.GOOD, ways="post")
    assert given.location == path
    assert reader.get("/my/gifts").page.select_one(".book-row a")["href"] == path
    assert reader.get("/").page.select_one(".shelf a")["href"] == path


def test_an_offer_of_another_edition_without_isbn_names_it(log_in, old_book):
    other = BookFactory(isbn=None, title="小灵通再游未来", work_key="OL1W", language="zh")
    wisher = exchange.reader()
    wish_for_book(wisher, old_book.id, NOW)
    offer_gift(exchange.reader(), other.id, Condition.GOOD, "", None, NOW)

    row = log_in(wisher).get("/my/wish").page.select_one(".book-row")
    assert f"/book/{other.number}/detail" in [link["href"] for link in row.select("a")]


def test_its_page_with_a_copy_to_be_had_lets_one_wish_and_ask_for_it(reader, old_book):
    gift = offer_gift(exchange.reader(), old_book.id, Condition.GOOD, "", None, NOW)
    page = reader.get(f"/book/{old_book.number}/detail").page
    assert page.find("form", action=f"/wish/book/{old_book.number}")

    with db.auto_commit():
        grant_beans(reader.user_id, 1, "test", NOW)
    ask(reader.user_id, gift)
    links = [link["href"] for link in reader.get("/pending").page.select(".drift a")]
    assert f"/book/{old_book.number}/detail" in links


def test_a_copy_and_a_wish_of_another_edition_lead_to_its_page(client, old_book):
    other = BookFactory(isbn=None, title="小灵通再游未来", work_key="OL1W", language="zh")
    offer_gift(exchange.reader(), other.id, Condition.GOOD, "", None, NOW)

    links = client.get(f"/book/{old_book.number}/detail").page.select("[aria-labelledby=givers] a")
    assert f"/book/{other.number}/detail" in [link["href"] for link in links]


def test_v2_knows_it_by_id_and_words_but_has_no_isbn_for_it(app, client, old_book):
    index(app)

    assert client.get(f"/v2/book/isbn/{old_book.number}").status_code == 404
    assert client.get(f"/v2/book/isbn/{old_book.number}").json["msg"] == "book_not_found"
    assert client.get(f"/v2/book/id/{old_book.id}").json["isbn"] == ""
    [found] = client.get("/v2/book/search?q=小灵通").json["books"]
    assert (found["isbn"], found["image"].split("/book/")[1]) == ("", f"{old_book.number}/cover?size=large")


def test_no_isbn_is_made_up_for_it_in_a_readers_own_data(reader, old_book):
    offer_gift(reader.user_id, old_book.id, Condition.GOOD, "", None, NOW)
    exported = send(reader, "/personal/export", password=PASSWORD).json

    assert [(gift["isbn"], gift["number"]) for gift in exported["gifts"]] == [("", old_book.number)]


def test_nothing_outside_is_asked_about_it(app, client, old_book):
    with db.auto_commit():
        old_book.fetched_at = 0
    assert client.get(f"/book/{old_book.number}/detail").status_code == 200

    assert client.get(f"/book/{old_book.number}/entry").status_code in (302, 404)
    assert Book.find_by_number(old_book.number).fetched_at == 0


def test_works_are_joined_and_split_by_it(old_book):
    other = BookFactory(title="海边")
    work_id = join_editions(old_book.number, other.isbn)
    db.session.expire_all()
    assert old_book.work_id == other.work_id == work_id

    split_editions([old_book.number.lower()])
    db.session.expire_all()
    assert old_book.work_id != other.work_id
