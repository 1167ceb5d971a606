"""What a book keeps and what it takes over from another description."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.catalogues.base import BookRecord
from app.models.base import db, now
from app.models.book import Book
from app.rules.exchange.refusals import EmailNotConfirmed
from app.services.book.entry import Entry, enter_book
from app.services.book.store import merge_into, store_books
from app.services.imports.bulk_store import store_in_bulk
from tests.factories import BookFactory, UserFactory

SAN_TI = "9787536692930"
BARE = BookRecord(isbn=SAN_TI, title="三体", source="yushu", summary="一段不长的简介。")
FULL = BookRecord(
    isbn=SAN_TI,
    title="三體",
    authors=("刘慈欣",),
    publisher="重庆出版社",
    pubdate="2008-01",
    pages=302,
    summary="短。",
    cover="https://covers.example.org/1.jpg",
    source="openlibrary",
)


def store_book(record):
    return store_books([record])[0]


def test_the_first_answer_stays_and_a_better_one_fills_its_gaps(app_context):
    store_book(BARE)
    book = store_book(FULL)

    assert (book.title, book.summary, book.source) == ("三体", "一段不长的简介。", "yushu")
    assert (book.authors, book.publisher, book.year, book.pages) == (["刘慈欣"], "重庆出版社", 2008, 302)
    assert book.cover == "https://covers.example.org/1.jpg"


def test_a_longer_summary_replaces_a_shorter_one(app_context):
    store_book(FULL)

    assert store_book(BARE).summary == "一段不长的简介。"


def test_an_answer_that_says_nothing_new_changes_nothing(app_context):
    book = store_book(FULL)
    before = book.fetched_at = now() - 1000
    db.session.commit()

    store_book(FULL)
    store_book(BookRecord(isbn=SAN_TI, title="三体", source="googlebooks"))

    assert Book.find_by_isbn(SAN_TI).fetched_at == before


def test_a_hand_entered_book_gives_way_to_a_catalogue_but_not_to_nothing(app_context):
    enter_book(
        UserFactory(), Entry(isbn=SAN_TI, title="三体 手写", authors="刘慈欣", publisher="手写出版社", year=2007)
    )

    book = store_book(BARE)

    assert (book.title, book.source, book.entered_by_hand) == ("三体", "yushu", False)
    assert (book.publisher, book.year, book.authors) == ("手写出版社", 2007, ["刘慈欣"])


def test_a_known_book_is_not_changed_by_an_entry(app_context):
    store_book(FULL)

    book = enter_book(UserFactory(), Entry(isbn=SAN_TI, title="别的书名")).book

    assert (book.title, book.entered_by_hand) == ("三體", False)


def test_a_list_that_corrects_overrules_and_the_starter_list_does_not(app_context):
    store_book(FULL)
    correction = BookRecord(isbn=SAN_TI, title="三体", summary="短", source="import")

    assert store_in_bulk([correction]) == [False]
    assert Book.find_by_isbn(SAN_TI).title == "三體"
    assert store_in_bulk([correction], corrects=True) == [True]
    db.session.expire_all()
    book = Book.find_by_isbn(SAN_TI)
    assert (book.title, book.summary, book.publisher) == ("三体", "短", "重庆出版社")


def test_books_come_back_in_the_order_they_were_given(app_context):
    other = BookRecord(isbn="9787506365437", title="活着")

    assert [book.title for book in store_books([other, BARE, other])] == ["活着", "三体", "活着"]
    assert store_books([]) == []


def test_a_hidden_book_is_not_shown_again_by_a_catalogue(app_context):
    book = BookFactory(isbn=SAN_TI)
    with db.auto_commit():
        book.delete()

    assert store_books([FULL]) == []


def test_a_record_without_news_is_no_change(app_context):
    book = store_book(FULL)

    assert merge_into(book, FULL) is False
    assert merge_into(book, BookRecord(isbn=SAN_TI, title="x")) is False


@pytest.mark.parametrize("rounds", range(3))
def test_two_who_store_the_same_book_at_once_store_it_once(app, rounds):
    def store(_):
        with app.app_context():
            return store_book(FULL).isbn

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(store, range(16))) == {SAN_TI}
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Book)) == 1


def test_who_has_not_confirmed_the_address_enters_no_book(app_context):
    with pytest.raises(EmailNotConfirmed):
        enter_book(UserFactory(confirmed_at=None), Entry(isbn=SAN_TI, title="三体"))
    assert Book.find_by_isbn(SAN_TI) is None
