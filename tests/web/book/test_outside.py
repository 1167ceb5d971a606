"""Books that are not stored: what a reader sees when catalogues have them, do not have them, or are down."""

import json
import time
from pathlib import Path

import pytest
import structlog

from app import create_app
from app.models.base import db, now
from app.models.book import Book
from app.search.write.build import build_index
from app.search.write.source import BookSource
from config import Testing
from tests.factories import BookFactory
from tests.stand_in import UNKNOWN_BOOK, answer, close, drip_body, drip_head, hang, redirect, routes
from tests.web.forms import do_jobs

SAN_TI = "9787536692930"
HUO_ZHE = "9787506365437"
BOOK = {"isbn": SAN_TI, "title": "三体", "author": ["刘慈欣 著"], "publisher": "重庆出版社", "pubdate": "2008-1"}
OTHER = {"isbn": HUO_ZHE, "title": "活着", "author": ["余华"]}
BAD = {
    "hangs": hang,
    "drips its head": drip_head,
    "drips its body": drip_body,
    "hangs up": close,
    "is broken": answer("oops", 500),
    "is limited": answer({}, 429, Retry_After="60"),
    "sends a page": answer("<html></html>", content_type="text/html"),
    "leads home": redirect("http://127.0.0.1:1/"),
    "sends too much": answer(b'"' + b"x" * 3_000_000 + b'"'),
    "nests": answer("[" * 100_000),
}


@pytest.fixture
def settings(settings, outside_settings):
    return settings | outside_settings


def index(app):
    build_index(Path(app.config["SEARCH_INDEX_PATH"]), BookSource(db.engine))


def test_an_unknown_book_is_found_outside_shown_and_kept(client, app_context, outside):
    outside.behave = answer(BOOK)

    first = client.get(f"/book/{SAN_TI}/detail")
    second = client.get(f"/book/{SAN_TI}/detail")

    assert first.status_code == second.status_code == 200
    assert second.page.h1.get_text(strip=True) == "三体"
    assert len(outside.calls) == 1
    stored = Book.find_by_isbn(SAN_TI)
    assert (stored.authors, stored.source, stored.year) == (["刘慈欣"], "yushu", 2008)
    assert now() - stored.fetched_at < 60


def test_an_isbn_in_the_search_box_is_looked_up_outside_too(client, outside):
    outside.behave = answer(BOOK)

    page = client.get("/book/search", query_string={"q": "978-7-5366-9293-0"}, follow_redirects=True).page

    assert "三体" in page.h1.get_text()


def test_a_book_that_nobody_knows_is_told_and_asked_for_once_a_day(client, outside):
    for _ in range(3):
        answer = client.get(f"/book/{SAN_TI}/detail")
        assert answer.status_code == 404
        assert "try again" not in answer.page.main.get_text()
    page = client.get("/book/search", query_string={"q": SAN_TI}, follow_redirects=True).page

    assert page.h1.get_text(strip=True) == "We don’t know this book yet"
    assert len(outside.calls) == 1


def test_a_number_with_a_wrong_check_digit_is_asked_of_nobody(client, outside):
    assert client.get("/book/9787536692931/detail").status_code == 404
    assert client.get("/book/search", query_string={"q": "9787536692931"}).status_code == 200
    assert outside.calls == []


@pytest.mark.parametrize("behaviour", BAD.values(), ids=BAD)
def test_a_bad_catalogue_costs_one_sentence_and_no_more_than_the_deadline(client, app_context, outside, behaviour):
    BookFactory(title="海边的三体")
    index(app_context)
    # Before measuring the catalogue, warm up the templates and the index.
    client.get("/book/9787536692931/detail")
    client.get("/book/search/outside", query_string={"q": "海边"})
    outside.behave = behaviour
    started = time.monotonic()
    detail = client.get(f"/book/{SAN_TI}/detail")
    assert time.monotonic() - started < app_context.config["BOOK_LOOKUP_DEADLINE"] + 5
    started = time.monotonic()
    hits = client.get("/book/search/outside", query_string={"q": "三体"})
    assert time.monotonic() - started < app_context.config["BOOK_LOOKUP_DEADLINE"] + 5

    assert detail.status_code == 404
    assert "Not every outside catalogue could be asked" in detail.page.main.get_text()
    assert hits.status_code == 200
    assert "海边的三体" in hits.page.main.get_text()
    assert "Not every catalogue answered in time" in hits.page.main.get_text()


