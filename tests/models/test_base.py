import sqlite3
import threading

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from app.models.base import DELETED, db
from app.models.book import Book, BookChange
from tests.factories import BookFactory, isbn13


def count_books():
    return db.session.scalar(select(func.count()).select_from(Book))


def test_what_the_block_did_is_committed_at_its_end(app_context):
    with db.auto_commit():
        db.session.add(Book(isbn=isbn13(1), title="三体"))
    db.session.rollback()

    assert count_books() == 1


def test_an_error_of_the_database_names_no_value(app_context):
    with pytest.raises(OperationalError) as error:
        db.session.execute(text("SELECT nothing FROM book WHERE title = :title"), {"title": "wang@example.org"})

    assert "nothing" in str(error.value)
    assert "wang" not in str(error.value)


def test_an_exception_rolls_back_and_reaches_the_caller(app_context):
    with pytest.raises(ZeroDivisionError), db.auto_commit():
        db.session.add(Book(isbn=isbn13(1), title="三体"))
        db.session.flush()
        raise ZeroDivisionError

    assert count_books() == 0


@pytest.mark.parametrize("titles", [["三体"], []], ids=["at the end", "at the beginning"])
def test_a_ctrl_c_when_the_database_has_just_committed_reaches_the_caller(app_context, titles):
    def interrupt(_session):
        raise KeyboardInterrupt

    db.session.add_all(Book(isbn=isbn13(1), title=title) for title in titles)
    event.listen(db.session, "after_commit", interrupt, once=True)
    with pytest.raises(KeyboardInterrupt), db.auto_commit():
        pass

    assert db.session.scalars(select(Book.title)).all() == titles


def test_rows_added_before_the_block_are_committed_too(app_context):
    db.session.add(Book(isbn=isbn13(1), title="三体"))
    with db.auto_commit():
        pass
    db.session.rollback()

    assert count_books() == 1


def test_the_same_isbn_can_not_be_stored_twice(app_context):
    BookFactory(isbn=isbn13(1))
    with pytest.raises(IntegrityError), db.auto_commit():
        db.session.add(Book(isbn=isbn13(1), title="again"))


def test_a_deleted_row_is_hidden_from_every_select(app_context):
    book = BookFactory()
    with db.auto_commit():
        book.delete()
    number = book.id
    db.session.expunge_all()

    assert db.session.scalar(select(Book)) is None
    assert db.session.get(Book, number) is None
    assert count_books() == 0
    shown = db.session.scalar(select(Book).execution_options(include_deleted=True))
    assert (shown.id, shown.status) == (number, DELETED)


def test_set_attrs_takes_known_names_and_never_the_id(app_context):
    book = BookFactory()
    number = book.id
    book.set_attrs({"title": "围城", "id": 999, "unknown": 1})

    assert (book.title, book.id) == ("围城", number)
    assert not hasattr(book, "unknown")


def test_create_datetime_is_in_utc(app_context):
    book = BookFactory(create_time=0)

    assert book.create_datetime.isoformat() == "1970-01-01T00:00:00+00:00"


def test_each_change_of_a_book_is_noted_for_the_index_in_the_same_transaction(app_context):
    book = BookFactory()
    with db.auto_commit():
        book.title = "围城"
    with pytest.raises(ZeroDivisionError), db.auto_commit():
        book.title = "never"
        db.session.flush()
        raise ZeroDivisionError

    assert list(db.session.scalars(select(BookChange.book_id))) == [book.id, book.id]


@pytest.mark.sqlite("MariaDB lets writers in; what they write is conditional")
def test_writers_wait_for_each_other_instead_of_failing(app):
    """Read, then write, in many threads: if it took the lock late, SQLite would raise `database is locked`."""

    def add_page(errors):
        try:
            with app.app_context():
                for _ in range(20):
                    Book.find_by_isbn(isbn13(1))
                    with db.auto_commit():
                        book = Book.find_by_isbn(isbn13(1))
                        book.pages += 1
        except Exception as error:  # noqa: BLE001  (any failure of a thread fails the test)
            errors.append(error)

    with app.app_context():
        BookFactory(isbn=isbn13(1), pages=0)
    errors = []
    threads = [threading.Thread(target=add_page, args=(errors,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    with app.app_context():
        assert Book.find_by_isbn(isbn13(1)).pages == 80


@pytest.mark.sqlite("its file is locked")
def test_a_lock_that_is_not_given_up_is_told_as_an_error_that_actions_try_again(app_context):
    other = sqlite3.connect(app_context.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(OperationalError, match="locked"), db.auto_commit(patience=10):
        pass
    other.close()
    with db.auto_commit():
        pass
