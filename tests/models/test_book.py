"""Books are found by their exact ISBN, on both databases."""

from app.models.book import Book
from tests.factories import BookFactory


def test_a_number_spelled_differently_is_no_number_of_a_book(any_engine_app):
    isbn = BookFactory().isbn
    assert Book.find_by_isbn(isbn).isbn == isbn
    for spelled in (isbn + " ", isbn.translate({ord("0") + n: ord("０") + n for n in range(10)}), ""):
        assert Book.find_by_isbn(spelled) is None
