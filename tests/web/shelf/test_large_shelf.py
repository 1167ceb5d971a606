"""As many copies as a shelf holds cost no page of it a statement more than a few of them."""

import pytest
from sqlalchemy import insert

from app.models.base import db
from app.models.book import Book
from app.models.copy import Copy
from app.models.gift import Gift
from app.rules.exchange.refusals import ShelfFull
from app.rules.exchange.shelf import MOST_COPIES
from app.services.copy.keeping import keep_copy
from tests.exchange import NOW, reader
from tests.factories import alone, isbn13
from tests.rows import statements_sent
from tests.web.readers import logged_in

FEW, BOOKS = 30, 500
SHOWN = ["", "?page={last}", "?show=offered", "?show=private", "?show=promised", "?show=lent", "?show=given", "?q=b7"]
PAGES = [f"/my/books{shown}" for shown in SHOWN] + ["/my/books/export.csv", "/my/labels", "/my/books/add"]


def shelf(copies, first):
    """Store a reader who holds so many copies, each third of them listed; `first` is the id of the first one."""
    holder, numbers = reader(0), range(first, first + copies)
    held = {"holder_id": holder, "since": NOW}
    db.session.execute(insert(Copy), [held | {"id": n, "book_id": 1 + n % BOOKS} for n in numbers])
    listed = [{"giver_id": holder, "book_id": 1 + n % BOOKS, "copy_id": n} for n in numbers if n % 3 == 0]
    db.session.execute(insert(Gift), listed)
    db.session.commit()
    return holder


@pytest.mark.usefixtures("app_context")
def test_a_full_shelf_takes_no_more_statements_than_a_small_one(app):
    books = alone({"id": n, "isbn": isbn13(n), "title": f"b{n}"} for n in range(1, BOOKS + 1))
    db.session.execute(insert(Book), books)
    db.session.commit()
    made = {}
    for copies, first in ((FEW, 1), (MOST_COPIES, FEW + 1)):
        holder = shelf(copies, first)
        client = logged_in(app, holder)
        client.get("/my/books")
        for page in PAGES:
            with statements_sent() as statements:
                answer = client.get(page.format(last=copies // 20))
            assert (page, answer.status_code) == (page, 200)
            made.setdefault(page, []).append(len(statements))
    assert {page: counts for page, counts in made.items() if len(set(counts)) > 1} == {}
    assert max(map(max, made.values())) <= 6
    with pytest.raises(ShelfFull):
        keep_copy(holder, 1, NOW)
