"""The number of SQL statements of each page of the exchange does not depend on the number of rows."""

import pytest

from app.models.base import db
from app.models.basket import BasketLine
from app.models.drift import Drift, DriftEvent
from app.models.wish import Wish
from tests.exchange import NOW, book, id_of, listed, reader
from tests.rows import statements_sent
from tests.web.readers import logged_in

pytestmark = pytest.mark.usefixtures("app_context")
ROWS = (1, 20, 200)


def fill(rows):
    """Store a reader with a number of gifts, wishes and drifts, and a book that as many readers give and want."""
    me, popular = reader(1), id_of(popular_isbn := book())
    others = [reader(0) for _ in range(min(rows, 20))]
    wishes = [Wish(user_id=me, book_id=id, open_key=f"{me}:{id}") for id in (id_of(book()) for _ in range(rows))]
    lines = [BasketLine(reader_id=me, line_key=str(id), book_id=id) for id in (id_of(book()) for _ in range(rows))]
    for book_id in [id_of(book()) for _ in range(rows)]:
        listed(me, book_id)
    given = [listed(others[n % len(others)], popular) for n in range(rows)]
    waiting = [Wish(user_id=other, book_id=popular, open_key=f"{other}:{popular}") for other in others]
    db.session.add_all([*wishes, *waiting, *lines])
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


MOST = {
    ("/", "visitor"): 4,
    ("/", "reader"): 5,
    ("/book/{isbn}/detail", "visitor"): 4,
    ("/book/{isbn}/detail", "reader"): 6,
    ("/my/gifts", "reader"): 4,
    ("/my/books", "reader"): 4,
    ("/my/books?show=given", "reader"): 4,
    ("/my/wish", "reader"): 4,
    ("/my/books/add", "reader"): 2,
    ("/my/books/basket", "reader"): 7,
    ("/pending", "reader"): 6,
    ("/personal", "reader"): 12,
    ("/personal/ledger", "reader"): 5,
    ("/notices", "reader"): 2,
}


def test_a_page_makes_few_statements_whatever_the_number_of_rows(app, client):
    made = {page: [] for page in MOST}
    for rows in ROWS:
        me, popular = fill(rows)
        clients = {"visitor": client, "reader": logged_in(app, me)}
        for path, who in MOST:
            with statements_sent() as statements:
                assert clients[who].get(path.format(isbn=popular)).status_code == 200
            made[path, who].append(len(statements))
            assert len(statements) <= MOST[path, who], (path, who, *statements)
    assert [(page, counts) for page, counts in made.items() if len(set(counts)) > 1] == []
