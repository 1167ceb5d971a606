"""A wish that was taken off the list by mistake comes back to its place."""

import pytest

from app.models.base import db
from app.models.gift import Gift
from app.models.wish import Wish
from app.rules.clock import DAY
from app.rules.exchange.refusals import TooManyWishes
from app.rules.exchange.wish_scope import WishScope
from app.services.exchange import drift, wish
from tests.exchange import NOW, ask, book, copy_of, editions, exchange, id_of, reader, receive, wish_for, withdraw_wish

pytestmark = pytest.mark.usefixtures("app_context")


def offered_to(copy):
    db.session.rollback()
    return db.session.get_one(Gift, copy).offered_to


def test_within_a_day_the_wish_keeps_its_place_and_what_it_is_for():
    isbn, first, second = editions()[0], reader(1), reader(1)
    wish_id = wish_for(first, isbn, NOW, WishScope.ANY_EDITION)
    wish_for(second, isbn, NOW + 1)
    withdraw_wish(first, isbn, NOW + 2)
    assert wish_for(first, isbn, NOW + 1 + DAY) == wish_id
    row = db.session.get_one(Wish, wish_id)
    assert (row.create_time, row.scope, row.end_time) == (NOW, "any_edition", None)
    assert offered_to(copy_of(reader(0), isbn, NOW + 2 + DAY)) == first


def test_a_day_later_it_is_a_new_wish_at_the_end_of_the_queue():
    isbn, first, second = book(), reader(1), reader(1)
    wish_id = wish_for(first, isbn, NOW)
    wish_for(second, isbn, NOW + 1)
    withdraw_wish(first, isbn, NOW + 2)
    assert wish_for(first, isbn, NOW + 2 + DAY) != wish_id
    assert offered_to(copy_of(reader(0), isbn, NOW + 3 + DAY)) == second


def test_it_can_come_back_for_other_editions():
    isbn, first = editions()[0], reader(1)
    wish_id = wish_for(first, isbn, NOW, WishScope.ANY_EDITION)
    withdraw_wish(first, isbn, NOW)
    assert wish_for(first, isbn, NOW, WishScope.THIS_EDITION) == wish_id
    assert db.session.get_one(Wish, wish_id).scope == "this_edition"


def test_an_edition_that_was_refused_stays_refused_and_a_copy_that_was_offered_is_not_offered_again():
    named, other, _ = editions()
    asker = reader(1)
    wish_id = wish_for(asker, named, NOW)
    copy = copy_of(reader(0), other, NOW)
    assert offered_to(copy) == asker
    wish.decline_offer(asker, copy, NOW)
    withdraw_wish(asker, named, NOW + 1)
    assert wish_for(asker, named, NOW + 2) == wish_id
    assert offered_to(copy_of(reader(0), other, NOW + DAY)) is None
    assert offered_to(copy_of(reader(0), named, NOW + DAY)) == asker


def test_the_copy_on_offer_for_it_goes_to_the_next_and_stays_there():
    isbn, first, second = book(), reader(1), reader(1)
    wish_for(first, isbn, NOW)
    wish_for(second, isbn, NOW + 1)
    copy = copy_of(reader(0), isbn, NOW + 2)
    withdraw_wish(first, isbn, NOW + 3)
    wish_for(first, isbn, NOW + 4)
    assert offered_to(copy) == second


def test_a_granted_wish_does_not_come_back():
    isbn, asker = book(), reader(2)
    wish_id = wish_for(asker, isbn, NOW)
    copy = copy_of(giver := reader(0), isbn, NOW)
    drift_id = ask(asker, copy, NOW)
    drift.accept_request(giver, drift_id, NOW)
    drift.confirm_mailed(giver, drift_id, "", NOW)
    receive(asker, drift_id, NOW)
    assert wish_for(asker, isbn, NOW + 1) != wish_id


def test_it_comes_back_only_if_a_wish_may_be_made():
    done = exchange("waiting")
    isbns = [book() for _ in range(6)]
    for isbn in isbns[:5]:
        wish_for(done.giver, isbn)
    withdraw_wish(done.giver, isbns[0])
    wish_for(done.giver, isbns[5])
    with pytest.raises(TooManyWishes):
        wish_for(done.giver, isbns[0])
    assert wish.find_open_wish(done.giver, id_of(isbns[0])) is None
