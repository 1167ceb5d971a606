"""Changing what was said about a copy or an exchange, as long as nobody relies on it."""

import pytest

from app.models.base import db
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.rules.exchange.drift import Way
from app.rules.exchange.listing import Condition
from app.rules.exchange.refusals import ChangedTooOften, Limited, NothingToUndo, NotYourMove, TooLateToChange
from app.rules.exchange.way import Terms
from app.rules.refusal import Refusal
from app.services.correction.edit import (
    change_address,
    change_tracking,
    edit_gift,
    find_address_to_change,
    find_gift_to_edit,
)
from app.services.correction.undo import undo_step
from app.services.delivery.places import list_place_ids_of
from app.services.delivery.postal_address import PostalAddress, find_address, list_addresses
from app.services.errors import NotFound
from app.services.exchange import drift
from app.services.exchange.leaving import end_exchanges
from tests.exchange import HOME, NOW, copy_of, events, exchange, last_letter, letters, place, reader, snapshot

pytestmark = pytest.mark.usefixtures("app_context")
WORK = PostalAddress("王小明", "13800001111", "北京市朝阳区建国路八号")
BOTH = Terms((Way.POST, Way.MEET), "Fridays, library")


def address_of(done, who):
    db.session.rollback()
    return find_address(db.session.get_one(Drift, done.drift), who, NOW)


def test_condition_note_ways_and_words_of_a_listed_copy_are_changed():
    copy = copy_of(giver := reader(0))
    edit_gift(giver, copy, Condition.WORN, "a stain on page 3", BOTH, NOW)
    row = db.session.get_one(Gift, copy)
    assert (row.condition, row.note, row.terms) == ("worn", "a stain on page 3", BOTH)
    edit_gift(giver, copy, Condition.WORN, "", Terms((Way.POST,), "Fridays"), NOW)
    assert db.session.get_one(Gift, copy).terms == Terms((Way.POST,), ""), "words on meeting are for meeting"


def test_the_places_of_a_copy_are_changed_and_only_open_ones_can_be_chosen():
    shelf, cafe, closed = place(), place(), place(closed=True)
    copy = copy_of(giver := reader(0))
    for chosen in ((shelf, cafe), (cafe,)):
        edit_gift(giver, copy, Condition.GOOD, "", Terms((Way.PLACE,), places=chosen), NOW)
        assert list_place_ids_of(copy) == set(chosen)
    found = find_gift_to_edit(giver, copy, None)
    assert ({shown.id for shown in found.places}, found.chosen) == ({shelf, cafe}, [cafe])
    for wrong in ((), (closed,)):
        with pytest.raises(Refusal):
            edit_gift(giver, copy, Condition.GOOD, "", Terms((Way.PLACE,), places=wrong), NOW)
    edit_gift(giver, copy, Condition.GOOD, "", Terms((Way.POST,), places=(cafe,)), NOW)
    assert list_place_ids_of(copy) == set()


@pytest.mark.parametrize("state", ["waiting", "accepted", "mailed", "received", "missing"])
def test_a_copy_that_somebody_has_asked_for_stays_as_it_was_described(state):
    done = exchange(state)
    before = snapshot()
    for change in (edit_gift, lambda who, copy, *_: find_gift_to_edit(who, copy, None)):
        with pytest.raises(TooLateToChange):
            change(done.giver, done.gift, Condition.NEW, "", BOTH, NOW)
    assert snapshot() == before


def test_who_is_limited_writes_nothing_about_a_copy():
    copy = copy_of(giver := reader(0))
    with db.auto_commit():
        db.session.get_one(User, giver).limited_until = NOW + 1
    with pytest.raises(Limited):
        edit_gift(giver, copy, Condition.NEW, "call me", BOTH, NOW)


def test_only_its_giver_edits_a_copy():
    copy = copy_of(reader(0))
    for change in (edit_gift, lambda who, copy, *_: find_gift_to_edit(who, copy, None)):
        with pytest.raises(NotFound):
            change(reader(0), copy, Condition.NEW, "", BOTH, NOW)
        with pytest.raises(NotFound):
            change(reader(0), 999, Condition.NEW, "", BOTH, NOW)


