"""The form for a book that may have no ISBN: what looks alike comes first, and nothing is entered twice."""

from pathlib import Path

import pytest

from app.models.base import db
from app.models.book import Book
from app.search.write.build import build_index
from app.search.write.source import BookSource
from tests.factories import BookFactory
from tests.stand_in import answer
from tests.web.forms import send

SAN_TI = "9787536692930"
ENTERED = {
    "title": " 小灵通漫游未来 ",
    "authors": "叶永烈",
    "publisher": "少年儿童出版社",
    "year": "1978",
    "pages": "96",
}


@pytest.fixture
def settings(settings, outside_settings):
    return settings | outside_settings


def index(app):
    build_index(Path(app.config["SEARCH_INDEX_PATH"]), BookSource(db.engine))


def entered(reader, **values):
    return send(reader, "/book/new", **ENTERED | values)


def go_on(reader, page, **values):
    """Send the form of a page again as it is."""
    form = page.select_one("form.form")
    fields = {box["name"]: box.get("value", "") for box in form.select("input[name]")}
    fields |= {box["name"]: box.get_text().strip("\r\n") for box in form.select("textarea[name]")}
    return reader.post("/book/new", data=fields | values)


def test_a_book_without_isbn_is_entered_and_can_be_given_at_once(reader, app_context):
    answer = entered(reader, language="zh", summary="第一行\r\n第二行")
    page = reader.get(answer.location).page
    book = Book.find_by_number(answer.location.split("/")[2])

    assert answer.location == f"/book/{book.number}/detail"
    assert page.h1.get_text(strip=True) == "小灵通漫游未来"
    assert "on our shelves now" in page.get_text()
    assert "A reader entered this book by hand." in page.get_text()
    assert "once a catalogue knows it" not in page.get_text()
    assert page.find("form", action=f"/gifts/book/{book.number}")
    assert (book.isbn, book.pages, book.language, book.summary) == (None, 96, "zh", "第一行\n第二行")


def test_what_looks_alike_is_shown_first_and_the_form_keeps_what_was_typed(app, reader, app_context):
    known = BookFactory(title="小灵通漫游未来", authors=["叶永烈"], year=2001)
    index(app)

    page = entered(reader).page

    assert page.select_one("#look-alikes").get_text() == "Is it this book?"
    assert [link["href"] for link in page.select(".book-row a")] == [f"/book/{known.number}/detail"]
    assert page.find("input", {"name": "publisher"})["value"] == "少年儿童出版社"
    stored = go_on(reader, page)
    assert stored.status_code == 302
    assert stored.location != f"/book/{known.number}/detail"


def test_a_title_with_a_wrong_sign_is_recognised(app, reader, app_context):
    BookFactory(isbn=None, title="小灵通漫游未来", authors=["叶永烈"], year=1978)
    BookFactory(title="西游记")
    index(app)

    page = entered(reader, title="小灵通漫遊未來", authors="", year="").page
    assert [row.get_text() for row in page.select(".book-row h2")] == ["小灵通漫游未来"]


def test_what_has_been_entered_meanwhile_is_shown_before_anything_is_stored(app, reader, app_context):
    BookFactory(title="小灵通漫游未来", authors=["叶永烈"], year=2001)
    index(app)
    page = entered(reader).page
    newer = BookFactory(isbn=None, title="小灵通漫游未来", authors=["叶永烈"], year=1979)

    again = go_on(reader, page)
    assert again.status_code == 200
    assert f"/book/{newer.number}/detail" in [link["href"] for link in again.page.select(".book-row a")]
    assert go_on(reader, again.page).status_code == 302


def test_the_same_book_leads_to_the_one_that_is_there_even_past_the_look_alikes(reader, app_context):
    first = entered(reader).location
    page = entered(reader).page
    assert page.select("#look-alikes")

    again = go_on(reader, page)
    assert again.location == first
    assert "We have this book now" in reader.get(first).page.get_text()


def test_a_valid_isbn_goes_the_usual_way(reader, app_context, outside):
    outside.behave = answer({"isbn": SAN_TI, "title": "三体", "author": ["刘慈欣"]})

    assert entered(reader, isbn="978-7-5366-9293-0").location == f"/book/{SAN_TI}/detail"
    assert Book.find_by_isbn(SAN_TI).title == "三体"
    assert not Book.find_by_isbn(SAN_TI).entered_by_hand


def test_an_isbn_that_nobody_knows_is_stored_with_the_book(reader, app_context):
    assert entered(reader, isbn="7-5366-9293-5").location == f"/book/{SAN_TI}/detail"
    book = Book.find_by_isbn(SAN_TI)
    assert (book.title, book.pages, book.entered_by_hand) == ("小灵通漫游未来", 96, True)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 251}, "title"),
        ({"authors": "x" * 251}, "authors"),
        ({"year": "78"}, "year"),
        ({"pages": "0"}, "pages"),
        ({"pages": "9" * 40}, "pages"),
        ({"isbn": "9787536692931"}, "isbn"),
        ({"isbn": "x" * 61}, "isbn"),
        ({"summary": "x" * 2001}, "summary"),
        ({"language": "xx"}, "language"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_stored(reader, app_context, values, field):
    answer = entered(reader, **values)

    assert answer.status_code == 400
    assert answer.page.find(id=f"{field}-error")
    assert Book.list_first(1) == []


def test_it_is_reached_from_a_search_without_hits_from_my_gifts_and_from_a_wrong_number(app, reader, app_context):
    index(app)
    link = reader.get("/book/search?q=小灵通").page.select_one(".absent a[href^='/book/new']")

    assert reader.get(link["href"]).page.find("input", {"name": "title"})["value"] == "小灵通"
    for path in ("/my/gifts", "/book/nonsense/detail"):
        assert reader.get(path).page.select("a[href='/book/new']"), path


def test_a_visitor_logs_in_first(client):
    assert client.get("/book/new?title=海边").location.startswith("/login?next=/book/new")


class TestLimited:
    @pytest.fixture
    def settings(self, settings):
        return settings | {"RATELIMIT_ENABLED": True, "ENTRY_RATE_LIMIT": "2 per day"}

    def test_a_reader_enters_a_limited_number_of_books_a_day_by_either_form(self, reader, app_context):
        refused = [entered(reader, title="").status_code for _ in range(4)]
        stored = [entered(reader, title=f"第{number}本").status_code for number in range(3)]
        by_isbn = send(reader, f"/book/{SAN_TI}/entry", title="三体").status_code

        assert (refused, stored, by_isbn) == ([400] * 4, [302, 302, 429], 429)
        assert len(Book.list_first(9)) == 2
