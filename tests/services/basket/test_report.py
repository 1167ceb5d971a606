"""The report of what became of the lists that a reader has brought."""

import csv
import io

import pytest
from sqlalchemy import func, select

from app.models.base import db
from app.models.basket import BasketLine, BroughtRow
from app.models.user import User
from app.rules.exchange.listing import Condition
from app.rules.shelf.basket import Plan
from app.rules.shelf.report import Outcome
from app.rules.shelf.row import Fault, Intent, ShelfRow
from app.services.basket import report
from app.services.basket.clearing import Choice, clear_basket
from app.services.basket.filling import fill_basket
from app.services.basket.report import KEPT, forget_old_rows, list_report, write_csv
from app.services.book.lookup import has_catalogues
from app.services.copy.keeping import keep_copy
from tests.exchange import NOW, book, id_of, reader
from tests.factories import isbn13

pytestmark = pytest.mark.usefixtures("app_context")


def clear(reader_id, choices, plan=Plan.OPEN):
    db.session.rollback()
    clear_basket(db.session.get_one(User, reader_id), choices, Choice(plan, Condition.GOOD), NOW)


def outcomes(reader_id):
    db.session.rollback()
    return [(row.number, row.outcome, row.reason) for row in list_report(reader_id)]


def a_list(reader_id):
    """Bring a list with a row of each kind, and return its rows."""
    had = book()
    keep_copy(reader_id, id_of(had), NOW)
    intents = (Intent.WISH, Intent.PRIVATE, Intent.NOTHING, Intent.NOTHING, Intent.NOTHING)
    rows = [ShelfRow(n, isbn=book(), intent=intent) for n, intent in enumerate(intents, 1)]
    rows += [ShelfRow(6, isbn=had), ShelfRow(7, isbn=isbn13(32_000_000), title="没有的书")]
    rows += [ShelfRow(8, said="9787999999990", reason=Fault.WRONG_CHECK_DIGIT)]
    fill_basket(reader_id, rows, NOW)
    return rows


def test_it_says_of_each_row_what_became_of_it_and_why_a_book_was_not_found():
    assert not has_catalogues()
    me = reader(0)
    rows = a_list(me)
    before = [(1, "left", ""), (2, "left", ""), *((n, "not_wanted", "") for n in (3, 4, 5)), (6, "had", "")]
    missing = [(7, "not_found", "not_known"), (8, "not_found", "wrong_check_digit")]
    assert outcomes(me) == before + missing

    ids = db.session.scalars(select(BasketLine.id).order_by(BasketLine.id)).all()
    clear(me, {ids[2]: Choice(Plan.LIST), ids[3]: Choice(Plan.DROP)})
    done = [(1, "wished", ""), (2, "kept", ""), (3, "listed", ""), (4, "dropped", ""), *before[4:]]
    assert outcomes(me) == done + missing

    fill_basket(me, rows, NOW + 1)
    kept, again = outcomes(me)[:4], sorted(outcomes(me))
    assert [outcome for _, outcome, _ in kept] == ["wished", "kept", "listed", "had"]
    assert again == sorted([*done[:3], (4, "not_wanted", ""), *before[4:], *missing])
    assert list_report(reader(0)) == []


def test_a_row_without_a_title_has_that_of_its_book_and_one_entered_since_is_found():
    me, isbn = reader(0), isbn13(32_000_001)
    fill_basket(me, [ShelfRow(1, isbn=book(title="三体", authors=["刘慈欣"])), ShelfRow(2, isbn=isbn)], NOW)
    book(isbn=isbn, title="新书")
    db.session.rollback()
    first, second = list_report(me)
    assert (first.title, list(first.authors), first.outcome) == ("三体", ["刘慈欣"], Outcome.NOT_WANTED)
    assert (second.title, second.said, second.outcome) == ("新书", isbn, Outcome.NOT_WANTED)


def test_rows_are_erased_after_some_days_and_only_the_newest_are_kept(monkeypatch):
    monkeypatch.setattr(report, "MOST_ROWS", 3)
    me = reader(0)
    for n in range(3):
        fill_basket(me, [ShelfRow(1, isbn=book()), ShelfRow(2, isbn=book())], NOW + n)
    assert [row.brought_at for row in list_report(me)] == [NOW + 1, NOW + 2, NOW + 2]
    assert forget_old_rows(NOW + 1 + KEPT) == 0
    assert forget_old_rows(NOW + 2 + KEPT) == 1
    assert db.session.scalar(select(func.count()).select_from(BroughtRow)) == 2


@pytest.mark.parametrize("text", ["=1+1", "+1", "-2", "@x", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＠x", "'=1"])
def test_no_cell_is_a_formula(text):
    table = write_csv(["a", "b"], [[text, 'a,"b"']])
    assert list(csv.reader(io.StringIO(table, newline="")))[1:] == [[f"'{text}", 'a,"b"']]
