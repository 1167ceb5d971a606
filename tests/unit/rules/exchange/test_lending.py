"""Until when a book is lent, and when a loan is extended."""

import pytest

from app.rules.clock import DAY
from app.rules.exchange.drift import DriftState
from app.rules.exchange.lending import end_of_loan, ensure_may_say_given_back, extend
from app.rules.exchange.refusals import ExtendedBefore, LoanIsOver, SaidTooOften, SomebodyWaits

NOW = 1_000_000


@pytest.mark.parametrize(
    ("to", "days", "before", "end"),
    [
        (DriftState.LENT, 30, None, NOW + 30 * DAY),
        (DriftState.LENT, 30, 77, 77),
        (DriftState.LENT, None, None, None),
        (DriftState.GIVEN_BACK, 30, 77, 77),
        (DriftState.MAILED, 30, None, None),
    ],
)
def test_a_loan_begins_when_the_book_arrives_and_goes_on_when_its_lender_objects(to, days, before, end):
    assert end_of_loan(to, days, before, NOW) == end


@pytest.mark.parametrize(
    ("until", "extensions", "waits", "refusal"),
    [
        (NOW + 1, 0, False, None),
        (NOW + 1, 1, False, ExtendedBefore),
        (NOW, 0, False, LoanIsOver),
        (NOW + 1, 0, True, SomebodyWaits),
    ],
)
def test_a_loan_is_extended_once_in_time_and_while_nobody_waits(until, extensions, waits, refusal):
    if refusal is None:
        assert extend(14, until, extensions, waits, NOW) == until + 14 * DAY
        return
    with pytest.raises(refusal):
        extend(14, until, extensions, waits, NOW)


def test_a_borrower_whose_lender_objects_says_three_times_at_most_that_the_book_is_back():
    ensure_may_say_given_back(2)
    with pytest.raises(SaidTooOften, match="3"):
        ensure_may_say_given_back(3)
