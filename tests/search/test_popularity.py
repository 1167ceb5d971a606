"""Gifts, wishes and exchanges change the rank of a book among the hits of a search."""

import pytest

from app.search.extension import site_search
from app.search.write.update import refresh_index
from app.services.exchange import drift, gift
from tests.exchange import NOW, ask, copy_of, make_certain, reader, wish_for, withdraw_wish
from tests.factories import BookFactory

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def books():
    return [BookFactory(title=f"三体 第 {number} 部") for number in range(1, 4)]


def order():
    search = site_search()
    refresh_index(search.path, search.source)
    return list(search.index.search("三体").book_ids)


def test_wishes_copies_and_exchanges_raise_a_book(books):
    first, second, third = (book.id for book in books)
    isbn = books[2].isbn
    assert order() == [first, second, third]

    waiting = reader()
    wish_for(waiting, isbn)
    assert order() == [third, first, second]
    withdraw_wish(waiting, isbn, NOW)
    assert order() == [first, second, third]

    giver = reader(0)
    copy = copy_of(giver, isbn)
    assert order() == [third, first, second]
    gift.withdraw_gift(giver, copy, NOW)
    assert order() == [first, second, third]


def test_a_copy_that_is_asked_for_is_no_longer_on_offer(books):
    first, second, third = (book.id for book in books)
    giver = reader(0)
    copy = copy_of(giver, books[2].isbn)
    wish_for(reader(0), books[1].isbn)
    assert order() == [third, second, first]

    asked = ask(reader(), copy)
    assert order() == [second, third, first]
    drift.reject_request(giver, asked, NOW)
    make_certain(asked)
    assert order() == [third, second, first]
