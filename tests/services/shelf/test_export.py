"""The shelf as a table."""

import csv
import io

import pytest

from app.models.base import db
from app.models.book import Book
from app.services.copy.keeping import keep_copy
from app.services.shelf.export import COLUMNS, export_shelf
from tests.exchange import NOW, book, copy_of, exchange, id_of, reader

pytestmark = pytest.mark.usefixtures("app_context")


def rows_of(holder):
    return list(csv.DictReader(io.StringIO(export_shelf(holder), newline="")))


def test_it_has_the_columns_of_goodreads_and_each_copy_that_is_held():
    done = exchange("accepted")
    own = book(title="海边的卡夫卡", authors=["村上春树", "林少华"], pages=300, year=2003)
    keep_copy(done.giver, id_of(own), NOW)
    copy_of(done.giver)
    rows = rows_of(done.giver)
    assert list(rows[0]) == list(COLUMNS)
    assert [row["State"] for row in rows] == ["promised", "private", "offered"]
    kept = rows[1]
    assert (kept["ISBN13"], kept["Title"], kept["Author"], kept["Owned Copies"], kept["Exclusive Shelf"]) == (
        f'="{own}"', "海边的卡夫卡", "村上春树", "1", "owned",
    )  # fmt: skip
    assert (kept["Additional Authors"], kept["Number of Pages"], kept["Date Added"]) == ("林少华", "300", "2027/01/15")
    assert rows_of(done.asker) == []


@pytest.mark.parametrize("title", ["=SUM(A1)", "+1", "-2", "@x", "\t=1", " =1", "＝1", '"a",b\n=c'])
def test_no_cell_is_a_formula(title):
    holder, isbn = reader(0), book()
    with db.auto_commit():
        db.session.get_one(Book, id_of(isbn)).title = title
    keep_copy(holder, id_of(isbn), NOW)
    cells = rows_of(holder)[0]
    assert cells["Title"].lstrip("'") == title
    assert not cells["Title"].lstrip(" ").startswith(("=", "+", "-", "@", "\t", "＝"))


def test_an_empty_shelf_is_a_header():
    assert export_shelf(reader(0)).strip() == ",".join(COLUMNS)
