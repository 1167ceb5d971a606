"""Lent copies that go straight from their borrower to the next reader, if their lender allows it."""

import pytest
from sqlalchemy import select

from app.models.base import db
from app.models.circle import GiftCircle
from app.models.copy import Copy
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.journey import Station
from app.models.user import User
from app.models.wish import Wish
from app.rules.clock import DAY
from app.rules.exchange.drift import Way
from app.rules.exchange.lending import ComesHomeFirst, NobodyWaits, OfferedOn, PromisedOn
from app.rules.exchange.listing import Condition
from app.rules.exchange.refusals import AlreadyDone, CopyNotOpen, GiftGone, OwnGift
from app.rules.exchange.way import Terms
from app.rules.shelf.keeping import NoWayKept
from app.services.correction.edit import edit_gift
from app.services.correction.undo import undo_step
from app.services.errors import NotFound
from app.services.exchange import drift, gift
from app.services.exchange.deadlines import run_deadlines
from app.services.exchange.eligibility import get_asker_facts
from app.services.exchange.lending import call_home, confirm_returned, pass_on, report_lost, say_given_back
from app.services.exchange.wish import wish_for_book
from app.services.moderation.block import block
from tests.circles import circle
from tests.exchange import (
    NOW,
    Exchange,
    ask,
    assert_audit_is_clean,
    beans_of,
    escrow,
    events,
    exchange,
    last_letter,
    leave,
    letters,
    make_certain,
    reader,
    receive,
)

pytestmark = pytest.mark.usefixtures("app_context")
UNTIL = NOW + 30 * DAY


def number_of_book(done):
    db.session.rollback()
    return db.session.get_one(Drift, done.drift).book_id


def lent(goes_on=True, waits=True, ways="post meet"):
    """Store a loan and return it with the reader who waits for the book."""
    done, third = exchange("lent", lend_days=30), reader(1)
    with db.auto_commit():
        db.session.get_one(Gift, done.gift).goes_on = goes_on
        db.session.get_one(User, done.asker).ways = ways
    if waits:
        book_id = db.session.get_one(Gift, done.gift).book_id
        wish_for_book(third, book_id, NOW)
    return done, third


def offered(done):
    """Pass the book of a loan on, and return the number of the listing."""
    pass_on(done.asker, done.drift, NOW)
    return db.session.scalars(select(Gift.id).where(Gift.loan_id == done.drift)).one()


def asked(state="waiting"):
    """Return a loan, and the exchange with which its borrower hands the book on, in a state."""
    done, third = lent()
    listing = offered(done)
    onward = Exchange(third, done.asker, listing, ask(third, listing))
    if state != "waiting":
        drift.accept_request(done.asker, onward.drift, NOW)
    if state == "mailed":
        drift.confirm_mailed(done.asker, onward.drift, "", NOW)
        make_certain(onward.drift)
    return done, onward


def arrived():
    done, onward = asked("mailed")
    receive(onward.asker, onward.drift, NOW)
    following = db.session.scalars(select(Drift).where(Drift.id > onward.drift)).one()
    return done, onward, following


def state_of(drift_id):
    db.session.rollback()
    return db.session.get_one(Drift, drift_id).state


def listing_of(gift_id):
    db.session.rollback()
    return db.session.get_one(Gift, gift_id).state


def test_a_borrowed_book_is_offered_to_who_waits_and_stays_its_lenders():
    done, third = lent()

    listing = db.session.get_one(Gift, offered(done))

    assert (listing.giver_id, listing.lender_id, listing.state, listing.offered_to) == (
        done.asker,
        done.giver,
        "open",
        third,
    )
    assert (listing.lend_days, listing.ways, listing.listed_copy_id) == (30, "post meet", None)
    assert db.session.get_one(Copy, listing.copy_id).holder_id == done.giver
    assert (state_of(done.drift), listing_of(done.gift)) == ("lent", "reserved")
    assert_audit_is_clean()


