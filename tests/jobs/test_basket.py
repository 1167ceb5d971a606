"""Looking up the books of a basket outside."""

import pytest
from sqlalchemy import select

from app.catalogues.base import BookRecord
from app.catalogues.lookup import Many
from app.jobs.drain import drain
from app.models.base import db
from app.models.basket import BasketLine
from app.models.outbox import Outbox
from app.rules.shelf.row import ShelfRow
from app.services.basket import filling, looking
from app.services.basket.filling import fill_basket
from app.services.basket.looking import AT_ONCE, look_again
from tests.exchange import NOW, reader
from tests.factories import isbn13

BOOKS = [isbn13(50_000_000 + n) for n in range(AT_ONCE + 5)]


class Outside:
    """Stands for all catalogues."""

    def __init__(self):
        self.known, self.asked, self.is_certain = set(), [], True

    def find_many(self, isbns):
        self.asked.append(list(isbns))
        found = {isbn: BookRecord(isbn=isbn, title=f"Book {isbn}", source="test") for isbn in isbns}
        return Many({isbn: found[isbn] for isbn in isbns if isbn in self.known}, self.is_certain)


@pytest.fixture
def outside(monkeypatch, app_context):
    outside = Outside()
    monkeypatch.setattr(looking, "site_lookup", lambda: outside)
    for module in (filling, looking):
        monkeypatch.setattr(module, "has_catalogues", lambda: True)
    return outside


def bring(isbns):
    fill_basket(me := reader(0), [ShelfRow(n, isbn=isbn) for n, isbn in enumerate(isbns)], NOW)
    return me


def states(reader_id):
    db.session.rollback()
    mine = select(BasketLine.state, BasketLine.reason).where(BasketLine.reader_id == reader_id)
    return [tuple(row) for row in db.session.execute(mine.order_by(BasketLine.id))]


def jobs():
    db.session.rollback()
    return [job for job in db.session.scalars(select(Outbox)) if job.kind == "basket.look"]


def run():
    """Run what is due, with what a failure has put off."""
    with db.auto_commit():
        for job in db.session.scalars(select(Outbox).where(Outbox.kind == "basket.look", Outbox.state == "ready")):
            job.run_after = 1
    drain(20, 60)


def test_books_are_asked_for_in_parts_and_found_or_unknown(outside):
    outside.known = {*BOOKS[3:]}
    me = bring(BOOKS)
    assert states(me) == [("looking", "")] * len(BOOKS)
    run()
    assert [len(asked) for asked in outside.asked] == [AT_ONCE, 5]
    assert states(me) == [("unknown", "not_known")] * 3 + [("found", "")] * (len(BOOKS) - 3)
    assert [job.state for job in jobs()] == ["done"]


def test_a_catalogue_that_does_not_answer_is_asked_three_times(outside):
    outside.is_certain, outside.known = False, {BOOKS[0]}
    me = bring(BOOKS[:2])
    run()
    assert states(me) == [("found", ""), ("looking", "")]
    run()
    run()
    assert states(me) == [("found", ""), ("unknown", "no_answer")]
    assert len(outside.asked) == 3


def test_what_was_not_found_can_be_looked_for_again(outside):
    me = bring(BOOKS[:2])
    run()
    outside.known = set(BOOKS)
    assert look_again(me, NOW) == 2
    run()
    assert states(me) == [("found", "")] * 2
    assert look_again(me, NOW) == 0


def test_of_jobs_that_take_long_the_rest_is_done_by_another(outside, monkeypatch):
    monkeypatch.setattr("app.jobs.basket.AT_A_TIME", -1)
    me = bring(BOOKS)
    run()
    run()
    assert {state for state, _ in states(me)} == {"unknown"}
    assert len(jobs()) >= 2
