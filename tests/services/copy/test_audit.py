"""The audit finds copies that are not with who holds, lists or lends them, on both databases."""

import sqlite3
import tracemalloc

import pytest
from sqlalchemy import insert, make_url, select, update

from app.models.base import db
from app.models.copy import Copy
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.services.account.closing import erase_account
from app.services.bean.audit import audit_beans
from app.services.copy.keeping import keep_copy
from app.services.exchange.gift import withdraw_gift
from app.services.journey.freeing import set_free
from tests.exchange import NOW, book, copy_of, exchange, id_of, listed, reader
from tests.rows import statements_sent


def move(**values):
    return lambda done: update(Copy).values(**{name: value(done) for name, value in values.items()})


def forget_its_end(_done):
    return update(Drift).values(lent_until=None)


SPOILT = {
    "a listing of another's copy": (
        "waiting", move(holder_id=lambda done: done.asker),
        "listing {gift} of reader {giver} is of copy {copy}, with reader {asker}",
    ),
    "a listing of nobody's copy": (
        "waiting", move(holder_id=lambda _: None, state=lambda _: "gone"),
        "listing {gift} of reader {giver} is of copy {copy}, with nobody",
    ),
    "a hidden listing of another's copy": (
        "expired", move(holder_id=lambda done: done.asker),
        "listing {gift} of reader {giver} is of copy {copy}, with reader {asker}",
    ),
    "a listing of a copy that is not kept": (
        "accepted", move(state=lambda _: "free"), "copy {copy} is free but with reader {giver}",
    ),
    "a kept copy without a holder": (
        "received", move(holder_id=lambda _: None), "copy {copy} is kept but with nobody",
    ),
    "the holder of a lost copy": (
        "missing", move(holder_id=lambda done: done.giver), "copy {copy} is lost but with reader {giver}",
    ),
    "a loan without an end": ("lent", forget_its_end, "drift {drift} is lent until no day"),
    "such a loan that is said to be back": ("given_back", forget_its_end, "drift {drift} is given_back until no day"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
@pytest.mark.usefixtures("any_engine_app")
def test_the_audit_finds(name):
    state, spoil, complaint = SPOILT[name]
    done = exchange(state, lend_days=7 if state in ("lent", "given_back") else None)
    copy = db.session.scalars(select(Gift.copy_id)).one()
    assert audit_beans().faults == []

    db.session.execute(spoil(done))
    db.session.commit()
    said = complaint.format(**vars(done), copy=copy)
    found = audit_beans()
    assert (found.faults.count(said), found.fault_count) == (1, len(found.faults))


@pytest.mark.sqlite("makes the table again without its keys in the file of a SQLite")
def test_the_audit_finds_a_copy_with_two_listings_where_the_database_allows_them(sqlite_uri, app_context):
    giver = reader(0)
    first = db.session.get_one(Gift, copy_of(giver))
    said = f"copy {first.copy_id} has 2 listings that are not over"
    db.session.remove()
    db.engine.dispose()
    with sqlite3.connect(make_url(sqlite_uri).database) as database:
        database.executescript(
            """CREATE TABLE unbound AS SELECT * FROM gift; DROP TABLE gift; ALTER TABLE unbound RENAME TO gift;
            INSERT INTO gift SELECT * FROM gift; UPDATE gift SET id = rowid, state = 'hidden';"""
        )
    database.close()

    assert audit_beans().faults == [said]


@pytest.mark.usefixtures("any_engine_app")
def test_what_readers_do_with_copies_is_no_fault():
    giver = reader(0)
    keep_copy(giver, id_of(book()), NOW)
    withdraw_gift(giver, copy_of(giver), NOW)
    set_free(giver, keep_copy(giver, id_of(book()), NOW), "on the bench", NOW)
    for state in ("mailed", "accepted", "received"):
        for side in ("giver", "asker"):
            erase_account(db.session.get_one(User, getattr(exchange(state), side)))
    for state in ("lent", "given_back", "returned", "lost", "kept"):
        exchange(state, lend_days=7)

    assert audit_beans().faults == []


@pytest.mark.usefixtures("any_engine_app")
def test_more_copies_and_faults_take_no_more_statements_or_memory():
    holder, book_id = reader(0), id_of(book())
    listed(holder, book_id)
    db.session.commit()
    statements, peaks = [], []
    for more in (2_000, 20_000):
        lost = {"book_id": book_id, "holder_id": holder, "state": "lost", "since": NOW}
        db.session.execute(insert(Copy), [lost] * more)
        db.session.commit()
        audit_beans()  # fill the caches now
        tracemalloc.start()
        with statements_sent() as count:
            faults = audit_beans().fault_count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        statements.append(len(count))
    assert faults == 22_000
    assert statements[0] == statements[1]
    assert peaks[1] < 2 * peaks[0]
