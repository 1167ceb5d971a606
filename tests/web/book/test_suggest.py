"""Suggestions while typing, as the script of the search box receives them."""

from pathlib import Path

import pytest

from app import create_app
from app.models.base import db
from app.search.write.build import build_index
from app.search.write.popularity import exchange_ranking
from app.search.write.source import BookSource
from config import Testing
from tests.exchange import ask, copy_of, reader
from tests.factories import BookFactory
from tests.rows import statements_sent
from tests.web.book.test_book import HOSTILE

pytestmark = pytest.mark.usefixtures("app_context")


def index(app):
    build_index(Path(app.config["SEARCH_INDEX_PATH"]), BookSource(db.engine, exchange_ranking()))


def suggest(client, text):
    answer = client.get("/suggest", query_string={"q": text})
    assert answer.status_code == 200
    assert answer.content_type == "application/json"
    return answer.json["suggestions"]


def test_titles_come_with_author_year_and_page_and_authors_with_their_search(app, client):
    isbn = BookFactory(title="三体", authors=["刘慈欣"], year=2008).isbn
    index(app)
    book = {"kind": "book", "text": "三体", "detail": "刘慈欣 · 2008", "url": f"/book/{isbn}/detail", "available": 0}

    assert suggest(client, "三") == suggest(client, "sant") == [book]
    [author, second] = suggest(client, "刘慈")
    assert second == book
    assert author["url"].startswith("/book/search?q=")
    assert author == {"kind": "author", "text": "刘慈欣", "detail": "三体", "url": author["url"], "available": 0}


def test_what_is_to_be_had_comes_first_and_counts_the_copies_of_all_editions(app, client):
    books = [BookFactory(title=title, authors=["Frank Herbert"]) for title in ("Dune", "Dune", "Dune Messiah")]
    for isbn in (books[1].isbn, books[1].isbn, books[2].isbn):
        copy_of(reader(), isbn)
    BookFactory(title="Dune World", authors=["Frank Herbert"])
    index(app)

    found = suggest(client, "dun")
    assert [(one["text"], one["available"]) for one in found] == [("Dune", 2), ("Dune Messiah", 1), ("Dune World", 0)]
    assert found[0]["url"] == f"/book/{books[1].isbn}/detail"
    assert suggest(client, "frank")[0]["available"] == 3


def test_a_copy_that_is_promised_is_not_to_be_had_whatever_the_index_says(app, client):
    asked, other = BookFactory(title="Dune").isbn, BookFactory(title="Dune Messiah").isbn
    copy = copy_of(reader(), asked)
    copy_of(reader(), other)
    index(app)
    assert [one["text"] for one in suggest(client, "dune")] == ["Dune", "Dune Messiah"]
    ask(reader(), copy)

    assert [(one["text"], one["available"]) for one in suggest(client, "dune")] == [("Dune Messiah", 1), ("Dune", 0)]


def test_there_are_at_most_eight_in_two_statements(app, client):
    for number in range(30):
        copy_of(reader(), BookFactory(title=f"三体 {number}", authors=["三三"]).isbn)
    index(app)
    suggest(client, "三")
    with statements_sent() as statements:
        found = suggest(client, "三")

    assert [one["kind"] for one in found] == ["book"] * 7 + ["author"]
    assert len(statements) <= 2, statements


ODD = [*HOSTILE, "", "a", " ", "三" * 400, "x " * 500]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_any_text_is_answered_at_once(app, client, text):
    BookFactory(title="三体")
    index(app)

    assert len(suggest(client, text)) <= 8


def test_only_the_beginning_of_a_long_text_is_read(app, client):
    BookFactory(title="三体")
    index(app)

    assert [one["text"] for one in suggest(client, "三体" + " " * 198 + "没有")] == ["三体"]
    assert suggest(client, "三体 没有") == []


def test_texts_without_end_are_cut_and_a_name_too_long_to_search_leads_to_its_book(app, client):
    isbn = BookFactory(title="长" * 3000, authors=["名" * 300]).isbn
    index(app)

    assert [len(one[part]) for one in suggest(client, "长长") for part in ("text", "detail")] == [200, 200]
    assert suggest(client, "名名")[0]["url"] == f"/book/{isbn}/detail"


def test_a_book_that_was_hidden_or_changed_after_the_index_was_built_harms_nothing(app, client):
    gone, changed = BookFactory(title="三体", authors=["刘慈欣"]), BookFactory(title="球状闪电", authors=["刘慈欣"])
    index(app)
    gone.delete()
    changed.authors = []
    db.session.commit()

    assert [one["text"] for one in suggest(client, "刘慈")] == ["球状闪电"]


def test_nothing_is_suggested_while_there_is_no_index(client):
    BookFactory(title="三体")

    assert suggest(client, "三体") == []


def test_an_answer_is_public_for_some_seconds_and_the_same_for_everybody(app, client, reader):
    BookFactory(title="三体")
    index(app)
    answers = [
        who.get("/suggest?q=三", headers={"Accept-Language": tongue})
        for who in (client, reader)
        for tongue in ("zh", "en")
    ]

    assert {answer.headers["Cache-Control"] for answer in answers} == {"public, max-age=10"}
    assert {answer.headers.get("Vary") for answer in answers} == {"Cookie"}
    assert {answer.headers.get("Set-Cookie") for answer in answers} == {None}
    assert len({answer.data for answer in answers}) == 1


@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/json"])
def test_who_asks_too_fast_is_told_in_json_when_to_ask_again(settings, accept):

    app = create_app(Testing(**settings | {"RATELIMIT_ENABLED": True, "SUGGEST_RATE_LIMIT": "2 per minute"}))
    client = app.test_client()
    answers = [client.get("/suggest?q=三", headers={"Accept": accept}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json["error"]["status"] == 429
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60
    assert "public" not in answers[2].headers.get("Cache-Control", "")
    assert client.get("/book/search?q=三").status_code == 200