def test_the_tracking_number_is_entered_and_corrected_while_the_book_is_on_its_way():
    done = exchange("mailed")
    for number, stored in (("SF1", "SF1"), ("SF2", "SF2"), ("", None)):
        change_tracking(done.giver, done.drift, number)
        db.session.rollback()
        assert db.session.get_one(Drift, done.drift).tracking == stored


@pytest.mark.parametrize("state", ["waiting", "accepted", "received", "missing", "rejected", "expired", "cancelled"])
def test_the_tracking_number_is_not_changed_before_or_after(state):
    done = exchange(state)
    with pytest.raises(TooLateToChange) as refused:
        change_tracking(done.giver, done.drift, "SF1")
    assert refused.value.state == state


def test_only_the_giver_of_a_book_that_is_mailed_has_a_tracking_number():
    done = exchange("mailed")
    with pytest.raises(NotYourMove):
        change_tracking(done.asker, done.drift, "SF1")
    for who, id in ((reader(0), done.drift), (done.giver, 999)):
        with pytest.raises(NotFound):
            change_tracking(who, id, "SF1")
    met = exchange("mailed", way=Way.MEET)
    with pytest.raises(NotFound):
        change_tracking(met.giver, met.drift, "SF1")


def test_a_waiting_request_goes_to_another_address_which_its_giver_has_not_seen():
    done = exchange("waiting")
    letter = last_letter()
    assert find_address_to_change(done.asker, done.drift, NOW)[0] == HOME
    change_address(done.asker, done.drift, WORK, NOW)
    assert (address_of(done, done.asker), address_of(done, done.giver)) == (WORK, None)
    assert WORK.address not in db.session.get_one(Drift, done.drift).address
    assert letters(letter) == []
    assert events(done.drift)[-1] == ("address", "asker")


def test_a_giver_who_has_promised_is_told_and_sees_the_newest_address():
    done = exchange("accepted")
    letter = last_letter()
    change_address(done.asker, done.drift, WORK, NOW, keep=True)
    assert address_of(done, done.giver) == WORK
    assert letters(letter) == [("drift_address_changed", done.giver)]
    assert [address for _, address in list_addresses(done.asker)] == [WORK]


@pytest.mark.parametrize("state", ["mailed", "received", "missing", "rejected", "withdrawn", "expired", "cancelled"])
def test_the_address_stays_once_the_book_is_mailed_or_the_exchange_has_ended(state):
    done = exchange(state)
    before = snapshot()
    for change in (change_address, lambda who, which, _, now: find_address_to_change(who, which, now)):
        with pytest.raises(TooLateToChange):
            change(done.asker, done.drift, WORK, NOW)
    assert snapshot() == before


def test_after_mailed_was_undone_the_address_can_be_changed_again():
    done = exchange("accepted")
    drift.confirm_mailed(done.giver, done.drift, "", NOW)
    with pytest.raises(TooLateToChange):
        change_address(done.asker, done.drift, WORK, NOW)
    undo_step(done.giver, done.drift, NOW)
    change_address(done.asker, done.drift, WORK, NOW)
    with pytest.raises(NothingToUndo):
        undo_step(done.giver, done.drift, NOW)


def test_the_address_is_changed_three_times_at_most():
    done = exchange("accepted")
    for time in range(3):
        change_address(done.asker, done.drift, WORK, NOW + time)
    for change in (change_address, lambda who, which, _, now: find_address_to_change(who, which, now)):
        with pytest.raises(ChangedTooOften):
            change(done.asker, done.drift, HOME, NOW)
    assert address_of(done, done.giver) == WORK


def test_only_the_asker_of_a_book_that_goes_by_post_has_an_address():
    done, met = exchange("accepted"), exchange("accepted", way=Way.MEET)
    for change in (change_address, lambda who, which, _, now: find_address_to_change(who, which, now)):
        with pytest.raises(NotYourMove):
            change(done.giver, done.drift, WORK, NOW)
        for who, id in ((reader(0), done.drift), (done.asker, 999), (met.asker, met.drift)):
            with pytest.raises(NotFound):
                change(who, id, WORK, NOW)


def test_a_giver_who_leaves_takes_the_words_on_cancelled_promises_along():
    done = exchange("cancelled")
    with db.auto_commit():
        end_exchanges(done.giver, NOW)
    db.session.rollback()
    assert db.session.get_one(Drift, done.drift).cancel_words is None
