from urllib.parse import quote

import pytest
from sqlalchemy import event

from app.catalogues.base import BookRecord
from app.models.base import db
from app.models.book import Book
from app.services.book.browse import PAGE
from app.services.book.shelving import shelve_outdated
from app.services.book.store import store_books
from tests.exchange import book, copy_of, reader
from tests.factories import BookFactory, isbn13


@pytest.fixture
def store(app_context):
    """Store a book with the sort key of its title."""
    numbers = iter(range(10_000))

    def store(title, **values):
        record = BookRecord(isbn=isbn13(next(numbers)), title=title, source="test", **{"language": "zh"} | values)
        return store_books([record])[0]

    return store


def titles(answer):
    assert answer.status_code == 200
    return [title.get_text() for title in answer.page.main.select(".shelf .book-title")]


def test_chinese_titles_stand_by_pinyin_and_latin_ones_without_articles_and_accents(client, store):
    expected = [
        "The Art of War", "《白夜行》", "长安十二时辰", "重庆的冬天", "Éloge de l'ombre", "解忧杂货店", "1984",
        "ノルウェイの森",
    ]  # fmt: skip
    for title in sorted(expected):
        store(title)
    assert titles(client.get("/books?show=all")) == expected
    assert titles(client.get("/books?letter=c")) == ["长安十二时辰", "重庆的冬天"]
    assert titles(client.get("/books?letter=~")) == ["1984", "ノルウェイの森"]
    assert titles(client.get("/books?letter=z")) == []


def test_every_book_is_on_exactly_one_page_though_titles_repeat(client, store):
    for number in range(2 * PAGE + 7):
        store("同一个书名" if number % 3 else f"书{number:03}")
    with db.auto_commit():
        Book.find_by_isbn(isbn13(5)).delete()
    path, seen = "/books?language=zh&show=all", []
    while path:
        answer = client.get(path)
        seen += [link["href"] for link in answer.page.main.select(".book-card a")]
        following = answer.page.main.select_one("a[rel=next]")
        path = following["href"] if following else None
    assert len(seen) == len(set(seen)) == 2 * PAGE + 6


def test_a_year_shows_its_books_and_a_language_its_own(client, store):
    store("旧书", pubdate="1999-01")
    store("新书", pubdate="2014")
    store("New Book", pubdate="2014", language="en")
    store("没有语言", language="")

    assert titles(client.get("/books?show=all&language=zh&year=2014")) == ["新书"]
    assert titles(client.get("/books?show=all&language=en")) == ["New Book"]
    assert titles(client.get("/books?show=all&language=other")) == ["没有语言"]
    page = client.get("/books?show=all&language=zh").page
    assert [option.get_text() for option in page.select("#year option")] == ["Any year", "2014", "1999"]
    assert [option.get_text() for option in page.select("#language option")] == [
        "Other languages",
        "English",
        "Chinese",
    ]
    assert page.select_one("#language option[selected]").get_text() == "Chinese"


def test_the_reader_s_language_comes_first_when_it_has_books(client, store):
    store("三体")
    assert titles(client.get("/books?show=all")) == ["三体"]
    store("The Hobbit", language="en")
    assert titles(client.get("/books?show=all")) == ["The Hobbit"]


def test_an_empty_catalogue_has_a_page(client):
    assert "Nothing like this is available" in client.get("/books").page.main.get_text()
    assert "There are no books here yet" in client.get("/books?show=all").page.main.get_text()


@pytest.mark.parametrize(
    "query", ["letter=ab", "letter=A", "letter=%00", "year=abc", "year=99999",
        "year=" + "9" * 400, "after=x", "after=9787", "language=Zh1",
              "language=zh%0a", "after=" + "9" * 5000, "shelf=cooking", "shelf=%00", "show=1",
              "after=1.", "after=1.2.3", "after=" + "9" * 30 + ".1"],
)  # fmt: skip
def test_a_broken_address_is_explained(client, query):
    answer = client.get(f"/books?{query}")
    assert answer.status_code == 400
    assert answer.page.main.select_one("[role=alert]").get_text(strip=True)
    assert client.get(f"/books?{query}", headers={"Accept": "application/json"}).status_code == 400


