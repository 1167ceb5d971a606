"""Who holds which book on paper."""

import pytest
from sqlalchemy import select

from app.models.base import db
from app.models.copy import Copy
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.rules.exchange import shelf
from app.rules.exchange.listing import Condition
from app.rules.exchange.refusals import ShelfFull
from app.rules.exchange.way import Terms
from app.services.account.closing import erase_account
from app.services.copy.keeping import find_own_copy, keep_copy
from app.services.correction.edit import edit_gift
from app.services.errors import NotFound
from app.services.exchange.gift import offer_gift, withdraw_gift
from tests.exchange import NOW, book, copy_of, exchange, id_of, reader

pytestmark = pytest.mark.usefixtures("app_context")


def copies():
    db.session.expire_all()
    return [(copy.holder_id, copy.state, copy.since) for copy in db.session.scalars(select(Copy).order_by(Copy.id))]


def copy_listed_as(gift_id):
    return db.session.get_one(Gift, gift_id).copy_id


def list_again(holder, isbn, copy_id=None):
    return offer_gift(holder, id_of(isbn), Condition.WORN, "", None, NOW, copy_id=copy_id)


def test_a_copy_that_is_listed_lies_on_its_givers_shelf_also_when_it_is_off_the_list():
    giver = reader(0)
    listed = copy_of(giver)
    assert copies() == [(giver, "kept", NOW)]
    withdraw_gift(giver, listed, NOW + 1)
    assert copies() == [(giver, "kept", NOW)]


def test_a_copy_is_listed_once_and_a_private_one_before_a_new_one():
    giver, isbn = reader(0), book()
    private = keep_copy(giver, id_of(isbn), NOW)
    first, second = (list_again(giver, isbn) for _ in range(2))
    assert copy_listed_as(first) == private != copy_listed_as(second)
    with pytest.raises(NotFound):
        list_again(giver, isbn, private)
    withdraw_gift(giver, first, NOW)
    third = list_again(giver, isbn, private)
    assert (copy_listed_as(third), db.session.get_one(Copy, private).condition) == (private, "worn")
    assert len(copies()) == 2


@pytest.mark.parametrize("wrong", ["of another reader", "of another book", "none"])
def test_nobody_lists_a_copy_that_is_not_theirs_or_another_book(wrong):
    giver, isbn = reader(0), book()
    holder = reader(0) if wrong == "of another reader" else giver
    kept = keep_copy(holder, id_of(book() if wrong == "of another book" else isbn), NOW)
    with pytest.raises(NotFound):
        list_again(giver, isbn, 10**9 if wrong == "none" else kept)
    assert db.session.scalars(select(Gift)).all() == []


@pytest.mark.parametrize("state", ["waiting", "accepted", "mailed", "rejected", "withdrawn", "expired", "cancelled"])
def test_a_copy_stays_with_its_giver_until_it_has_arrived(state):
    done = exchange(state)
    assert copies() == [(done.giver, "kept", NOW)]


def test_a_copy_that_has_arrived_is_its_askers_and_a_lost_one_nobodys():
    done = exchange("received")
    assert copies() == [(done.asker, "kept", NOW)]
    exchange("missing")
    assert copies()[1] == (None, "lost", NOW)


def test_who_received_a_copy_passes_on_the_same_one():
    done = exchange("received")
    drift = db.session.get_one(Drift, done.drift)
    again = offer_gift(done.asker, drift.book_id, Condition.GOOD, "", None, NOW)
    assert copy_listed_as(again) == copy_listed_as(done.gift)
    with pytest.raises(NotFound):
        find_own_copy(done.giver, copy_listed_as(again))


def test_the_copies_of_who_leaves_are_with_nobody_and_what_is_on_its_way_arrives():
    done = exchange("mailed")
    erase_account(db.session.get_one(User, done.giver))
    assert [copy[:2] for copy in copies()] == [(None, "gone")]
    other = exchange("mailed")
    erase_account(db.session.get_one(User, other.asker))
    assert [copy[:2] for copy in copies()] == [(None, "gone")] * 2


def test_what_a_giver_says_of_the_condition_is_said_of_the_copy():
    giver = reader(0)
    listed = copy_of(giver)
    edit_gift(giver, listed, Condition.NEW, "", Terms(), NOW)
    assert db.session.get_one(Copy, copy_listed_as(listed)).condition == "new"


def test_a_shelf_is_not_filled_without_end(monkeypatch):
    monkeypatch.setattr(shelf, "MOST_COPIES", 1)
    holder = reader(0)
    keep_copy(holder, id_of(book()), NOW)
    for fill in (lambda: keep_copy(holder, id_of(book()), NOW), lambda: copy_of(holder)):
        with pytest.raises(ShelfFull):
            fill()
    assert len(copies()) == 1


def test_no_copy_is_kept_of_a_book_that_is_not_there():
    with pytest.raises(NotFound):
        keep_copy(reader(), 10**9, NOW)
