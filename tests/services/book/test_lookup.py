"""Refreshing books from outside catalogues."""

import threading

import pytest

from app.models.base import db, now
from app.models.book import Book
from app.rules.clock import DAY
from app.services.book import lookup
from tests.factories import BookFactory
from tests.stand_in import UNKNOWN_BOOK, after, answer, close


@pytest.fixture
def settings(settings, outside_settings):
    # A hundred threads on a busy machine take longer than a page may wait.
    return settings | outside_settings | {"BOOK_LOOKUP_DEADLINE": 60.0}


def old(days=100, **values):
    return BookFactory(fetched_at=now() - days * DAY, **values)


def known(call):
    isbn = call.path.rsplit("/", 1)[1]
    answer({"isbn": isbn, "title": "书", "pages": "100"})(call)


def told(_asked, _changed):
    """Ignore the progress."""


def test_only_old_books_are_due_and_hand_entered_ones_sooner(app_context, outside):
    assert not lookup.is_due(old(89))
    assert lookup.is_due(old(91))
    assert lookup.is_due(old(8, entered_by_hand=True))
    assert not lookup.is_due(old(6, entered_by_hand=True))


def test_the_oldest_books_are_refreshed_first_and_each_once(app_context, outside):
    outside.behave = known
    books = [old(100 + number, pages=None) for number in range(5)]
    fresh = old(1, pages=None)
    heard = []

    changed = lookup.refresh_books(3, lambda *numbers: heard.append(numbers))

    assert (changed, heard) == (3, [(3, 3)])
    db.session.expire_all()
    assert [book.pages for book in books] == [None, None, 100, 100, 100]
    assert fresh.pages is None
    assert lookup.refresh_books(100, told) == 2
    assert lookup.refresh_books(100, told) == 0
    assert len(outside.calls) == 5


def test_books_that_no_catalogue_knows_are_left_alone_for_the_next_months(app_context, outside):
    book = old()
    isbn = book.isbn

    assert lookup.refresh_books(10, told) == 0
    db.session.expire_all()
    assert now() - Book.find_by_isbn(isbn).fetched_at < 60


def test_a_catalogue_out_of_order_ends_the_refresh_and_makes_no_book_look_fresh(app_context, outside):
    outside.behave = close
    book = old()
    fetched_at, isbn = book.fetched_at, book.isbn

    assert lookup.refresh_books(10, told) == 0
    assert lookup.refresh_book(isbn) is False
    db.session.expire_all()
    assert Book.find_by_isbn(isbn).fetched_at == fetched_at


@pytest.mark.parametrize(
    "ask",
    [lambda: lookup.find_book("9787536692930"), lambda: lookup.search_everywhere("三体", 1, None)],
    ids=["a number", "words"],
)
def test_no_connection_is_held_while_catalogues_think(app_context, outside, ask):
    engine, held = db.engine, []

    def think(call):
        held.append(engine.pool.checkedout())
        UNKNOWN_BOOK(call)

    outside.behave = think
    BookFactory()
    ask()

    assert held
    assert set(held) == {0}


def test_a_hundred_readers_of_one_unknown_book_ask_once_and_store_once(app, outside):
    isbn = "9787536692930"
    outside.behave = after(0.2, answer({"isbn": isbn, "title": "三体"}))
    titles = []

    def read():
        with app.app_context():
            titles.append(lookup.find_book(isbn).book.title)

    threads = [threading.Thread(target=read) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert titles == ["三体"] * 100
    assert len(outside.calls) == 1
