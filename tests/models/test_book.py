"""Books are found by their exact ISBN, on both databases."""

from sqlalchemy import event

from app.models.base import db
from app.models.book import Book
from tests.factories import BookFactory


def test_a_number_spelled_differently_is_no_number_of_a_book(any_engine_app):
    isbn = BookFactory().isbn
    assert Book.find_by_isbn(isbn).isbn == isbn
    for spelled in (isbn + " ", isbn.translate({ord("0") + n: ord("０") + n for n in range(10)}), ""):
        assert Book.find_by_isbn(spelled) is None


def test_some_books_are_loaded_without_reading_all_others(app_context):
    ids = [BookFactory().id for _ in range(20)]
    db.session.rollback()
    plans = []

    def explain(connection, _cursor, statement, parameters, *_rest):
        cursor = connection.connection.cursor()
        plans.extend(row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    event.listen(db.engine, "before_cursor_execute", explain)
    found = Book.list_by_ids(ids)
    event.remove(db.engine, "before_cursor_execute", explain)

    assert [book.id for book in found] == ids
    assert plans == ["SEARCH book USING INTEGER PRIMARY KEY (rowid=?)"]


def test_a_name_with_half_a_character_is_read(app_context):
    isbn = BookFactory(authors=["Ann \ud83d", "林示范"]).isbn
    db.session.rollback()

    assert Book.find_by_isbn(isbn).authors == ["Ann \ud83d", "林示范"]