def test_known_books_are_shown_without_a_single_outside_call(client, app_context, outside):
    picture = f"{outside.url}/lpic/s1.jpg"
    BookFactory(isbn=SAN_TI, title="三体", cover=picture, fetched_at=now() - 100 * 86_400)
    index(app_context)
    outside.behave = hang

    addresses = [
        "/", "/book/search?q=三体", f"/book/{SAN_TI}/detail", f"/book/{SAN_TI}/cover",
        f"/v2/book/isbn/{SAN_TI}", "/v2/book/search?q=三体",
    ]  # fmt: skip
    for address in addresses:
        answer = client.get(address)
        answer.close()
        assert answer.status_code == 200

    assert outside.connections == 0


def test_the_search_page_shows_our_hits_and_invites_to_look_outside(client, app_context, outside):
    BookFactory(isbn=SAN_TI, title="三体")
    index(app_context)

    page = client.get("/book/search", query_string={"q": "三体", "page": "1"}).page

    section = page.find("section", class_="outside")
    link = section.find("a")
    assert link["href"].startswith("/book/search/outside?")
    assert "part=1" in section["data-outside"]
    assert page.find("script", src=lambda src: src and "/outside." in src)
    assert outside.calls == []


def test_outside_hits_follow_ours_and_no_book_comes_twice(client, app_context, outside):
    BookFactory(isbn=SAN_TI, title="三体")
    index(app_context)
    outside.behave = answer({"books": [OTHER, BOOK], "total": 2})

    page = client.get("/book/search/outside", query_string={"q": "三体"}).page

    found = [link["href"] for link in page.select("main .book-title a")]
    assert found == [f"/book/{SAN_TI}/detail", f"/book/{HUO_ZHE}/detail"]
    assert Book.find_by_isbn(HUO_ZHE).authors == ["余华"]


def test_the_part_for_the_search_page_holds_the_outside_hits_alone(client, app_context, outside):
    BookFactory(isbn=SAN_TI, title="三体")
    index(app_context)
    outside.behave = answer({"books": [OTHER, BOOK], "total": 2})

    part = client.get("/book/search/outside", query_string={"q": "三体", "part": "1"})

    assert part.page.html is None
    assert [link.get_text() for link in part.page.select("h2 a")] == ["活着"]


def test_words_that_are_hits_nowhere_are_told(client, outside):
    outside.behave = answer({"books": [], "total": 0})

    page = client.get("/book/search/outside", query_string={"q": "没有这种书"}).page

    assert "no more matches" in page.main.get_text()


def test_hits_as_json(client, outside):
    outside.behave = answer({"books": [OTHER], "total": 1})
    headers = {"Accept": "application/json"}

    hits = client.get("/book/search/outside", query_string={"q": "活着"}, headers=headers).json
    missing = client.get(f"/book/{SAN_TI}/detail", headers=headers)

    assert [book["isbn"] for book in hits["books"]] == [HUO_ZHE]
    assert hits["is_complete"] is True
    assert missing.status_code == 404
    assert missing.json["error"]["code"] == "book_not_found"


@pytest.mark.parametrize(
    "arguments", [{"q": ""}, {"q": " "}, {"q": "a" * 101}, {"q": "x", "page": "0"}, {"q": "x", "cursor": "x"}]
)
def test_what_can_not_be_searched_is_refused_without_asking_anyone(client, outside, arguments):
    answer = client.get("/book/search/outside", query_string=arguments)

    assert answer.status_code == 400
    assert outside.calls == []


