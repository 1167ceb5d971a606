"""A newcomer's second bean comes with the first request of somebody who is not the newcomer under another name."""

from dataclasses import replace

import pytest

from app.rules.bean.earning import FirstRequest, earns_for_request
from app.rules.bean.economy import Economy

NOW = 1_800_000_000
WEEK = 7 * 86_400
KNOWN = FirstRequest(
    giver_confirmed=True,
    giver_rewarded=False,
    have_dealt=False,
    has_finished=False,
    confirmed_at=NOW - WEEK,
    has_brought_one=False,
)
FINISHED = {"has_finished": True, "confirmed_at": NOW, "has_brought_one": True}


@pytest.mark.parametrize(
    ("other", "earns"),
    [
        ({}, True),
        ({"confirmed_at": NOW - WEEK + 1}, False),
        ({"confirmed_at": None}, False),
        ({"has_brought_one": True}, False),
        (FINISHED, True),
        ({"have_dealt": True}, False),
        (FINISHED | {"have_dealt": True}, False),
        (FINISHED | {"giver_rewarded": True}, False),
        (FINISHED | {"giver_confirmed": False}, False),
    ],
)
def test_the_bean_for_a_first_request(other, earns):
    assert earns_for_request(replace(KNOWN, **other), NOW) is earns


def test_a_rehearsal_can_ask_for_a_longer_time():
    assert not earns_for_request(KNOWN, NOW, Economy(known_after=WEEK + 1))
