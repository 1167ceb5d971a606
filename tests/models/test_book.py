"""Books are found by their number as it is written, on both databases."""

import pytest

from app import create_app
from app.models.base import db
from app.models.book import Book
from config import Testing
from tests.factories import BookFactory


@pytest.fixture
def app(any_database_uri, tmp_path):
    app = create_app(Testing(SQLALCHEMY_DATABASE_URI=any_database_uri, SEARCH_INDEX_PATH=str(tmp_path / "search.db")))
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


def test_a_number_spelled_differently_is_no_number_of_a_book(app):
    isbn = BookFactory().isbn
    assert Book.find_by_isbn(isbn).isbn == isbn
    for spelled in (isbn + " ", isbn.translate({ord("0") + n: ord("０") + n for n in range(10)}), ""):
        assert Book.find_by_isbn(spelled) is None
