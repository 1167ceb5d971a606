"""Addresses are encrypted, shown only to the two readers concerned, saved on request, re-encrypted and erased."""

import pytest
from cryptography.fernet import Fernet
from flask import current_app
from sqlalchemy import text

from app.models.base import db
from app.models.drift import Drift
from app.rules.clock import DAY
from app.services.delivery import postal_address as address
from app.services.exchange import drift
from app.services.exchange.deadlines import run_deadlines
from app.services.exchange.my_drifts import list_drifts
from app.services.site.field_keys import rotate_keys
from tests.exchange import HOME, NOW, copy_of, exchange, reader

pytestmark = pytest.mark.usefixtures("app_context")


def stored_text():
    tables = ("drift", "address", "message")
    return "".join(repr(db.session.execute(text(f"SELECT * FROM {table}")).all()) for table in tables)


def test_the_row_holds_neither_address_nor_note_in_clear():
    drift.request_book(reader(), copy_of(reader(0)), HOME, "请包好一点", NOW, keep=True)
    kept = stored_text()
    for secret in (HOME.recipient, HOME.phone, HOME.address, "请包好一点"):
        assert secret not in kept


@pytest.mark.parametrize(
    ("state", "giver_reads"),
    [
        ("waiting", False),
        ("accepted", True),
        ("mailed", True),
        ("received", True),
        ("missing", True),
        ("rejected", False),
        ("withdrawn", False),
        ("expired", False),
    ],
)
def test_the_giver_reads_the_address_only_from_acceptance_on(state, giver_reads):
    done = exchange(state)
    row = db.session.get_one(Drift, done.drift)
    assert address.find_address(row, done.giver, NOW) == (HOME if giver_reads else None)
    is_over = state in ("rejected", "withdrawn", "expired")
    assert address.find_address(row, done.asker, NOW) == (None if is_over else HOME)
    assert address.find_address(row, reader(), NOW) is None


@pytest.mark.parametrize("state", ["rejected", "withdrawn", "expired"])
def test_the_address_of_a_request_that_came_to_nothing_is_erased_at_once(state):
    row = db.session.get_one(Drift, exchange(state).drift)
    assert (row.address, row.tracking, row.erase_time) == (None, None, None)


def test_what_is_private_is_shown_no_longer_than_promised_even_when_no_worker_runs():
    done = exchange("received")
    with db.auto_commit():
        db.session.get_one(Drift, done.drift).set_attrs({"meeting": address.seal("hello"), "tracking": "SF1"})
    for now, shown in ((NOW + 14 * DAY - 1, (HOME, "hello", "SF1")), (NOW + 14 * DAY, (None, None, None))):
        for who in (done.asker, done.giver):
            (row,) = list_drifts(who, 1, 10, now).rows
            assert (row.address, row.meeting, row.tracking) == shown


def test_an_address_is_erased_two_weeks_after_the_end_and_not_before():
    done = exchange("received")
    run_deadlines(NOW + 14 * DAY - 1)
    assert address.find_address(db.session.get_one(Drift, done.drift), done.asker, NOW) == HOME
    assert run_deadlines(NOW + 14 * DAY).addresses == 1
    assert address.find_address(db.session.get_one(Drift, done.drift), done.asker, NOW) is None
    assert run_deadlines(NOW + 15 * DAY).addresses == 0


def test_new_keys_read_what_old_keys_wrote_and_after_rotation_the_old_key_may_go():
    done = exchange("accepted")
    with db.auto_commit():
        address.keep_address(done.asker, HOME)
    old, new = current_app.config["FIELD_KEYS"][0], Fernet.generate_key().decode()
    current_app.config["FIELD_KEYS"] = (new, old)
    row = lambda: db.session.get_one(Drift, done.drift)  # noqa: E731
    assert address.find_address(row(), done.giver, NOW) == HOME
    rotated, failed = rotate_keys()
    assert (rotated >= 2, failed) == (True, 0)
    current_app.config["FIELD_KEYS"] = (new,)
    assert address.find_address(row(), done.giver, NOW) == HOME
    assert [kept for _, kept in address.list_addresses(done.asker)] == [HOME]
    current_app.config["FIELD_KEYS"] = (old,)
    assert address.find_address(row(), done.giver, NOW) is None
    assert rotate_keys()[0] == 0


def test_a_reader_keeps_five_different_addresses_and_forgets_their_own():
    who = reader()
    for number in (0, 1, 2, 3, 4, 5, 5):
        with db.auto_commit():
            address.keep_address(who, address.PostalAddress("王", "13800001111", f"第{number}号院的门口"))
    kept = address.list_addresses(who)
    assert [row.address[1] for _, row in kept] == ["5", "4", "3", "2", "1"]
    assert not address.forget_address(reader(), kept[0][0])
    assert address.forget_address(who, kept[0][0])
    assert len(address.list_addresses(who)) == 4
