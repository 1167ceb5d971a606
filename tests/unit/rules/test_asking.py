"""Who may ask for a copy."""

import pytest

from app.rules.asking import (
    Copy,
    Standing,
    ensure_may_ask,
    find_copy_refusal,
    find_refusal,
    find_standing_refusal,
)
from app.rules.drift import CopyState
from app.rules.refusals import (
    AlreadyAsked,
    CopyAlreadyReserved,
    CopyKeptForAnother,
    CopyNotOpen,
    EmailNotConfirmed,
    GiveBeforeAskingAgain,
    NotEnoughBeans,
    OwnGift,
    TooManyOpenRequests,
)

ASKER, GIVER, OTHER, NOW = 1, 2, 3, 1_000_000
FINE = Standing(confirmed=True, beans=1)
OPEN = Copy(GIVER, CopyState.OPEN)


def test_a_confirmed_reader_with_a_bean_may_ask_for_an_open_copy():
    assert find_refusal(ASKER, FINE, OPEN, NOW) is None
    ensure_may_ask(ASKER, FINE, OPEN, NOW)


@pytest.mark.parametrize(
    ("standing", "refusal", "facts"),
    [
        (Standing(False, 1), EmailNotConfirmed, {}),
        (Standing(True, 0), NotEnoughBeans, {"beans": 0, "price": 1}),
        (Standing(True, 1), None, {}),
        (Standing(True, 5, under_way=1), TooManyOpenRequests, {"limit": 1, "newcomer": True}),
        (Standing(True, 5, received=1, under_way=0), None, {}),
        (Standing(True, 5, 1, 1), GiveBeforeAskingAgain, {"received": 2, "given": 0}),
        (Standing(True, 5, received=2), GiveBeforeAskingAgain, {"received": 2, "given": 0}),
        (Standing(True, 5, received=2, given=1), None, {}),
        (Standing(True, 5, received=3, given=1), None, {}),
        (Standing(True, 5, 4, 0, 1), GiveBeforeAskingAgain, {"received": 4, "given": 1}),
        (Standing(True, 5, received=2, under_way=1, given=1), None, {}),
        (Standing(True, 5, 2, 2, 1), GiveBeforeAskingAgain, {"received": 4, "given": 1}),
        (Standing(True, 5, under_way=2, given=1), None, {}),
        (Standing(True, 5, 0, 3, 9), TooManyOpenRequests, {"limit": 3, "newcomer": False}),
        (Standing(True, 5, 1, 3, 9), TooManyOpenRequests, {"limit": 3, "newcomer": False}),
    ],
)  # fmt: skip
def test_standing_decides_who_may_ask(standing, refusal, facts):
    found = find_standing_refusal(standing)
    if refusal is None:
        assert found is None
        return
    assert type(found) is refusal
    assert vars(found) == facts
    with pytest.raises(refusal):
        ensure_may_ask(ASKER, standing, OPEN, NOW)


@pytest.mark.parametrize(
    ("copy", "refusal", "facts"),
    [
        (OPEN, None, {}),
        (Copy(ASKER, CopyState.OPEN), OwnGift, {}),
        (Copy(GIVER, CopyState.RESERVED), CopyAlreadyReserved, {}),
        (Copy(GIVER, CopyState.RESERVED, asker_id=OTHER), CopyAlreadyReserved, {}),
        (Copy(GIVER, CopyState.RESERVED, asker_id=ASKER), AlreadyAsked, {}),
        (Copy(GIVER, CopyState.GIVEN), CopyNotOpen, {"state": "given"}),
        (Copy(GIVER, CopyState.WITHDRAWN), CopyNotOpen, {"state": "withdrawn"}),
        (Copy(GIVER, CopyState.HIDDEN), CopyNotOpen, {"state": "hidden"}),
        (Copy(GIVER, CopyState.OPEN, ASKER, NOW + 1), None, {}),
        (Copy(GIVER, CopyState.OPEN, OTHER, NOW + 1), CopyKeptForAnother, {"until": NOW + 1}),
        (Copy(GIVER, CopyState.OPEN, OTHER, NOW), None, {}),
        (Copy(GIVER, CopyState.OPEN, OTHER, None), None, {}),
    ],
)  # fmt: skip
def test_the_copy_decides_who_may_ask(copy, refusal, facts):
    found = find_copy_refusal(ASKER, copy, NOW)
    assert type(found) is (refusal or type(None))
    if found is not None:
        assert vars(found) == facts


def test_a_reader_is_told_about_the_copy_before_their_own_standing():
    refused = find_refusal(ASKER, Standing(False, 0), Copy(ASKER, CopyState.OPEN), NOW)
    assert type(refused) is OwnGift


def test_a_request_needs_the_copy_to_be_free_for_this_reader_at_this_time():
    for_asker = Copy(GIVER, CopyState.OPEN, ASKER, NOW + 1)
    for_other = Copy(GIVER, CopyState.OPEN, OTHER, NOW + 1)
    ensure_may_ask(ASKER, FINE, for_asker, NOW)
    ensure_may_ask(ASKER, FINE, for_other, NOW + 1)
    with pytest.raises(CopyKeptForAnother):
        ensure_may_ask(ASKER, FINE, for_other, NOW)
    assert type(find_refusal(ASKER, FINE, for_other, NOW)) is CopyKeptForAnother


def test_a_newcomer_is_who_never_finished_an_exchange_in_either_role():
    assert Standing(True, 0).is_newcomer
    assert not Standing(True, 0, received=1).is_newcomer
    assert not Standing(True, 0, given=1).is_newcomer
    assert (Standing(True, 0).limit, Standing(True, 0, given=1).limit) == (1, 3)
