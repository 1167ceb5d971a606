"""The shelf as a table, read back: the same shelf for who moves, and nothing new for who has it."""

import pytest
from sqlalchemy import select

from app.models.base import db
from app.models.book import Book
from app.models.copy import Copy
from app.models.user import User
from app.rules.exchange.listing import Condition
from app.rules.shelf.basket import Plan
from app.services.basket.clearing import Choice, clear_basket
from app.services.basket.filling import fill_basket, read_file
from app.services.copy.keeping import keep_copy
from app.services.shelf.export import export_shelf
from tests.exchange import NOW, book, copy_of, exchange, id_of, reader
from tests.factories import BookFactory

pytestmark = pytest.mark.usefixtures("app_context")


def fill_shelf():
    """Return a reader who has copies in every condition, listed, promised and private, one without an ISBN."""
    holder = exchange("accepted").giver
    copy_of(holder)
    for condition in Condition:
        keep_copy(holder, id_of(book(title=f"=第 {condition} 本", authors=["刘慈欣"])), NOW, condition)
    old = BookFactory(isbn=None, title="小布头奇遇记", authors=["孙幼军"], year=1961, publisher="少儿社").id
    keep_copy(holder, old, NOW, Condition.WORN)
    return holder


def shelf_of(holder):
    db.session.rollback()
    held = select(Book.id, Copy.condition).join(Copy, Copy.book_id == Book.id).where(Copy.holder_id == holder)
    return sorted(db.session.execute(held).tuples())


def test_who_moves_with_the_table_has_the_same_shelf_and_who_reads_it_again_has_nothing_more():
    holder, other = fill_shelf(), reader(0)
    table = export_shelf(holder).encode()
    rows = read_file(table, "fisher-books.csv")
    assert {row.reason for row in rows} == {None}
    assert fill_basket(holder, rows, NOW)[:3] == (0, 0, len(rows))

    assert fill_basket(other, rows, NOW)[:3] == (len(rows), 0, 0)
    assert fill_basket(other, rows, NOW)[:3] == (0, len(rows), 0)
    clear_basket(db.session.get_one(User, other), {}, Choice(Plan.OPEN), NOW)
    assert shelf_of(other) == shelf_of(holder)
    assert fill_basket(other, read_file(table, "fisher-books.csv"), NOW)[:3] == (0, 0, len(rows))
    assert export_shelf(other).count("private") == len(rows)
