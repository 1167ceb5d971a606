"""For a reader who has exchanged thousands of books, MariaDB reads hardly more rows than are shown."""

import pytest
from sqlalchemy import insert, text

from app.models.base import db
from app.models.bean import BeanTransfer
from app.models.book import Book
from app.models.copy import Copy
from app.models.drift import Drift, DriftEvent
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish
from app.rules.trust.facts import MOST_COUNTED
from app.services.bean.ledger import list_ledger
from app.services.exchange.book_listings import find_book_listings
from app.services.exchange.eligibility import find_requested_gift, get_asker_facts
from app.services.exchange.my_drifts import list_drifts
from app.services.exchange.my_lists import list_my_gifts
from app.services.exchange.trust import facts_of
from tests.factories import alone, isbn13
from tests.rows import rows_read

pytestmark = pytest.mark.mariadb
EACH = 1_500
"""Books that the reader has given, and has asked for."""
OPEN, POPULAR, NOW, PAGE = 30, 400, 1_800_000_000, 20
BUSY, OTHERS = 1, 20


@pytest.fixture
def settings(mariadb_uri, tmp_path):
    return {"SQLALCHEMY_DATABASE_URI": mariadb_uri, "SEARCH_INDEX_PATH": str(tmp_path / "search.db")}


def _other(number):
    return 2 + number % OTHERS


def _readers():
    for n in range(1, 2 + OTHERS):
        names = dict.fromkeys(("nickname", "nickname_folded", "email", "email_folded"), f"reader{n}")
        yield names | {"id": n, "beans": 2 * EACH if n == BUSY else 0, "confirmed_at": NOW}


def _gifts():
    for n in range(1, 2 * EACH + 1):
        yield {"id": n, "giver_id": BUSY if n <= EACH else _other(n), "book_id": 2 + n % 600, "state": "open"}
    for n in range(POPULAR):
        giver = BUSY if n == POPULAR // 2 else _other(n)
        yield {"id": 2 * EACH + 1 + n, "giver_id": giver, "book_id": 1, "state": "open"}


def _drifts():
    for n in range(1, 2 * EACH + 1):
        sides = {"giver_id": BUSY, "asker_id": _other(n)} if n <= EACH else {"giver_id": _other(n), "asker_id": BUSY}
        state = "waiting" if n <= OPEN else "missing" if n % 10 == 0 else "received"
        due = {"due_time": NOW + n if n <= OPEN else None, "state_time": NOW, "create_time": NOW - 2 * 86_400}
        yield sides | due | {"id": n, "gift_id": n, "book_id": 2 + n % 600, "state": state, "beans": 1}


def _transfers():
    for n in range(1, 2 * EACH + 1):
        sides = ("escrow", f"reader:{BUSY}") if n <= EACH else (f"reader:{BUSY}", "escrow")
        move = dict(zip(("source", "target"), sides, strict=True))
        yield move | {"id": n, "amount": 1, "reason": "given", "drift_id": n, "key": f"k{n}", "create_time": NOW}


@pytest.fixture
def busy(app_context):
    """A reader with thousands of drifts, and a book that hundreds give and wish for."""
    db.create_all()
    rows = {
        User: _readers(),
        Book: alone({"id": 1 + n, "isbn": isbn13(n), "title": f"b{n}"} for n in range(601)),
        Copy: ({"id": row["id"], "book_id": row["book_id"], "since": NOW} for row in _gifts()),
        Gift: (row | {"copy_id": row["id"]} for row in _gifts()),
        Wish: ({"user_id": _other(n), "book_id": 1, "open_key": f"w{n}"} for n in range(POPULAR)),
        Drift: _drifts(),
        DriftEvent: ({"drift_id": n, "action": "ask", "actor": "asker", "to_state": "waiting"} for n in range(1, 61)),
        BeanTransfer: _transfers(),
    }
    for model, values in rows.items():
        db.session.execute(insert(model), list(values))
    db.session.commit()
    db.session.execute(text("ANALYZE TABLE user, gift, wish, drift, bean_transfer")).all()
    return app_context


