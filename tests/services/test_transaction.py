"""An action that conflicts with another transaction is retried as a whole."""

import threading

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError

from app import create_app
from app.models.base import db
from app.models.book import Book
from app.services.exchange.locking import lock_readers
from app.services.transaction import ATTEMPTS, transaction
from config import Testing
from tests.exchange import reader
from tests.factories import isbn13


def in_the_way(*numbers):
    """Return an action that stores a book, fails with each of these errors in turn, and then succeeds."""
    left = list(numbers)

    @transaction
    def action():
        db.session.add(Book(isbn=isbn13(1), title="三体"))
        db.session.flush()
        if left:
            number = left.pop(0)
            kind = IntegrityError if number == 1062 else OperationalError
            raise kind("UPDATE …", None, Exception(number))
        return "done"

    return action


def count_books():
    db.session.rollback()
    return db.session.scalar(select(func.count(Book.id)))


@pytest.mark.parametrize("number", [1020, 1205, 1213, 1062, "database is locked"])
def test_what_was_in_the_way_of_another_is_done_again_and_only_once(app_context, number):
    assert in_the_way(number, number)() == "done"
    assert count_books() == 1


def test_an_action_that_is_always_in_the_way_is_given_up(app_context):
    with pytest.raises(OperationalError):
        in_the_way(*[1213] * ATTEMPTS)()
    assert count_books() == 0
    assert in_the_way(*[1213] * (ATTEMPTS - 1))() == "done"


def test_other_errors_of_the_database_are_not_tried_again(app_context):
    action = in_the_way(2006)
    with pytest.raises(OperationalError):
        action()
    assert count_books() == 0


@pytest.mark.mariadb
def test_of_two_that_block_each_other_both_get_done(mariadb_uri, tmp_path):
    app = create_app(Testing(SQLALCHEMY_DATABASE_URI=mariadb_uri, SEARCH_INDEX_PATH=str(tmp_path / "search.db")))
    with app.app_context():
        db.create_all()
        pair, both_hold_one, tries = [reader(), reader()], threading.Barrier(2), []

        @transaction
        def lock(first, second):
            tries.append(first)
            lock_readers(first)
            if len(tries) <= 2:
                both_hold_one.wait(10)
            lock_readers(second)

        def act(first, second, faults):
            try:
                with app.app_context():
                    lock(first, second)
            except Exception as fault:  # noqa: BLE001  (any failure of a thread fails the test)
                faults.append(fault)

        faults = []
        threads = [threading.Thread(target=act, args=(*order, faults)) for order in (pair, pair[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (faults, len(tries)) == ([], 3)
        db.session.remove()
        db.engine.dispose()
