"""MariaDB reads only as many rows as are shown, however many there are."""

import pytest
from sqlalchemy import insert, text

from app.models.base import db
from app.models.book import Book
from app.services.book.browse import list_catalogue_page
from tests.factories import alone, isbn13
from tests.rows import rows_read

pytestmark = pytest.mark.mariadb
BOOKS = 20_000


@pytest.fixture
def settings(mariadb_uri, tmp_path):
    return {"SQLALCHEMY_DATABASE_URI": mariadb_uri, "SEARCH_INDEX_PATH": str(tmp_path / "search.db")}


@pytest.fixture
def crowd(app_context):
    """Thousands of books."""
    db.create_all()
    numbers = range(BOOKS)
    languages = ("en", "zh", "")
    rows = [
        {"id": n + 1, "isbn": isbn13(n), "title": f"b{n}", "sort_key": f"b{n:05}"}
        | {"language": languages[n % 3], "year": 1990 + n % 20}
        for n in numbers
    ]
    db.session.execute(insert(Book), alone(rows))
    db.session.commit()
    db.session.execute(text("ANALYZE TABLE book")).all()
    return app_context


@pytest.mark.parametrize("words", [{}, {"letter": "b"}, {"year": 1995}, {"after": isbn13(3_000)}])
def test_looking_through_the_catalogue_reads_the_books_of_one_page(crowd, words):
    with rows_read(crowd) as counts:
        assert list_catalogue_page("zh", "zh", **words).books
    assert sum(counts) < 500, counts
