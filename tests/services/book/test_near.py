"""Copies near a reader, on both engines, and what looking for them costs."""

import pytest
from sqlalchemy import event, select

from app.models.base import db
from app.models.book import Book
from app.models.gift import Gift
from app.models.user import User
from app.rules.exchange.nearness import list_around
from app.services.book import near as near_books
from app.services.book.browse import list_catalogue_page
from app.services.book.near import find_books_in, order_of_nearness
from app.services.exchange.book_listings import find_book_listings
from app.services.exchange.my_lists import list_my_wishes, list_newest_gifts
from app.services.exchange.request_page import find_request_page
from tests.exchange import NOW, book, copy_of, reader, wish_for

XUHUI, SHANGHAI, OTHER = "CN/上海市/上海市/徐汇区", "CN/上海市/上海市", "CN/上海市2/上海市"


def statements(call):
    """Return what a call returns, and how many statements it took."""
    found = []

    def note(*_):
        found.append(1)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        return call(), len(found)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def copies(any_engine_app):
    """Copies of one book in several areas, and one of another book far away: their ids by area."""
    isbn = book()
    listed = {area: copy_of(reader(0, area=area), isbn) for area in (None, OTHER, "CN", SHANGHAI, XUHUI, "cn/上海市")}
    copy_of(reader(0, area=OTHER))
    db.session.rollback()
    return listed


@pytest.fixture(params=[False, True], ids=["few givers", "many givers"])
def givers(request, monkeypatch):
    """Areas are small, or large."""
    if request.param:
        monkeypatch.setattr(near_books, "MANY_GIVERS", 0)


@pytest.mark.usefixtures("givers")
def test_near_books_are_those_within_an_area_and_in_none_that_only_begins_alike(copies):
    near = db.session.scalar(select(Gift.book_id).where(Gift.id == copies[XUHUI]))

    assert find_books_in(SHANGHAI) == find_books_in("CN/上海市") == {near}
    assert len(find_books_in("CN")) == 2
    assert find_books_in("C") == find_books_in("CN/上") == frozenset()
    assert [found.id for found in list_newest_gifts(9, SHANGHAI)] == [near]
    assert len(list_newest_gifts(9, "CN")) == 2
    page = list_catalogue_page("zh", "zh", near=SHANGHAI)
    assert ([found.id for found in page.books], page.after) == ([near], None)


def test_copies_are_in_the_order_of_their_nearness(copies):
    around = [path for _, path in list_around(XUHUI)]
    ordered = select(Gift.id).order_by(*order_of_nearness(around, Gift.giver_id), Gift.id)

    assert list(db.session.scalars(ordered))[:4] == [copies[area] for area in (XUHUI, SHANGHAI, OTHER, "CN")]
    assert order_of_nearness([], Gift.giver_id) == []


def test_nearness_adds_no_statement_to_any_page_but_how_many_are_in_the_area(copies):
    gift = db.session.get_one(Gift, copies[XUHUI])
    asker = reader(1, area=SHANGHAI)
    wish_for(asker, book())
    shown, giver = db.session.get_one(Book, gift.book_id), gift.giver_id
    pages = (
        lambda area: find_book_listings(shown, asker, NOW, area),
        lambda area: find_request_page(copies[XUHUI], asker, NOW, area),
        lambda area: list_my_wishes(asker, 1, 10, area),
        lambda area: list_newest_gifts(10, area),
        lambda area: list_catalogue_page("zh", "zh", near=area),
    )
    asks_how_many = pages[3:]
    assert db.session.get_one(User, giver).area == XUHUI
    for page in pages:
        counts = []
        for area in (None, SHANGHAI):
            db.session.rollback()
            counts.append(statements(lambda area=area, page=page: page(area))[1])
        assert counts[0] + (page in asks_how_many) == counts[1], page


def test_of_a_large_area_the_newest_copies_are_looked_through(copies, monkeypatch):
    monkeypatch.setattr(near_books, "MANY_GIVERS", len(copies))
    assert not near_books.is_large("CN")
    monkeypatch.setattr(near_books, "MANY_GIVERS", 2)
    assert near_books.is_large("CN")
    for _ in range(2):
        copy_of(reader(0, area=XUHUI))
    monkeypatch.setattr(near_books, "LOOKED_THROUGH", 2)
    assert len(list_newest_gifts(9, "CN")) == 2
    monkeypatch.setattr(near_books, "LOOKED_THROUGH", 20)
    assert len(list_newest_gifts(9, "CN")) == 4
