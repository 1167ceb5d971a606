"""Feeds for everybody."""

import pytest
from sqlalchemy import event

from app import create_app
from app.models.base import db
from app.models.gift import Gift
from app.services.exchange.gift import withdraw_gift
from app.services.moderation.block import block
from config import Testing
from tests.conftest import Reader
from tests.exchange import NOW, book, copy_of, editions, exchange, listed, reader
from tests.web.book.test_neighbours import index
from tests.web.feed.atom import links_of, read_feed, texts_of
from tests.web.readers import logged_in

HOSTILE = "<b>&\"'\x01\x0b\ufffe]]> 三体"
SITE = "http://127.0.0.1:5000"


def test_the_newest_copies_come_first_with_their_givers(app_context, client):
    giver = reader(0, nickname="小王 & Li", email="secret@example.org")
    isbn = book(title=HOSTILE, authors=["甲", "乙"], publisher="P", year=2001)
    copy_of(giver, isbn, NOW)
    copy_of(reader(0), book(title="Newer"), NOW + 5)
    answer = client.get("/feed/new.atom")
    feed = read_feed(answer.data)

    assert answer.mimetype == "application/atom+xml"
    assert texts_of(feed, "title") == ["Newer", "<b>&\"' ]]> 三体"]
    assert texts_of(feed, "updated")[0] == "2027-01-15T08:00:05+00:00"
    assert "甲、乙 / P / 2001 / good" in texts_of(feed, "summary")
    assert "小王 &amp; Li" in answer.text
    assert "secret@" not in answer.text
    assert links_of(feed, "self") == [f"{SITE}/feed/new.atom"]
    assert f"{SITE}/book/{isbn}/detail" in answer.text


def test_copies_that_nobody_can_ask_for_are_not_in_feeds(app_context, client):
    giver = reader(0)
    gone, asked = copy_of(giver), exchange("waiting")
    withdraw_gift(giver, gone, NOW)
    held = copy_of(reader(0))
    with db.auto_commit():
        db.session.get_one(Gift, held).state = "held"
    left = db.session.get_one(Gift, copy_of(reader(0)))
    with db.auto_commit():
        left.status = 0

    assert asked
    assert texts_of(read_feed(client.get("/feed/new.atom").data), "title") == []


def test_the_feed_of_a_book_has_the_copies_of_all_its_editions(app_context, client):
    chinese, other, english = editions()
    for isbn in (chinese, english):
        copy_of(reader(0), isbn)
    copy_of(reader(0))
    answers = [client.get(f"/feed/book/{isbn}.atom") for isbn in (chinese, other)]

    assert [len(texts_of(read_feed(answer.data), "id")) for answer in answers] == [2, 2]
    assert {tuple(texts_of(read_feed(answer.data), "id")) for answer in answers} == {
        tuple(texts_of(read_feed(answers[0].data), "id"))
    }


def test_the_feed_of_an_author_has_the_copies_of_their_books_however_the_name_is_spelt(app, app_context, client):
    three = book(title="三体", authors=["刘慈欣"])
    for isbn in (three, book(title="球状闪电", authors=["[中] 刘慈欣 著"]), book(title="刘慈欣评传", authors=["别人"])):
        copy_of(reader(0), isbn)
    closed = copy_of(giver := reader(0), book(title="超新星纪元", authors=["刘慈欣"]))
    withdraw_gift(giver, closed, NOW)
    book(title="活着", authors=["余华"])
    index(app)

    for name in ("刘慈欣", "劉慈欣", "刘慈欣 著"):
        feed = read_feed(client.get(f"/feed/author/{name}.atom").data)
        assert set(texts_of(feed, "title")) == {"三体", "球状闪电"}
    assert texts_of(read_feed(client.get("/feed/author/余华.atom").data), "title") == []
    links = client.get(f"/book/{three}/detail").page.select('link[type="application/atom+xml"]')
    assert client.get(links[1]["href"]).status_code == 200


@pytest.mark.parametrize("name", ["谁也不是", "x" * 3000, "%00", "..%2f", "%F0%9F%90%9F", "[]", "刘慈", "%20"])
def test_an_author_of_whom_we_know_no_book_has_no_feed(app, app_context, client, name):
    book(title="三体", authors=["刘慈欣", ""])
    index(app)

    assert client.get(f"/feed/author/{name}.atom").status_code in (404, 414)


@pytest.mark.parametrize("number", ["9787020002214", "x", "F123", "9" * 200, "%00", "..%2f"])
def test_a_book_that_is_not_here_has_no_feed(client, number):
    assert client.get(f"/feed/book/{number}.atom").status_code == 404


def test_a_feed_has_fifty_entries_and_needs_no_more_statements_for_them(app_context, client):
    isbn = book()
    with db.auto_commit():
        giver, book_id = reader(0), db.session.execute(db.text("select id from book")).scalar_one()
        for _ in range(60):
            listed(giver, book_id, create_time=NOW)
    counted = []
    event.listen(db.engine, "before_cursor_execute", lambda *said: counted.append(said[2]))
    feeds = [client.get(path) for path in ("/feed/new.atom", f"/feed/book/{isbn}.atom")]
    so_far = len(counted)
    client.get("/")
    client.get(f"/book/{isbn}/detail")

    assert [len(texts_of(read_feed(feed.data), "id")) for feed in feeds] == [50, 50]
    assert so_far <= len(counted) - so_far


def test_front_page_and_book_page_name_their_feeds(app_context, client):
    isbn = book(title="A & B")
    links = {
        path: client.get(path).page.select_one('link[rel="alternate"][type="application/atom+xml"]')
        for path in ("/", f"/book/{isbn}/detail")
    }

    assert [link["href"] for link in links.values()] == ["/feed/new.atom", f"/feed/book/{isbn}.atom"]
    assert all(link["title"] for link in links.values())
    assert all(client.get(link["href"]).status_code == 200 for link in links.values())


@pytest.mark.parametrize("kept", [True, False])
def test_who_has_a_feed_already_is_told_so(settings, kept):
    cache = {"CACHE_TYPE": "SimpleCache", "PAGE_CACHE_SECONDS": 60} if kept else {}
    app = create_app(Testing(**settings | cache))
    with app.app_context():
        copy_of(reader(0))
    visitor = Reader(app)
    first = visitor.get("/feed/new.atom")
    again = visitor.get("/feed/new.atom", headers={"If-None-Match": first.headers["ETag"]})
    other = visitor.get("/feed/new.atom", headers={"If-None-Match": 'W/"other"'})

    assert (first.status_code, again.status_code, again.data, other.status_code) == (200, 304, b"", 200)
    assert (first.headers.get("Cache-Control") == "public, max-age=60") is kept
    assert "Set-Cookie" not in first.headers
    assert first.mimetype == other.mimetype == "application/atom+xml"
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_two_readers_apart_do_not_meet_in_a_feed(app, app_context, client):
    me, other = reader(0), reader(0)
    copy_of(other, isbn := book())
    block(me, other, NOW)
    paths = ("/feed/new.atom", f"/feed/book/{isbn}.atom")
    seen = {
        who: [len(texts_of(read_feed(one.get(path).data), "id")) for path in paths]
        for who, one in {"visitor": client, "blocker": logged_in(app, me), "blocked": logged_in(app, other)}.items()
    }

    assert seen == {"visitor": [1, 1], "blocker": [0, 0], "blocked": [1, 1]}
