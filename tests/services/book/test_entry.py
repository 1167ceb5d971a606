"""Books entered by hand, on SQLite and MariaDB: each book once, whoever enters it and however often."""

import threading

import pytest
from sqlalchemy import func, select

from app.models.base import db
from app.models.book import Book
from app.models.user import User
from app.rules.exchange.refusals import EmailNotConfirmed
from app.services.book.entry import Entry, enter_book, list_look_alikes
from tests.factories import BookFactory, UserFactory

OLD = Entry(title="小灵通漫游未来", authors="叶永烈 著", publisher="少年儿童出版社", year=1978, pages=96)


def test_a_book_without_isbn_is_stored_as_imports_store_theirs(any_engine_app):
    entry = Entry(
        title=" 小灵通<b>漫游</b>未来 ",
        authors="[中] 叶永烈 著；某人 译",
        year=1978,
        summary="<p>一</p><script>x</script>二",
    )
    book, is_new = enter_book(UserFactory(), entry)

    assert is_new
    assert (book.number[0], book.isbn, book.title, book.year) == ("F", None, "小灵通漫游未来", 1978)
    assert (book.authors, book.translators, book.language) == (["[中] 叶永烈"], ["某人"], "zh")
    assert (book.entered_by_hand, book.source) == (True, "reader")
    assert "<" not in book.summary
    assert "一" in book.summary


def test_the_same_book_is_entered_once(any_engine_app):
    first = enter_book(UserFactory(), OLD).book.id
    for again in (OLD, Entry(title="小灵通 漫游未来", authors="叶永烈", year=1978, publisher="别的社")):
        book, is_new = enter_book(UserFactory(), again)
        assert (book.id, is_new) == (first, False)
    for other in (Entry(title=OLD.title, authors=OLD.authors, year=1980), Entry(title=OLD.title, year=1978)):
        assert enter_book(UserFactory(), other).is_new


def test_two_readers_who_enter_a_book_at_once_enter_one(any_engine_app):
    BookFactory(title=OLD.title, authors=["叶永烈"], language="zh")  # so that the work is there
    readers = [UserFactory().id for _ in range(4)]
    start, found, failures = threading.Barrier(len(readers)), [], []

    def enter(reader_id):
        with any_engine_app.app_context():
            try:
                reader = db.session.get_one(User, reader_id)
                start.wait()
                entered = enter_book(reader, OLD)
                found.append((entered.book.id, entered.is_new))
            except Exception as error:  # noqa: BLE001 - the test names it
                failures.append(error)
            db.session.remove()

    threads = [threading.Thread(target=enter, args=(id,)) for id in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert len({id for id, _ in found}) == 1
    assert sum(is_new for _, is_new in found) == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count(Book.id)).where(Book.isbn.is_(None))) == 1


def test_who_has_not_confirmed_the_address_enters_nothing(app_context):
    with pytest.raises(EmailNotConfirmed):
        enter_book(UserFactory(unconfirmed=True), OLD)
    assert db.session.scalar(select(func.count(Book.id))) == 0


def test_editions_of_the_same_work_look_alike_even_without_an_index(any_engine_app):
    edition = BookFactory(title=OLD.title, authors=["叶永烈"], language="zh", year=2001)
    BookFactory(title="西游记", authors=["吴承恩"])

    assert [book.id for book in list_look_alikes(OLD)] == [edition.id]
    assert list_look_alikes(Entry(title="金瓶梅", authors="兰陵笑笑生")) == []


def test_an_isbn_that_comes_later_keeps_the_book_one(any_engine_app):
    book = enter_book(UserFactory(), OLD).book
    with db.auto_commit():
        book.isbn = "9787536692930"

    assert book.identity is None
    assert enter_book(UserFactory(), OLD).is_new
