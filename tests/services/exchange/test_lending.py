"""Books that are lent: rows, beans, copies, wishes and mails, until they are back, kept or lost."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.models.base import db
from app.models.copy import Copy
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish
from app.rules.clock import DAY
from app.rules.exchange.drift import DriftState, Way
from app.rules.exchange.refusals import (
    AlreadyDone,
    ExtendedBefore,
    GiftReserved,
    LoanIsOver,
    NotYourMove,
    SaidTooOften,
    SomebodyWaits,
    TooLateToChange,
)
from app.services.correction.edit import edit_gift
from app.services.correction.undo import undo_step
from app.services.economy.rehearsal import run_rehearsal
from app.services.exchange import drift, gift, wish
from app.services.exchange.deadlines import run_deadlines
from app.services.exchange.eligibility import get_asker_facts
from app.services.exchange.gift import BY_POST_ONLY
from app.services.exchange.lending import confirm_returned, extend_loan, report_lost, say_given_back
from app.services.exchange.mails import find_mail_facts
from app.services.exchange.trust import facts_of
from app.services.moderation.block import block
from tests.exchange import (
    HOME,
    NOW,
    assert_audit_is_clean,
    beans_of,
    book,
    copy_of,
    escrow,
    events,
    exchange,
    last_letter,
    leave,
    letters,
    make_certain,
    reader,
    snapshot,
    wish_for,
)

pytestmark = pytest.mark.usefixtures("app_context")
UNTIL = NOW + 30 * DAY


def lent(state="lent", way=Way.POST):
    return exchange(state, way=way, lend_days=30)


def stored(done):
    db.session.rollback()
    row = db.session.get_one(Drift, done.drift)
    copy = db.session.get_one(Copy, db.session.get_one(Gift, done.gift).copy_id)
    return row, db.session.get_one(Gift, done.gift).state, (copy.holder_id, copy.state)


def beans(done):
    return beans_of(done.asker), beans_of(done.giver), escrow()


@pytest.mark.parametrize("way", Way)
def test_a_book_that_arrives_is_lent_and_the_bean_is_held(way):
    done = lent(way=way)
    row, listing, copy = stored(done)
    assert (row.state, row.lent_until, row.due_time) == ("lent", UNTIL, UNTIL - 3 * DAY)
    assert (listing, copy, beans(done)) == ("reserved", (done.giver, "kept"), (0, 0, 1))
    assert_audit_is_clean()


def test_who_borrows_pays_nobody_and_brings_nobody_the_first_bean():
    """A loan earns nothing: what it would earn could be had again and again with one book."""
    known = exchange("received")
    done = exchange("waiting", lend_days=30)
    assert (beans_of(done.giver), beans_of(known.giver)) == (0, beans_of(known.giver))


def test_a_loan_counts_as_under_way_until_it_has_arrived_and_then_as_nothing_until_it_is_kept():
    for state, expected in {"mailed": (0, 1), "lent": (0, 0), "returned": (0, 0), "kept": (1, 0)}.items():
        done = lent(state)
        facts = get_asker_facts(done.asker, NOW)
        assert (facts.received, facts.under_way) == expected, state
        assert facts_of(done.giver).given == expected[0], state


def test_an_arrival_can_be_undone_and_counts_as_under_way_until_then():
    done = lent("mailed")
    assert drift.confirm_received(done.asker, done.drift, NOW).to is DriftState.LENT
    assert get_asker_facts(done.asker, NOW).under_way == 1
    undo_step(done.asker, done.drift, NOW + 60)
    row, *_ = stored(done)
    assert (row.state, row.lent_until) == ("mailed", None)
    assert_audit_is_clean()
    drift.confirm_received(done.asker, done.drift, NOW + DAY)
    assert stored(done)[0].lent_until == UNTIL + DAY


def test_the_wish_of_a_borrower_is_granted_when_the_book_is_there_and_the_next_reader_gets_it_after_that():
    giver, asker, other, isbn = reader(0), reader(2), reader(1), book()
    copy = copy_of(giver, isbn)
    with db.auto_commit():
        db.session.get_one(Gift, copy).lend_days = 14
    mine = wish_for(asker, isbn)
    id = drift.request_book(asker, copy, HOME, "", NOW)
    next_one = wish_for(other, isbn, NOW + 1)
    drift.accept_request(giver, id, NOW)
    drift.confirm_mailed(giver, id, "", NOW)
    drift.confirm_received(asker, id, NOW + DAY)
    make_certain(id, NOW + DAY)
    assert [db.session.get_one(Wish, wish).state for wish in (mine, next_one)] == ["granted", "open"]
    confirm_returned(giver, id, NOW + 9 * DAY)
    make_certain(id, NOW + 9 * DAY)
    db.session.rollback()
    again = db.session.get_one(Gift, copy)
    assert (again.state, again.offered_to, again.lend_days) == ("open", other, 14)
    assert_audit_is_clean()


def test_what_is_back_is_on_the_shelf_and_the_bean_with_its_borrower_once_it_cannot_be_undone():
    done = lent()
    letter = last_letter()
    confirm_returned(done.giver, done.drift, NOW + DAY)
    assert (stored(done)[1], beans(done)) == ("reserved", (0, 0, 1))
    undo_step(done.giver, done.drift, NOW + DAY + 60)
    row, *_ = stored(done)
    assert (row.state, row.lent_until, row.due_time) == ("lent", UNTIL, UNTIL - 3 * DAY)
    confirm_returned(done.giver, done.drift, NOW + 2 * DAY)
    make_certain(done.drift, NOW + 2 * DAY)
    assert stored(done)[1:] == ("open", (done.giver, "kept"))
    assert beans(done) == (1, 0, 0)
    assert letters(letter)[-1] == ("loan_ended", done.asker)
    with pytest.raises(AlreadyDone):
        confirm_returned(done.giver, done.drift, NOW + 2 * DAY)
    assert_audit_is_clean()


def test_who_says_that_a_book_is_back_waits_for_the_lender_two_weeks_at_most():
    done = lent()
    say_given_back(done.asker, done.drift, NOW + DAY)
    make_certain(done.drift, NOW + DAY)
    letter = last_letter()
    run_deadlines(NOW + 8 * DAY)
    assert letters(letter) == [("loan_given_back", done.giver)]
    run_deadlines(NOW + 15 * DAY - 1)
    assert stored(done)[0].state == "given_back"
    run_deadlines(NOW + 15 * DAY)
    assert (stored(done)[0].state, stored(done)[1], beans(done)) == ("returned", "open", (1, 0, 0))
    assert sorted(letters(letter)[1:]) == [("loan_assumed_back", done.giver), ("loan_ended", done.asker)]
    assert_audit_is_clean()


def test_a_lender_who_objects_has_the_same_day_as_before_and_hears_it_three_times_at_most():
    done = lent()
    for day in range(1, 4):
        say_given_back(done.asker, done.drift, NOW + day * DAY)
        assert drift.object_to(done.giver, done.drift, NOW + day * DAY, "given_back") is DriftState.LENT
        assert (stored(done)[0].lent_until, stored(done)[0].due_time) == (UNTIL, UNTIL - 3 * DAY)
    with pytest.raises(SaidTooOften):
        say_given_back(done.asker, done.drift, NOW + 4 * DAY)
    assert_audit_is_clean()


def test_a_loan_is_extended_once_by_its_borrower_while_nobody_waits():
    done = lent()
    isbn = db.session.get_one(Drift, done.drift).book_id
    waiting = reader(1)
    other = wish.wish_for_book(waiting, isbn, NOW)
    before = snapshot()
    for who, refusal in ((done.giver, NotYourMove), (done.asker, SomebodyWaits)):
        with pytest.raises(refusal):
            extend_loan(who, done.drift, NOW + DAY)
    assert snapshot() == before
    block(done.giver, waiting, NOW)
    letter = last_letter()
    assert extend_loan(done.asker, done.drift, NOW + DAY) == UNTIL + 30 * DAY
    row, *_ = stored(done)
    assert (row.lent_until, row.due_time, row.state) == (UNTIL + 30 * DAY, UNTIL + 27 * DAY, "lent")
    assert letters(letter) == [("loan_extended", done.giver)]
    with pytest.raises(ExtendedBefore):
        extend_loan(done.asker, done.drift, NOW + DAY)
    assert db.session.get_one(Wish, other).state == "open"
    assert_audit_is_clean()


def test_a_loan_is_not_extended_once_its_day_has_come():
    done = lent()
    with pytest.raises(LoanIsOver):
        extend_loan(done.asker, done.drift, UNTIL)


def test_a_book_that_does_not_come_back_is_its_borrowers_and_the_bean_the_lenders():
    done = lent()
    letter = last_letter()
    for day, told in ((-3, 1), (0, 2), (7, 3), (21, 4)):
        run_deadlines(UNTIL + day * DAY - 1)
        assert len(letters(letter)) == told - 1
        run_deadlines(UNTIL + day * DAY)
        run_deadlines(UNTIL + day * DAY)
        assert letters(letter) == [("loan_reminder", done.asker)] * told
    run_deadlines(UNTIL + 45 * DAY - 1)
    assert stored(done)[0].state == "lent"
    run_deadlines(UNTIL + 45 * DAY)
    row, listing, copy = stored(done)
    assert (row.state, listing, copy) == ("received", "given", (done.asker, "kept"))
    assert beans(done) == (0, 1, 0)
    assert letters(letter)[4:] == [("loan_not_returned", done.giver), ("loan_kept", done.asker)]
    assert events(done.drift)[-1] == ("keep", "clock")
    assert_audit_is_clean()


@pytest.mark.parametrize(("by_borrower", "paid"), [(True, (0, 1, 0)), (False, (1, 0, 0))])
def test_a_lost_book_costs_its_borrower_the_bean_unless_the_lender_says_so(by_borrower, paid):
    done = lent()
    report_lost(done.asker if by_borrower else done.giver, done.drift, NOW + 5 * DAY)
    assert (stored(done)[0].state, *stored(done)[1:]) == ("lost", "given", (None, "lost"))
    assert beans(done) == paid
    assert facts_of(done.asker).received == get_asker_facts(done.asker, NOW).received == 0
    with pytest.raises(AlreadyDone):
        report_lost(done.asker, done.drift, NOW + 5 * DAY)
    assert_audit_is_clean()


@pytest.mark.parametrize(
    ("state", "leaver", "end", "listing", "holder", "paid"),
    [
        ("lent", "asker", "received", "given", None, (None, 1)),
        ("lent", "giver", "received", "given", "asker", (1, None)),
        ("given_back", "asker", "received", "given", None, (None, 1)),
        ("given_back", "giver", "returned", "withdrawn", None, (1, None)),
        ("mailed", "asker", "received", "given", None, (None, 1)),
        ("accepted", "asker", "withdrawn", "open", "giver", (None, 0)),
        ("accepted", "giver", "rejected", "withdrawn", None, (1, None)),
    ],
)
def test_who_leaves_ends_a_loan_and_no_bean_is_left_over(state, leaver, end, listing, holder, paid):
    done = lent(state)
    leave(getattr(done, leaver), NOW + 2 * DAY)
    run_deadlines(NOW + 9 * DAY)
    row, now_listed, copy = stored(done)
    assert (row.state, now_listed) == (end, listing)
    assert copy[0] == (getattr(done, holder) if holder else None)
    assert escrow() == 0
    left = [None if id == getattr(done, leaver) else beans_of(id) for id in (done.asker, done.giver)]
    assert tuple(left) == paid
    assert_audit_is_clean()


def test_a_book_that_is_on_its_way_when_its_lender_leaves_is_given():
    done = lent("mailed")
    leave(done.giver, NOW)
    drift.confirm_received(done.asker, done.drift, NOW + 2 * DAY)
    make_certain(done.drift, NOW + 2 * DAY)
    assert (stored(done)[0].state, stored(done)[2]) == ("received", (done.asker, "kept"))
    assert (beans_of(done.asker), escrow()) == (0, 0)
    assert_audit_is_clean()


def test_a_book_that_turns_up_after_it_was_reported_missing_is_not_lent_any_more():
    done = lent("missing")
    drift.confirm_received(done.asker, done.drift, NOW + DAY)
    assert (stored(done)[0].state, stored(done)[2], beans(done)) == ("received", (done.asker, "kept"), (0, 1, 0))
    assert_audit_is_clean()


def test_for_how_long_a_copy_is_lent_can_be_changed_until_somebody_asks_for_it():
    giver = reader(0)
    copy = copy_of(giver)
    terms = replace(BY_POST_ONLY, lend_days=21)
    edit_gift(giver, copy, "good", "", terms, NOW)
    assert db.session.get_one(Gift, copy).lend_days == 21
    done = lent("waiting")
    assert db.session.get_one(Drift, done.drift).lend_days == 30
    for state in ("waiting", "lent"):
        done = lent(state)
        with pytest.raises(TooLateToChange):
            edit_gift(done.giver, done.gift, "good", "", terms, NOW)
        with pytest.raises(GiftReserved):
            gift.withdraw_gift(done.giver, done.gift, NOW)


def test_mails_before_the_arrival_speak_of_a_loan():
    done = lent("mailed")
    assert find_mail_facts("drift_mailed", done.asker, done.drift, None).kind == "loan_mailed"
    assert find_mail_facts("drift_reminder", done.asker, done.drift, None).kind == "loan_arrived"
    given = exchange("mailed")
    assert find_mail_facts("drift_mailed", given.asker, given.drift, None).kind == "drift_mailed"


def test_loans_change_nothing_of_what_a_rehearsal_cannot_know():
    for state in ("kept", "lent", "given_back", "returned", "lost"):
        lent(state)
    rehearsal = run_rehearsal(0, {})
    db.session.rollback()
    assert rehearsal.unexplained == 0
    shown = {row.id: row.beans for row in db.session.execute(select(User.id, User.beans))}
    assert {id: beans for id, beans in rehearsal.was.beans.items() if id} == {
        id: beans for id, beans in shown.items() if id in rehearsal.was.beans
    }
    assert rehearsal.was.escrow == escrow() > 0