def test_an_isbn_that_left_no_trace_ends_the_list(client, store):
    store("三体")
    assert titles(client.get("/books?language=zh&after=9787999999990")) == []


def test_programs_read_the_list_page_by_page(client, store):
    for number in range(PAGE + 1):
        store(f"书{number:03}")
    first = client.get("/books?show=all", headers={"Accept": "application/json"}).json
    last = client.get(first["next"], headers={"Accept": "application/json"}).json
    assert len(first["books"]) == PAGE
    assert [book["title"] for book in last["books"]] == [f"书{PAGE:03}"]
    assert last["next"] is None


@pytest.mark.sqlite("its query plans")
def test_a_page_takes_few_statements_each_through_an_index(app_context, client, store):
    for number in range(2 * PAGE):
        store(f"书{number:03}", pubdate="2014")
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append((args[2], args[3])))
    for path, count in (("/books?letter=s", 4), (f"/books?year=2014&after={isbn13(3)}", 5)):
        statements.clear()
        assert titles(client.get(path))
        selects = [(text, values) for text, values in statements if "SELECT" in text]
        assert len(selects) == count
        for text, values in selects:
            plan = " ".join(
                row[3] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
            )
            assert "SCAN book" not in plan
            assert "TEMP B-TREE" not in plan


def test_author_and_publisher_of_a_book_lead_to_their_books(client, app_context):
    book = BookFactory(authors=["[日] 村上春树", "x" * 200], publisher="上海译文出版社", translators=["林少华"])
    page = client.get(f"/book/{book.isbn}/detail").page
    paths = [link["href"] for link in page.main.select("a")]
    for name in ("村上春树", "上海译文出版社", "林少华"):
        assert f"/book/search?q={quote(name)}" in paths
    assert "[日] 村上春树、" + "x" * 200 in page.main.select_one(".book-by").get_text()
    assert not any("xxx" in path for path in paths)


@pytest.mark.parametrize(("words", "shelf"), [("科幻", "scifi"), ("mystery", "mystery"), ("三体", None)])
def test_a_search_for_a_subject_offers_its_shelf(client, app_context, words, shelf):
    copy_of(reader(), book(subjects=["科幻"]))
    page = client.get("/book/search", query_string={"q": words}).page
    offers = {link["href"]: link.get_text() for link in page.main.select("a[href^='/books?shelf=']")}
    said = {"scifi": "Shelf: Science fiction · 1 available", "mystery": "Shelf: Mystery & thrillers"}
    assert offers == ({f"/books?shelf={shelf}": said[shelf]} if shelf else {})


def test_a_shelf_shows_what_is_available_on_it_and_crawlers_are_led_to_it_alone(client, app_context):
    copy_of(reader(), book(title="三体", subjects=["科幻"], language="zh", year=2008))
    book(title="沙丘", subjects=["科幻"], language="zh", year=2017)
    while shelve_outdated():
        pass
    answer = client.get("/books?shelf=scifi")
    assert titles(answer) == ["三体"]
    assert answer.page.select_one("link[rel=canonical]")["href"].endswith("/books?shelf=scifi")
    assert answer.page.select_one("meta[name=robots]") is None
    for more in ("&year=2008", "&language=zh", "&show=all", "&after=99.99"):
        narrowed = client.get(f"/books?shelf=scifi{more}").page
        assert narrowed.select_one("meta[name=robots]")["content"] == "noindex"
    assert titles(client.get("/books?shelf=scifi&show=all")) == ["三体", "沙丘"]
    assert "/books?shelf=scifi</loc>" in client.get("/sitemap/pages.xml").get_data(as_text=True)
