"""When the giver of a book that has arrived is paid."""

import pytest

from app.rules.clock import DAY
from app.rules.exchange.drift import Way
from app.rules.exchange.payment import is_hasty, is_put_off, pay_time, waits_for_a_gift
from app.rules.exchange.undo import UNDO_WINDOW

MAILED = 1_800_000_000


@pytest.mark.parametrize(("seconds", "hasty"), [(0, True), (DAY - 1, True), (DAY, False), (9 * DAY, False)])
def test_a_book_that_arrives_within_a_day_is_hasty(seconds, hasty):
    assert is_hasty(Way.POST, MAILED - 9 * DAY, MAILED, MAILED + seconds) == hasty
    assert is_hasty(Way.MEET, MAILED, MAILED + seconds, MAILED + seconds) == hasty


@pytest.mark.parametrize(
    ("has_given", "paid_before", "waits"),
    [(False, False, False), (False, True, True), (True, False, False), (True, True, False)],
)
def test_only_the_second_payment_waits_and_only_for_those_who_never_gave(has_given, paid_before, waits):
    assert waits_for_a_gift(has_given, paid_before) == waits


def test_a_payment_later_than_three_days_after_arrival_was_put_off():
    assert [is_put_off(MAILED, MAILED + days * DAY) for days in (3, 4, 5)] == [False, True, True]
    assert not is_put_off(MAILED, MAILED + UNDO_WINDOW)


@pytest.mark.parametrize(("seconds", "later"), [(DAY - 1, 3 * DAY), (DAY, 600)])
def test_a_giver_is_paid_when_the_receipt_can_not_be_undone_any_more_or_days_later_if_it_was_hasty(seconds, later):
    arrived = MAILED + seconds
    assert pay_time(Way.POST, MAILED - 9 * DAY, MAILED, arrived) == arrived + later
    assert pay_time(Way.MEET, MAILED, arrived, arrived) == arrived + later
