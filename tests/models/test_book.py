"""Books are found by their exact ISBN, on both databases."""

import pytest
from sqlalchemy import event

from app.models.base import db
from app.models.book import Book
from app.search.write.source import BookSource
from app.services.imports.run import export_books
from tests.factories import BookFactory


def test_a_number_spelled_differently_is_no_number_of_a_book(any_engine_app):
    isbn = BookFactory().isbn
    assert Book.find_by_isbn(isbn).isbn == isbn
    for spelled in (isbn + " ", isbn.translate({ord("0") + n: ord("０") + n for n in range(10)}), ""):
        assert Book.find_by_isbn(spelled) is None


def ids_of_hits(ids):
    return [book.id for book in Book.list_by_ids(ids)]


def ids_by_isbn(ids):
    return [book.id for book in Book.map_by_isbn(Book.get_number(id) for id in ids).values()]


def ids_for_the_index(ids):
    return [row[0] for row in BookSource(db.engine).books_by_id(ids)]


def ids_that_are_live(ids):
    return sorted(BookSource(db.engine).live_ids(ids))


def ids_of_all(_ids):
    return [row[0] for page in BookSource(db.engine).all_books() for row in page]


def ids_of_the_export(_ids):
    return [book.id for book in export_books()]


@pytest.mark.sqlite("its query plans")
@pytest.mark.parametrize(
    "find",
    [ids_of_hits, ids_by_isbn, ids_for_the_index, ids_that_are_live, ids_of_all, ids_of_the_export],
    ids=lambda find: find.__name__,
)
def test_books_are_found_without_reading_or_sorting_all_others(app_context, find):
    ids = [BookFactory().id for _ in range(40)]
    hidden = BookFactory()
    hidden.delete()
    db.session.commit()
    plans = []

    def explain(connection, _cursor, statement, parameters, *_rest):
        if statement.startswith("SELECT"):
            cursor = connection.connection.cursor()
            plans.extend(row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    event.listen(db.engine, "before_cursor_execute", explain)
    found = find(ids)
    event.remove(db.engine, "before_cursor_execute", explain)

    assert found == ids
    by_id, by_isbn, all_by_id = (
        "SEARCH book USING INTEGER PRIMARY KEY",
        "SEARCH book USING INDEX sqlite_auto",
        "SCAN book",
    )
    assert plans
    assert all(plan == all_by_id or plan.startswith((by_id, by_isbn)) for plan in plans), plans


@pytest.mark.sqlite("MariaDB stores no half characters")
def test_a_name_with_half_a_character_is_read(app_context):
    isbn = BookFactory(authors=["Ann \ud83d", "林示范"]).isbn
    db.session.rollback()

    assert Book.find_by_isbn(isbn).authors == ["Ann \ud83d", "林示范"]


def test_a_book_is_found_by_its_isbn_or_by_its_local_number_however_they_are_typed(any_engine_app):
    plain, other = BookFactory(isbn="9787536692930"), BookFactory(isbn=None)
    assert Book.find_by_number("978-7-5366-9293-0").id == plain.id
    assert other.number.startswith("F")
    for typed in (other.number, other.number.lower(), f" {other.number[:5]}-{other.number[5:]} "):
        assert Book.find_by_number(typed).id == other.id
    assert [Book.find_by_number(text) for text in ("", "三体", "F000099990", "9787020000012")] == [None] * 4
    assert Book.list_by_ids([other.id])[0].number == Book.get_number(other.id) == other.number


def test_a_book_that_gets_an_isbn_keeps_its_local_number(any_engine_app):
    book = BookFactory(isbn=None)
    local = book.number
    with db.auto_commit():
        book.isbn = "9787536692930"

    assert book.number == "9787536692930"
    assert Book.find_by_number(local).id == Book.find_by_local_number(local).id == book.id


def test_any_number_of_books_may_lack_an_isbn(any_engine_app):
    numbers = {BookFactory(isbn=None).number for _ in range(3)}

    assert len(numbers) == 3
    assert Book.list_older_than(2**40, 10) == []
