"""With ten thousand readers, copies and wishes, MariaDB finds whom to ask for what without reading a whole table."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event, insert, text

from app.models.base import db
from app.models.book import Book
from app.models.copy import Copy, CopyQuestion
from app.models.gift import Gift, WishOffer
from app.models.user import User
from app.models.wish import Wish
from app.services.shelf.answering import has_private_copies, keep_for_oneself, list_questions
from app.services.shelf.asking import ask_all, ask_for_wish, ask_holders
from tests.factories import alone, isbn13
from tests.rows import rows_read

pytestmark = pytest.mark.mariadb
MANY, NOW = 10_000, 1_800_000_000
LISTED, ASKED = 3, 7
"""Every so many copies are listed, and every so many holders were asked a year ago."""
FEW = 100
ALLOWING = 50
"""Every so many readers may be asked."""


@pytest.fixture
def app_uri(mariadb_uri_with_tables):
    return mariadb_uri_with_tables


def _readers():
    for n in range(1, MANY + 1):
        names = dict.fromkeys(("nickname", "nickname_folded", "email", "email_folded"), f"reader{n}")
        yield names | {"id": n, "beans": 1, "confirmed_at": NOW, "may_be_asked": n % ALLOWING == 0}


@pytest.fixture
def crowd(app_context):
    """Readers each of whom has one copy and wishes for the next reader's book."""
    numbers = range(1, MANY + 1)
    before = {"answer": "no", "create_time": NOW // 2, "mail_time": NOW // 2}
    rows = {
        User: _readers(),
        Book: alone({"id": n, "isbn": isbn13(n), "title": f"b{n}"} for n in numbers),
        Copy: ({"id": n, "book_id": n, "holder_id": n, "since": NOW // 2} for n in numbers),
        Gift: ({"id": n, "giver_id": n, "book_id": n, "copy_id": n} for n in numbers if n % LISTED == 0),
        Wish: ({"id": n, "user_id": n, "book_id": n % MANY + 1, "open_key": f"{n}"} for n in numbers),
        CopyQuestion: (
            before | {"copy_id": n % MANY + 1, "holder_id": n, "wish_id": n} for n in numbers if n % ASKED == 0
        ),
        WishOffer: ({"gift_id": n, "wish_id": n} for n in numbers if n % LISTED == 0),
    }
    for model, values in rows.items():
        db.session.execute(insert(model), list(values))
    db.session.commit()
    tables = ", ".join(f"`{model.__tablename__}`" for model in rows)
    db.session.execute(text(f"ANALYZE TABLE {tables}, work")).all()
    return app_context


@contextmanager
def plans():
    """Append to the list the plan of each statement that reads: the table, how it is read, and how many rows."""
    found = []

    def explain(connection, _cursor, statement, parameters, *_rest):
        if statement.lstrip("(").startswith("SELECT"):
            cursor = connection.connection.cursor()
            cursor.execute(f"EXPLAIN {statement}", parameters)
            rows = [(row[2], row[3], str(row[8] or 0)) for row in cursor.fetchall() if row[2]]
            found.extend((table, how, int(number.split()[0]), statement) for table, how, number in rows)

    event.listen(db.engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", explain)


ABLE = [n for n in range(ALLOWING, MANY + 1, ALLOWING) if n % LISTED]
"""Readers who may be asked for their copy, which is private."""


@pytest.mark.slow
def test_no_whole_table_is_read_and_for_one_wish_few_rows(crowd):
    first, second = (n for n in ABLE[:9] if n % ASKED), (n for n in ABLE[9:] if n % ASKED)
    holder, other = next(first), next(second)
    with rows_read(crowd) as counts:
        assert ask_for_wish(holder - 1, NOW)
    assert sum(counts) < 4 * FEW, counts
    with plans() as found:
        assert [one.copy_id for one in list_questions(holder)] == [holder]
        keep_for_oneself(holder, holder, NOW)
        assert ask_for_wish(other - 1, NOW)
        assert ask_holders([holder, other, next(first)], NOW) == 1
        assert has_private_copies(holder)
        assert ask_all(NOW) == len(ABLE) - 3
    tables = {table for table, *_ in found}
    assert {"copy", "user", "wish", "wished_book", "kept_book"} <= tables
    assert [plan for plan in found if plan[1] in ("ALL", "index") and plan[2] > FEW] == []