@pytest.mark.parametrize(
    ("said", "refusal"),
    [({"goes_on": False}, ComesHomeFirst), ({"waits": False}, NobodyWaits), ({"ways": ""}, NoWayKept)],
)
def test_a_book_is_passed_on_only_if_its_lender_allows_it_and_somebody_waits(said, refusal):
    done, _ = lent(**said)

    with pytest.raises(refusal):
        pass_on(done.asker, done.drift, NOW)

    assert db.session.scalar(select(Gift.id).where(Gift.loan_id.is_not(None))) is None


def test_a_book_is_passed_on_once_and_by_its_borrower_alone():
    done, third = lent()
    offered(done)

    with pytest.raises(OfferedOn):
        pass_on(done.asker, done.drift, NOW)
    with pytest.raises(NotFound):
        pass_on(third, done.drift, NOW)
    with pytest.raises(AlreadyDone):
        pass_on(*((other := exchange("given_back", lend_days=30)).asker, other.drift), NOW)


def test_a_lender_can_allow_it_during_the_loan():
    done, _ = lent(goes_on=False)

    pass_on(done.giver, done.drift, NOW)

    assert offered(done)


def test_the_next_reader_borrows_from_the_lender_from_the_arrival_on():
    done, onward, following = arrived()

    assert (state_of(done.drift), state_of(onward.drift)) == ("returned", "passed_on")
    assert (following.asker_id, following.giver_id, following.gift_id) == (onward.asker, done.giver, done.gift)
    assert (following.state, following.lent_until, following.lend_days) == ("lent", UNTIL + 600, 30)
    assert (listing_of(onward.gift), listing_of(done.gift)) == ("withdrawn", "reserved")
    assert (beans_of(done.asker), beans_of(done.giver), beans_of(onward.asker), escrow()) == (1, 0, 0, 1)
    assert db.session.get_one(Copy, db.session.get_one(Gift, done.gift).copy_id).holder_id == done.giver
    assert db.session.scalars(select(Wish.state)).one() == "granted"
    stations = db.session.scalars(select(Station.reader_id).order_by(Station.id)).all()
    assert stations == [done.giver, done.asker, onward.asker]
    for one in (done.asker, onward.asker):
        facts = get_asker_facts(one, NOW + DAY)
        assert (facts.received, facts.given, facts.under_way) == (0, 0, 0)
    assert events(following.id) == [("go_on", "clock")]
    assert_audit_is_clean()


def test_the_next_loan_costs_what_the_next_reader_was_asked_for():
    done, third = lent()
    here = circle(done.giver, done.asker, third, needs_beans=False)
    with db.auto_commit():
        db.session.get_one(Gift, done.gift).is_closed = True
        db.session.add(GiftCircle(gift_id=done.gift, circle_id=here))
    onward = ask(third, offered(done))
    drift.accept_request(done.asker, onward, NOW)
    drift.confirm_mailed(done.asker, onward, "", NOW)
    make_certain(onward)

    receive(third, onward)

    assert db.session.scalars(select(Drift.beans).order_by(Drift.id)).all() == [1, 0, 0]
    assert (beans_of(third), beans_of(done.asker), escrow()) == (1, 1, 0)
    assert_audit_is_clean()


def test_all_three_are_told():
    done, onward = asked("mailed")
    before = last_letter()

    receive(onward.asker, onward.drift, NOW)

    told = letters(before)
    assert ("loan_passed_on", done.asker) in told
    assert ("loan_went_on", done.giver) in told
    assert ("loan_taken_on", onward.asker) in told


def test_the_next_loan_ends_like_any_other_and_can_go_on_again():
    done, onward, following = arrived()
    fourth = reader(1)
    wish_for_book(fourth, number_of_book(done), NOW)
    with db.auto_commit():
        db.session.get_one(User, onward.asker).ways = "post"

    pass_on(onward.asker, following.id, NOW)
    call_home(onward.asker, following.id, NOW)
    confirm_returned(done.giver, following.id, NOW)
    make_certain(following.id)

    assert (beans_of(onward.asker), escrow(), listing_of(done.gift)) == (1, 0, "open")
    assert db.session.get_one(Gift, done.gift).offered_to == fourth
    assert_audit_is_clean()