def test_what_others_see_of_a_reader_is_counted_no_further_than_it_is_shown(busy):
    with rows_read(busy) as counts:
        facts = facts_of(BUSY)
    assert {facts.given, facts.received, facts.promised, facts.lost, facts.not_arrived} == {MOST_COUNTED}
    assert sum(counts) < 10 * MOST_COUNTED, counts


@pytest.mark.parametrize(("page", "times"), [(1, 2.2), (EACH // PAGE, 5.5), (2 * EACH // PAGE, 2.2)])
def test_a_page_of_the_ledger_reads_the_others_from_an_index_a_few_times_at_most(busy, page, times):
    with rows_read(busy) as counts:
        ledger = list_ledger(BUSY, page, PAGE)
    assert (len(ledger.rows), ledger.total, ledger.pages) == (PAGE, 2 * EACH, 2 * EACH // PAGE)
    newest = 2 * EACH - (page - 1) * PAGE
    assert ledger.rows[0].balance == min(newest, 2 * EACH - newest)
    assert sum(counts) < times * 2 * EACH, counts


@pytest.mark.parametrize(("page", "times"), [(1, 2.2), (2, 2.2), (EACH // PAGE, 6), (2 * EACH // PAGE, 2.2)])
def test_a_page_of_drifts_reads_the_others_from_an_index_a_few_times_at_most(busy, page, times):
    with rows_read(busy) as counts:
        drifts = list_drifts(BUSY, page, PAGE, NOW)
    assert (len(drifts.rows), drifts.total, drifts.open) == (PAGE, 2 * EACH, OPEN)
    numbers = [*range(1, OPEN + 1), *range(2 * EACH, OPEN, -1)]
    assert [row.drift.id for row in drifts.rows] == numbers[(page - 1) * PAGE :][:PAGE]
    assert sum(counts[:3]) < times * 2 * EACH, counts
    assert sum(counts[3:]) < 4 * PAGE * MOST_COUNTED, "of each who asks the reader, no more is counted than is shown"


def test_a_page_of_copies_reads_whole_only_those_that_it_shows(busy):
    with rows_read(busy) as counts:
        assert len(list_my_gifts(BUSY, 2, PAGE).rows) == PAGE
    assert sum(counts) < 3 * EACH, counts


def test_the_page_of_a_book_that_hundreds_give_reads_each_of_them_a_few_times(busy):
    with rows_read(busy) as counts:
        listings = find_book_listings(db.session.get_one(Book, 1), None, NOW)
    assert (listings.gift_count, listings.wish_count) == (POPULAR, POPULAR)
    assert (len(listings.gifts), len(listings.wishes)) == (30, 30)
    # To sort them by condition, each copy is read once more and written; of those shown, the giver is read three times.
    assert sum(counts) < 4.5 * POPULAR + 60, counts


def test_who_gives_a_book_too_costs_no_look_at_all_their_copies_for_each_who_waits(busy):
    with rows_read(busy) as counts:
        assert len(find_book_listings(db.session.get_one(Book, 1), BUSY, NOW).own_gifts) == 1
    assert counts[0] < 8 * POPULAR, counts


def test_what_was_asked_of_a_giver_today_is_found_among_thousands_of_requests(busy):
    gift = db.session.get_one(Gift, 2 * EACH)
    with rows_read(busy) as counts:
        assert find_requested_gift(gift, BUSY, NOW).asked_today == 0
    assert sum(counts) < 25, counts


def test_the_facts_about_an_asker_are_counted_from_indexes_alone(busy):
    with rows_read(busy) as counts:
        assert get_asker_facts(BUSY, NOW).given == EACH - OPEN - 147
    assert sum(counts) < 2.5 * EACH
