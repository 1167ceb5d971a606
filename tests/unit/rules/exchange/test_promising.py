"""How many books a giver may have promised at a time."""

import pytest

from app.rules.exchange.promising import CANCELLED_COUNTS, GiverFacts, ensure_may_accept
from app.rules.exchange.refusals import TooManyPromises


@pytest.mark.parametrize(
    ("given", "promised", "facts"),
    [
        (0, 0, None),
        (0, 1, {"limit": 1, "newcomer": True}),
        (0, 3, {"limit": 1, "newcomer": True}),
        (1, 2, None),
        (1, 3, {"limit": 3, "newcomer": False}),
        (900, 3, {"limit": 3, "newcomer": False}),
    ],
)
def test_a_giver_holds_one_address_at_a_time_until_a_first_book_has_arrived_and_three_after_it(given, promised, facts):
    giver = GiverFacts(given, promised)
    if facts is None:
        ensure_may_accept(giver)
        return
    with pytest.raises(TooManyPromises) as refused:
        ensure_may_accept(giver)
    assert vars(refused.value) == facts


def test_a_cancelled_promise_counts_as_long_as_a_book_may_take_to_be_mailed():
    assert CANCELLED_COUNTS == 7 * 24 * 3600


def test_what_is_not_said_of_a_giver_counts_nothing():
    assert GiverFacts() == GiverFacts(given=0, promised=0)
