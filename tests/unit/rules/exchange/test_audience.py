"""The rules of circles for copies that are for them alone."""

import pytest

from app.rules.exchange.audience import (
    CircleRules,
    NoLendingInCircle,
    NoSharedCircle,
    OtherWaysInCircle,
    ensure_suits,
    find_inside_refusal,
    ways_inside,
)
from app.rules.exchange.drift import Way

IN_PERSON = CircleRules("近邻", (Way.MEET, Way.PLACE))
FOR_GOOD = CircleRules("读书会", lends=False)


@pytest.mark.parametrize(
    ("shared", "ways", "is_lent", "expected"),
    [
        ([], ["post"], False, NoSharedCircle),
        ([IN_PERSON], ["post"], False, OtherWaysInCircle),
        ([IN_PERSON], ["post", "meet"], False, None),
        ([FOR_GOOD], ["meet"], True, NoLendingInCircle),
        ([FOR_GOOD], ["meet"], False, None),
        ([FOR_GOOD, IN_PERSON], ["meet"], True, None),
        ([FOR_GOOD, IN_PERSON], ["post"], True, NoLendingInCircle),
        ([IN_PERSON, FOR_GOOD], ["post"], False, None),
    ],
)
def test_one_shared_circle_that_allows_it_is_enough(shared, ways, is_lent, expected):
    refusal = find_inside_refusal(shared, ways, is_lent)
    assert (type(refusal) if refusal else None) is expected


def test_a_reader_can_choose_the_ways_that_a_shared_circle_allows():
    assert ways_inside([IN_PERSON], (Way.POST, Way.MEET), False) == (Way.MEET,)
    assert ways_inside([FOR_GOOD], (Way.POST, Way.MEET), True) == ()


def test_a_copy_has_to_suit_each_circle_for_which_it_is_listed():
    with pytest.raises(OtherWaysInCircle) as refused:
        ensure_suits([FOR_GOOD, IN_PERSON], [Way.POST], False)
    assert refused.value.circle == "近邻"
    ensure_suits([FOR_GOOD, IN_PERSON], [Way.POST, Way.MEET], False)