def test_an_arrival_can_be_undone_and_until_then_the_loan_is_as_before():
    done, onward = asked("mailed")
    drift.confirm_received(onward.asker, onward.drift, NOW + DAY)

    assert (state_of(done.drift), escrow()) == ("lent", 2)
    with pytest.raises(PromisedOn):
        report_lost(done.asker, done.drift, NOW + DAY)

    undo_step(onward.asker, onward.drift, NOW + DAY)
    assert state_of(onward.drift) == "mailed"
    run_deadlines(NOW + 40 * DAY)
    assert (state_of(onward.drift), state_of(done.drift)) == ("passed_on", "returned")
    assert_audit_is_clean()


def test_a_book_that_is_missing_counts_as_lost_by_its_borrower():
    done, onward = asked("mailed")

    drift.report_missing(onward.asker, onward.drift, NOW + 14 * DAY)

    assert (state_of(done.drift), state_of(onward.drift)) == ("lost", "missing")
    assert (beans_of(done.asker), beans_of(done.giver), beans_of(onward.asker), escrow()) == (0, 1, 1, 0)
    drift.confirm_received(onward.asker, onward.drift, NOW + 20 * DAY)
    assert (beans_of(done.asker), beans_of(done.giver), beans_of(onward.asker)) == (1, 1, 0)
    assert db.session.get_one(Copy, db.session.get_one(Gift, done.gift).copy_id).holder_id == onward.asker
    assert_audit_is_clean()


def test_nothing_that_ends_the_loan_is_done_while_the_next_reader_is_promised_the_book():
    done, _ = asked("accepted")

    for side, action in (
        (done.asker, say_given_back),
        (done.asker, report_lost),
        (done.giver, confirm_returned),
        (done.giver, call_home),
    ):
        with pytest.raises(PromisedOn):
            action(side, done.drift, NOW)
    assert state_of(done.drift) == "lent"


@pytest.mark.parametrize("action", [call_home, confirm_returned, report_lost])
def test_a_lender_declines_a_request_that_is_not_answered_yet(action):
    done, onward = asked()

    with pytest.raises(PromisedOn):
        call_home(done.asker, done.drift, NOW)
    action(done.giver, done.drift, NOW)

    assert (state_of(onward.drift), listing_of(onward.gift), beans_of(onward.asker)) == ("rejected", "withdrawn", 1)
    if action is call_home:
        with pytest.raises(ComesHomeFirst):
            pass_on(done.asker, done.drift, NOW)
    assert_audit_is_clean()


@pytest.mark.parametrize("action", [call_home, say_given_back, report_lost])
def test_a_borrower_takes_an_offer_back_that_nobody_has_taken_up(action):
    done, _ = lent()
    listing = offered(done)

    action(done.asker, done.drift, NOW)

    assert listing_of(listing) == "withdrawn"
    with pytest.raises(GiftGone):
        gift.withdraw_gift(done.asker, listing, NOW)
    with pytest.raises(AlreadyDone):
        call_home(done.asker, done.drift, NOW)
    assert_audit_is_clean()


def test_the_clock_leaves_a_loan_alone_while_its_book_is_promised_to_the_next_reader():
    done, onward = asked("mailed")
    overdue = UNTIL + 46 * DAY
    with db.auto_commit():
        db.session.get_one(Drift, onward.drift).due_time = overdue + DAY

    run_deadlines(overdue)
    assert (state_of(done.drift), state_of(onward.drift)) == ("lent", "mailed")

    drift.report_missing(onward.asker, onward.drift, overdue)
    assert state_of(done.drift) == "lost"


def test_a_book_that_is_kept_while_it_is_on_offer_is_its_borrowers_and_so_is_the_offer():
    done, _ = lent()
    listing = offered(done)

    run_deadlines(UNTIL + 46 * DAY)

    assert (state_of(done.drift), listing_of(done.gift), listing_of(listing)) == ("received", "given", "open")
    own = db.session.get_one(Gift, listing)
    assert (own.loan_id, own.lender_id, own.listed_copy_id) == (None, None, own.copy_id)
    assert beans_of(done.giver) == 1
    assert_audit_is_clean()


