"""The number of SQL statements of each page of the exchange does not depend on the number of rows."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from app.models.base import db
from app.models.drift import Drift, DriftEvent
from app.models.gift import Gift
from app.models.wish import Wish
from tests.exchange import NOW, book, id_of, reader
from tests.web.readers import logged_in

pytestmark = pytest.mark.usefixtures("app_context")
ROWS = (1, 20, 200)


@contextmanager
def counted(app):
    """Collect the statements that are sent to the database."""
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def fill(rows):
    """Store a reader with a number of gifts, wishes and drifts, and a book that as many readers give and want."""
    me, popular = reader(1), id_of(popular_isbn := book())
    others = [reader(0) for _ in range(min(rows, 20))]
    gifts = [Gift(giver_id=me, book_id=id_of(book())) for _ in range(rows)]
    given = [Gift(giver_id=others[n % len(others)], book_id=popular) for n in range(rows)]
    wishes = [Wish(user_id=me, book_id=id, open_key=f"{me}:{id}") for id in (id_of(book()) for _ in range(rows))]
    waiting = [Wish(user_id=other, book_id=popular, open_key=f"{other}:{popular}") for other in others]
    db.session.add_all([*gifts, *given, *wishes, *waiting])
    db.session.flush()
    drifts = [
        Drift(
            gift_id=gift.id,
            book_id=popular,
            asker_id=me,
            giver_id=gift.giver_id,
            state="received",
            state_time=NOW,
            beans=1,
            erase_time=NOW,
        )
        for gift in given
    ]
    db.session.add_all(drifts)
    db.session.flush()
    asked = {"action": "ask", "actor": "asker", "to_state": "waiting"}
    db.session.add_all(DriftEvent(drift_id=drift.id, **asked) for drift in drifts)
    db.session.commit()
    return me, popular_isbn


@pytest.mark.parametrize(
    ("path", "most", "is_logged_in"),
    [
        ("/", 3, False),
        ("/", 3, True),
        ("/book/{isbn}/detail", 4, False),
        ("/book/{isbn}/detail", 6, True),
        ("/my/gifts", 4, True),
        ("/my/wish", 4, True),
        ("/pending", 4, True),
        ("/notices", 2, True),
    ],
)
def test_a_page_makes_few_statements_whatever_the_number_of_rows(app, client, path, most, is_logged_in):
    seen = set()
    for rows in ROWS:
        me, popular = fill(rows)
        reads = logged_in(app, me) if is_logged_in else client
        with counted(app) as statements:
            assert reads.get(path.format(isbn=popular)).status_code == 200
        seen.add(len(statements))
        assert len(statements) <= most, "\n".join(statements)
    assert len(seen) == 1