class TestLimited:
    @pytest.fixture
    def settings(self, settings):
        return settings | {"RATELIMIT_ENABLED": True, "LOOKUP_RATE_LIMIT": "2 per minute"}

    def test_one_address_can_not_send_us_through_all_numbers(self, client, outside):
        isbns = ["9787536692930", "9787506365437", "9787020024759", "9787020002207"]
        answers = [client.get(f"/book/{isbn}/detail").status_code for isbn in isbns]

        assert answers == [404, 404, 429, 429]
        assert len(outside.calls) == 2


class TestWithoutCatalogues:
    @pytest.fixture
    def settings(self, settings):
        return settings | {"BOOK_CATALOGUES": ()}

    def test_nothing_outside_is_offered(self, client, outside):
        assert client.get(f"/book/{SAN_TI}/detail").status_code == 404
        page = client.get("/book/search", query_string={"q": "三体"}).page

        assert not page.find("section", class_="outside")
        assert outside.calls == []


def test_an_old_book_is_brought_up_to_date_by_a_job(app, client, app_context, outside):
    BookFactory(isbn=SAN_TI, title="三体", publisher="", summary="短", fetched_at=now() - 100 * 86_400)
    outside.behave = answer(BOOK | {"title": "三体（全新版）", "summary": "长一些的简介"})

    shown = client.get(f"/book/{SAN_TI}/detail").page.main.get_text()
    assert outside.calls == []
    do_jobs(app)

    assert "长一些" not in shown
    db.session.expire_all()
    book = Book.find_by_isbn(SAN_TI)
    assert (book.title, book.publisher, book.summary) == ("三体", "重庆出版社", "长一些的简介")
    assert now() - book.fetched_at < 60


def test_a_hidden_book_stays_hidden_when_a_catalogue_knows_it(client, app_context, outside):
    book = BookFactory(isbn=SAN_TI, title="三体")
    with db.auto_commit():
        book.delete()
    outside.behave = answer(BOOK)

    assert client.get(f"/book/{SAN_TI}/detail").status_code == 404


def test_a_catalogue_that_comes_back_is_asked_again(client, app_context, outside, monkeypatch):
    outside.behave = answer("oops", 500)
    assert client.get(f"/book/{SAN_TI}/detail").status_code == 404
    outside.behave = routes({f"/book/isbn/{SAN_TI}": answer(BOOK)}, UNKNOWN_BOOK)
    catalogue = app_context.extensions["lookup"].clients[0]
    later = time.monotonic() + 61
    monkeypatch.setattr(catalogue, "clock", lambda: later)

    assert client.get(f"/book/{SAN_TI}/detail").status_code == 200


@pytest.mark.parametrize("behaviour", [answer({"code": 104, "msg": "invalid_apikey: SECRETKEY"}, 400), hang, close])
def test_a_failure_is_one_line_of_the_log_without_key_query_or_address(settings, capsys, outside, behaviour):
    app = create_app(Testing(**settings | {"LOG_LEVEL": "DEBUG", "LOG_JSON": True}))
    outside.behave = behaviour
    reader = {"REMOTE_ADDR": "203.0.113.9"}
    app.test_client().get("/book/search/outside", query_string={"q": "seelenruhig"}, environ_base=reader)
    structlog.reset_defaults()
    with app.app_context():
        db.engine.dispose()

    lines = capsys.readouterr().err.splitlines()
    failures = [json.loads(line) for line in lines if '"catalogue"' in line]
    assert [(line["catalogue"], line["outcome"], bool(line["reason"])) for line in failures] == [
        ("yushu", "out of order", True)
    ]
    for secret in ("SECRETKEY", "apikey", "seelenruhig", "203.0.113.9", "127.0.0.1", str(outside.port)):
        assert secret not in "".join(lines)
