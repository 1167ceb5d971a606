"""Who is offered a copy first."""

from dataclasses import replace

import pytest

from app.rules.exchange.asking import AskerFacts
from app.rules.exchange.refusals import (
    EditionNotWanted,
    OfferedBefore,
    OfferedToday,
    OwnWish,
    WisherMayNotAsk,
    WishGone,
    WishHasAnOffer,
)
from app.rules.exchange.wish_queue import Wisher, find_next, find_offer_refusal

GIVER = 9
ABLE = AskerFacts(confirmed=True, beans=1)
BROKE = AskerFacts(confirmed=True, beans=0)
FIRST = Wisher(wish_id=31, reader_id=1, since=100, facts=ABLE)
SECOND = Wisher(wish_id=30, reader_id=2, since=200, facts=ABLE)
THIRD = Wisher(wish_id=32, reader_id=3, since=200, facts=ABLE)


def test_the_longest_waiting_reader_comes_first_and_ties_go_by_wish():
    assert find_next([THIRD, SECOND, FIRST], GIVER) is FIRST
    assert find_next([THIRD, SECOND], GIVER) is SECOND


def test_nobody_is_offered_a_copy_when_nobody_waits():
    assert find_next([], GIVER) is None


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"reader_id": GIVER}, OwnWish),
        ({"is_open": False}, WishGone),
        ({"has_offer": True}, WishHasAnOffer),
        ({"had_this_copy": True}, OfferedBefore),
        ({"had_one_today": True}, OfferedToday),
        ({"is_getting_one": True}, WisherMayNotAsk),
        ({"refused_edition": True}, EditionNotWanted),
        ({"facts": BROKE}, WisherMayNotAsk),
    ],
)
def test_who_can_not_take_it_is_passed_over(change, refusal):
    passed_over = replace(FIRST, **change)
    assert type(find_offer_refusal(passed_over, GIVER)) is refusal
    assert find_next([passed_over, SECOND], GIVER) is SECOND
    assert find_next([passed_over], GIVER) is None


def test_who_can_take_it_is_not_refused():
    assert find_offer_refusal(FIRST, GIVER) is None
