"""Closing an account ends its exchanges without creating or losing a bean."""

import pytest
from sqlalchemy import select

from app.models.base import db
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish
from app.rules.clock import DAY
from app.rules.exchange.mails import MAIL_DELAY
from app.services.delivery.postal_address import find_address, keep_address, list_addresses
from app.services.errors import NotFound
from app.services.exchange import drift, gift, wish
from tests.exchange import (
    HOME,
    NOW,
    ask,
    assert_audit_is_clean,
    beans_of,
    book,
    copy_of,
    escrow,
    exchange,
    last_letter,
    leave,
    ledger_balances,
    letters,
    make_certain,
    reader,
    snapshot,
    wish_for,
    withdraw_wish,
)

pytestmark = pytest.mark.usefixtures("app_context")


def test_what_a_reader_wrote_about_copies_is_erased():
    done = exchange("received")
    listed = copy_of(done.giver)
    with db.auto_commit():
        for id in (done.gift, listed):
            db.session.get_one(Gift, id).note = "call me: 138 0000 0000"
    leave(done.giver)

    assert set(db.session.scalars(select(Gift.note))) == {""}


@pytest.mark.parametrize(
    ("state", "who", "to", "copy", "asker", "giver"),
    [
        ("waiting", "asker", "withdrawn", "open", 0, 0),
        ("waiting", "giver", "rejected", "withdrawn", 1, 0),
        ("accepted", "asker", "withdrawn", "open", 0, 0),
        ("accepted", "giver", "rejected", "withdrawn", 1, 0),
        ("mailed", "asker", "received", "given", 0, 1),
        ("mailed", "giver", "mailed", "reserved", 0, 0),
        ("missing", "asker", "missing", "given", 0, 0),
        ("received", "giver", "received", "given", 0, 0),
    ],
)
def test_open_exchanges_end_in_favour_of_who_stays(state, who, to, copy, asker, giver):
    done = exchange(state)
    leave(getattr(done, who), NOW + DAY)
    assert db.session.get_one(Drift, done.drift).state == to
    assert db.session.get_one(Gift, done.gift).state == copy
    gone = select(User.id, User.beans).execution_options(include_deleted=True)
    beans = dict(db.session.execute(gone).all())
    assert (beans[done.asker], beans[done.giver]) == (asker, giver)
    assert escrow() == (1 if to == "mailed" else 0)
    assert_audit_is_clean()


def test_the_bean_for_a_book_whose_giver_has_left_goes_to_the_mint():
    done = exchange("mailed")
    leave(done.giver)
    mint = ledger_balances()["mint"]
    drift.confirm_received(done.asker, done.drift, NOW + DAY)
    make_certain(done.drift, NOW + DAY)
    assert ledger_balances()["mint"] == mint + 1
    assert_audit_is_clean()


def test_lists_are_emptied_and_nobody_is_offered_to_who_has_left():
    isbn, leaver, giver = book(), reader(), reader(0)
    wish_for(leaver, isbn)
    own = copy_of(leaver)
    copy = copy_of(giver, isbn)
    leave(leaver)
    assert db.session.get_one(Gift, own).state == "withdrawn"
    assert db.session.get_one(Gift, copy).offered_to is None
    assert db.session.scalars(select(Wish.state)).all() == ["withdrawn"]
    assert beans_of(giver) == 0


def test_who_a_copy_was_kept_for_is_told_when_its_giver_leaves():
    isbn, first, giver = book(), reader(), reader(0)
    wish_for(first, isbn)
    copy, letter = copy_of(giver, isbn), last_letter()
    leave(giver, NOW + MAIL_DELAY)
    assert letters(letter) == [("wish_offer_ended", first)]
    assert db.session.get_one(Gift, copy).offered_to is None


@pytest.mark.parametrize("state", ["waiting", "accepted", "mailed", "missing", "rejected"])
def test_the_addresses_of_who_leaves_are_erased_at_once(state):
    done, other = exchange(state), exchange(state)
    with db.auto_commit():
        keep_address(done.asker, HOME)
    leave(done.asker)
    leave(other.giver)
    row = db.session.get_one(Drift, done.drift)
    assert (row.address, row.tracking, list_addresses(done.asker)) == (None, None, [])
    stays = HOME if state in ("mailed", "missing") else None  # the others end when their giver leaves
    assert find_address(db.session.get_one(Drift, other.drift), other.asker, NOW) == stays


def test_what_a_reader_pressed_while_the_account_was_being_closed_does_nothing():
    isbn, leaver, giver = book(), reader(2), reader(0)
    copy, own = copy_of(giver), copy_of(leaver)
    wish_id = wish_for(reader(), isbn)
    leave(leaver)
    before = snapshot()
    for action in (
        lambda: copy_of(leaver, isbn),
        lambda: wish_for(leaver, isbn),
        lambda: ask(leaver, copy),
        lambda: gift.withdraw_gift(leaver, own, NOW),
        lambda: withdraw_wish(leaver, isbn, NOW),
        lambda: wish.satisfy_wish(leaver, wish_id, NOW),
    ):
        with pytest.raises(NotFound):
            action()
    assert snapshot() == before
