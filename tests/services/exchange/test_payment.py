"""When givers are paid, so that nobody earns beans by passing books between their own accounts."""

import pytest
from sqlalchemy import select

from app.models.base import db
from app.models.bean import BeanTransfer
from app.models.drift import Drift
from app.rules.clock import DAY
from app.services.bean import transfers as bean
from app.services.exchange import drift
from app.services.exchange.deadlines import run_deadlines
from tests.exchange import (
    NOW,
    ask,
    assert_audit_is_clean,
    beans_of,
    copy_of,
    escrow,
    exchange,
    ledger_balances,
    make_certain,
    reader,
)
from tests.services.exchange.test_leaving import leave

pytestmark = pytest.mark.usefixtures("app_context")


def hand_over(giver, asker, now=NOW, days=1):
    """Let a book of the giver arrive `days` after it was mailed at `now`; return the drift."""
    drift_id = ask(asker, copy_of(giver, now=now), now)
    drift.accept_request(giver, drift_id, now)
    drift.confirm_mailed(giver, drift_id, "", now)
    drift.confirm_received(asker, drift_id, now + int(days * DAY))
    make_certain(drift_id, now + int(days * DAY))
    return drift_id


def pay_time(drift_id):
    db.session.rollback()
    return db.session.get_one(Drift, drift_id).pay_from


def test_a_book_that_took_a_day_is_paid_when_its_receipt_can_not_be_undone_any_more():
    giver = reader(0)
    assert pay_time(hand_over(giver, reader())) is None
    assert (beans_of(giver), escrow()) == (1, 0)


def test_a_book_received_within_a_day_is_paid_three_days_later_and_once():
    giver = reader(0)
    received = NOW + DAY - 1
    drift_id = hand_over(giver, reader(), days=(DAY - 1) / DAY)
    assert (pay_time(drift_id), beans_of(giver), escrow()) == (received + 3 * DAY, 0, 1)
    assert_audit_is_clean()

    assert run_deadlines(received + 3 * DAY - 1).payments == 0
    assert run_deadlines(received + 3 * DAY).payments == 1
    assert run_deadlines(received + 9 * DAY).payments == 0
    assert (pay_time(drift_id), beans_of(giver), escrow()) == (None, 1, 0)
    assert_audit_is_clean()


def test_an_asker_who_leaves_within_a_day_of_the_mailing_pays_the_giver_later_too():
    done = exchange("mailed")
    leave(done.asker)
    assert (beans_of(done.giver), escrow()) == (0, 1)
    run_deadlines(NOW + 3 * DAY)
    assert (beans_of(done.giver), escrow()) == (1, 0)


def test_a_giver_who_leaves_before_being_paid_leaves_the_bean_to_the_mint():
    giver = reader(0)
    hand_over(giver, reader(), days=0)
    leave(giver)
    before = ledger_balances()["mint"]
    run_deadlines(NOW + 3 * DAY)
    assert (ledger_balances()["mint"], escrow()) == (before + 1, 0)
    assert_audit_is_clean()


def test_a_second_request_of_who_never_gave_is_paid_when_they_have_given():
    giver, asker, third = reader(0), reader(2), reader()
    hand_over(giver, asker)
    waiting = hand_over(giver, asker)
    assert (beans_of(giver), escrow()) == (1, 1)
    run_deadlines(NOW + 30 * DAY)
    assert (beans_of(giver), escrow()) == (1, 1)
    assert_audit_is_clean()

    hand_over(asker, third, NOW + 30 * DAY)
    run_deadlines(NOW + 31 * DAY)
    assert (pay_time(waiting), escrow()) == (None, 0)
    assert beans_of(giver) == 3, "both books, and the extra bean: the asker has dealt with a third reader"
    assert_audit_is_clean()


def test_of_two_payments_to_one_giver_that_fall_due_together_one_waits_for_who_never_gave():
    giver, asker = reader(0), reader(2)
    hand_over(giver, asker, days=0)
    hand_over(giver, asker, days=0)
    assert run_deadlines(NOW + 3 * DAY).payments == 2
    assert (beans_of(giver), escrow()) == (1, 1)


def test_what_waits_for_an_asker_who_has_left_goes_to_the_mint():
    giver, asker = reader(0), reader(2)
    hand_over(giver, asker)
    hand_over(giver, asker)
    leave(asker)
    run_deadlines(NOW + 3 * DAY)
    assert (beans_of(giver), escrow()) == (1, 0)
    assert_audit_is_clean()


def test_a_late_arrival_waits_like_any_other_payment():
    done = exchange("missing")
    bean.grant_beans(done.asker, 1, "more", NOW)
    hand_over(done.giver, done.asker, NOW + DAY)
    drift.confirm_received(done.asker, done.drift, NOW + 5 * DAY)
    assert (beans_of(done.asker), beans_of(done.giver), escrow()) == (0, 1, 1)
    assert_audit_is_clean()

    hand_over(done.asker, reader(), NOW + 5 * DAY)
    run_deadlines(NOW + 7 * DAY)
    assert (beans_of(done.giver), escrow()) == (3, 0)
    assert_audit_is_clean()


def first_books():
    rewards = select(BeanTransfer.target).where(BeanTransfer.reason == "first_book").order_by(BeanTransfer.target)
    return [int(account.removeprefix("reader:")) for account in db.session.scalars(rewards)]


def test_a_first_book_earns_nothing_while_its_reader_deals_with_its_giver_alone():
    one, other = reader(2), reader(2)
    hand_over(one, other)
    hand_over(other, one)
    hand_over(one, other)
    assert first_books() == []


def test_the_bean_for_a_first_book_comes_when_its_reader_has_dealt_with_a_third_one_before_or_after():
    giver, asker, third, fourth = (reader(2) for _ in range(4))
    hand_over(giver, asker)
    assert first_books() == []
    hand_over(third, asker)
    assert first_books() == [giver, third]
    hand_over(fourth, third)
    assert first_books() == [giver, third, fourth]
    hand_over(giver, third)
    assert first_books() == [giver, third, fourth], "once each"
    assert_audit_is_clean()


def test_an_exchange_that_is_not_paid_yet_is_none_for_the_bean_of_a_first_book():
    readers = [reader(1) for _ in range(3)]
    for place, giver in enumerate(readers):
        hand_over(giver, readers[place - 1], days=0)
    assert first_books() == []
    assert sum(map(beans_of, readers)) == 0
    run_deadlines(NOW + 3 * DAY)
    assert first_books() == sorted(readers)


def test_who_gave_a_first_book_and_left_gets_no_bean_for_it():
    giver, asker = reader(0), reader(2)
    hand_over(giver, asker)
    leave(giver)
    third = reader(0)
    hand_over(third, asker, NOW + DAY)
    assert first_books() == [third]
    assert_audit_is_clean()