@pytest.mark.parametrize("state", ["waiting", "accepted", "mailed"])
def test_when_the_lender_leaves_the_book_is_the_borrowers_who_lends_it_on(state):
    done, onward = asked(state)

    leave(done.giver)

    assert (state_of(done.drift), beans_of(done.asker)) == ("received", 1)
    row = db.session.get_one(Drift, onward.drift)
    assert (row.state, row.loan_id, row.lend_days) == (state, None, 30)
    assert_audit_is_clean()


def test_a_lender_who_leaves_just_after_the_arrival_has_lent_it_to_the_next_reader():
    done, onward = asked("mailed")
    drift.confirm_received(onward.asker, onward.drift, NOW + DAY)

    leave(done.giver, NOW + DAY)

    assert (state_of(done.drift), state_of(onward.drift)) == ("returned", "passed_on")
    assert (beans_of(done.asker), beans_of(onward.asker), escrow()) == (1, 1, 0)
    assert db.session.scalars(select(Copy.holder_id)).one() == onward.asker
    assert_audit_is_clean()


@pytest.mark.parametrize(("state", "after"), [("waiting", "rejected"), ("accepted", "rejected"), ("mailed", "mailed")])
def test_when_the_borrower_leaves_the_lender_has_the_bean(state, after):
    done, onward = asked(state)

    leave(done.asker, NOW + 5 * DAY)

    assert (state_of(done.drift), beans_of(done.giver), state_of(onward.drift)) == ("received", 1, after)
    if state == "mailed":
        receive(onward.asker, onward.drift, NOW)
        assert (state_of(onward.drift), escrow()) == ("received", 0)
        assert db.session.scalars(select(Copy.holder_id)).one() == onward.asker
    assert_audit_is_clean()


def test_when_the_next_reader_leaves_with_the_book_on_its_way_the_lender_has_a_bean_and_the_borrower_one():
    done, onward = asked("mailed")

    leave(onward.asker, NOW + 5 * DAY)

    assert (state_of(done.drift), state_of(onward.drift)) == ("lost", "received")
    run_deadlines(NOW + 20 * DAY)
    assert (beans_of(done.giver), beans_of(done.asker), escrow()) == (1, 1, 0)
    assert_audit_is_clean()


def test_nobody_apart_from_the_lender_and_not_the_lender_themselves_gets_it():
    done, _ = lent()
    listing = offered(done)
    stranger = reader(1)
    with db.auto_commit():
        db.session.get_one(Gift, listing).set_attrs({"offered_to": None, "offered_wish_id": None, "offer_until": None})
    block(done.giver, stranger, NOW)

    with pytest.raises(CopyNotOpen):
        ask(stranger, listing)
    with pytest.raises(OwnGift):
        ask(done.giver, listing)


def test_who_is_apart_from_the_lender_is_passed_over():
    done, third = lent()
    fourth = reader(1)
    wish_for_book(fourth, db.session.get_one(Gift, done.gift).book_id, NOW + 1)
    block(done.giver, third, NOW)

    assert db.session.get_one(Gift, offered(done)).offered_to == fourth


def test_who_blocks_the_next_reader_ends_the_offer():
    done, third = lent()
    listing = offered(done)

    block(done.giver, third, NOW)

    assert db.session.get_one(Gift, listing).offered_to is None


def test_a_borrower_changes_how_it_is_handed_over_and_nothing_that_its_lender_has_said():
    done, _ = lent()
    listing = offered(done)

    edit_gift(done.asker, listing, Condition.WORN, "", Terms((Way.MEET,), "north gate", lend_days=90), NOW)

    row = db.session.get_one(Gift, listing)
    assert (row.ways, row.lend_days, row.goes_on) == ("meet", 30, False)
