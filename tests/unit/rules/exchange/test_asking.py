"""Who may ask for a copy."""

from dataclasses import replace

import pytest

from app.rules.exchange.asking import (
    ABSENCES_COUNT,
    DAY,
    MISSING_COUNTS,
    AskerFacts,
    RequestedGift,
    ensure_may_ask,
    find_asker_refusal,
    find_copy_refusal,
    find_refusal,
)
from app.rules.exchange.drift import CopyState
from app.rules.exchange.refusals import (
    AlreadyAsked,
    AskedLately,
    BooksStillMissing,
    CopyAlreadyReserved,
    CopyKeptForAnother,
    CopyNotOpen,
    EmailNotConfirmed,
    GiveBeforeAskingAgain,
    NotEnoughBeans,
    OwnGift,
    TooManyOpenRequests,
    TooManyToOneGiver,
)

ASKER, GIVER, OTHER, NOW = 1, 2, 3, 1_000_000
FINE = AskerFacts(confirmed=True, beans=1)
OPEN = RequestedGift(GIVER, CopyState.OPEN)


def too_many(limit, newcomer, kept=0, absences=0):
    return {"limit": limit, "newcomer": newcomer, "kept": kept, "absences": absences}


def test_a_confirmed_reader_with_a_bean_may_ask_for_an_open_copy():
    assert find_refusal(ASKER, FINE, OPEN, NOW) is None
    ensure_may_ask(ASKER, FINE, OPEN, NOW)


def test_what_is_not_said_of_a_reader_or_a_copy_counts_nothing():
    assert AskerFacts(True, 1, 0, 0, 0, 0, missing_givers=0, kept=0, absences=0) == FINE
    assert RequestedGift(GIVER, CopyState.OPEN, None, None, None, ended_at=None, asked_today=0) == OPEN


def test_missing_books_count_for_half_a_year():
    assert MISSING_COUNTS == 180 * DAY


def test_who_did_not_come_three_times_in_ninety_days_may_have_one_request():
    assert ABSENCES_COUNT == 90 * DAY
    assert [AskerFacts(True, 1, received=1, absences=times).limit for times in (0, 2, 3, 4)] == [3, 3, 1, 1]


@pytest.mark.parametrize(
    ("asker", "refusal", "facts"),
    [
        (AskerFacts(False, 1), EmailNotConfirmed, {}),
        (AskerFacts(True, 0), NotEnoughBeans, {"beans": 0, "price": 1}),
        (AskerFacts(True, 1), None, {}),
        (AskerFacts(True, 5, under_way=1), TooManyOpenRequests, too_many(1, newcomer=True, kept=0)),
        (AskerFacts(True, 5, kept=1), TooManyOpenRequests, too_many(1, newcomer=True, kept=1)),
        (AskerFacts(True, 5, 0, 2, 9, kept=1), TooManyOpenRequests, too_many(3, newcomer=False, kept=1)),
        (AskerFacts(True, 5, 0, 3, 9, kept=1), TooManyOpenRequests, too_many(3, newcomer=False, kept=0)),
        (AskerFacts(True, 5, received=1, kept=1), GiveBeforeAskingAgain, {"received": 2, "given": 0}),
        (AskerFacts(True, 5, received=1, under_way=0), None, {}),
        (AskerFacts(True, 5, 1, 1), GiveBeforeAskingAgain, {"received": 2, "given": 0}),
        (AskerFacts(True, 5, received=2), GiveBeforeAskingAgain, {"received": 2, "given": 0}),
        (AskerFacts(True, 5, received=2, given=1), None, {}),
        (AskerFacts(True, 5, received=3, given=1), None, {}),
        (AskerFacts(True, 5, 4, 0, 1), GiveBeforeAskingAgain, {"received": 4, "given": 1}),
        (AskerFacts(True, 5, received=2, under_way=1, given=1), None, {}),
        (AskerFacts(True, 5, 2, 2, 1), GiveBeforeAskingAgain, {"received": 4, "given": 1}),
        (AskerFacts(True, 5, under_way=2, given=1), None, {}),
        (AskerFacts(True, 5, 0, 3, 9), TooManyOpenRequests, too_many(3, newcomer=False, kept=0)),
        (AskerFacts(True, 5, 9, 1, 9, absences=2), None, {}),
        (AskerFacts(True, 5, 9, 0, 9, absences=3), None, {}),
        (AskerFacts(True, 5, 9, 1, 9, absences=3), TooManyOpenRequests, too_many(1, newcomer=False, absences=3)),
        (AskerFacts(True, 5, received=1, given=0, missing=1), GiveBeforeAskingAgain, {"received": 2, "given": 0}),
        (AskerFacts(True, 5, missing=1, missing_givers=1), None, {}),
        (AskerFacts(True, 5, given=9, missing=2, missing_givers=1), None, {}),
        (AskerFacts(True, 5, given=9, missing=2, missing_givers=2), BooksStillMissing, {"missing": 2}),
        (AskerFacts(True, 5, 1, 3, 9), TooManyOpenRequests, too_many(3, newcomer=False, kept=0)),
    ],
)  # fmt: skip
def test_standing_decides_who_may_ask(asker, refusal, facts):
    found = find_asker_refusal(asker)
    if refusal is None:
        assert found is None
        return
    assert type(found) is refusal
    assert vars(found) == facts
    with pytest.raises(refusal):
        ensure_may_ask(ASKER, asker, OPEN, NOW)


@pytest.mark.parametrize(
    ("copy", "refusal", "facts"),
    [
        (OPEN, None, {}),
        (RequestedGift(ASKER, CopyState.OPEN), OwnGift, {}),
        (RequestedGift(GIVER, CopyState.RESERVED), CopyAlreadyReserved, {}),
        (RequestedGift(GIVER, CopyState.RESERVED, asker_id=OTHER), CopyAlreadyReserved, {}),
        (RequestedGift(GIVER, CopyState.RESERVED, asker_id=ASKER), AlreadyAsked, {}),
        (RequestedGift(GIVER, CopyState.GIVEN), CopyNotOpen, {"state": "given"}),
        (RequestedGift(GIVER, CopyState.WITHDRAWN), CopyNotOpen, {"state": "withdrawn"}),
        (RequestedGift(GIVER, CopyState.HIDDEN), CopyNotOpen, {"state": "hidden"}),
        (RequestedGift(GIVER, CopyState.OPEN, ASKER, NOW + 1), None, {}),
        (RequestedGift(GIVER, CopyState.OPEN, OTHER, NOW + 1), CopyKeptForAnother, {"until": NOW + 1}),
        (RequestedGift(GIVER, CopyState.OPEN, OTHER, NOW), None, {}),
        (RequestedGift(GIVER, CopyState.OPEN, OTHER, None), None, {}),
        (RequestedGift(GIVER, CopyState.OPEN, ended_at=NOW - 7 * DAY), None, {}),
        (RequestedGift(GIVER, CopyState.OPEN, ended_at=NOW - 7 * DAY + 1), AskedLately, {"possible_from": NOW + 1}),
        (RequestedGift(GIVER, CopyState.OPEN, asked_today=2), None, {}),
        (RequestedGift(GIVER, CopyState.OPEN, asked_today=3), TooManyToOneGiver, {"limit": 3}),
    ],
)  # fmt: skip
def test_the_copy_decides_who_may_ask(copy, refusal, facts):
    found = find_copy_refusal(ASKER, copy, NOW)
    assert type(found) is (refusal or type(None))
    if found is not None:
        assert vars(found) == facts


def test_a_reader_is_told_about_the_copy_before_their_own_standing():
    refused = find_refusal(ASKER, AskerFacts(False, 0), RequestedGift(ASKER, CopyState.OPEN), NOW)
    assert type(refused) is OwnGift


def test_a_request_needs_the_copy_to_be_free_for_this_reader_at_this_time():
    for_asker = RequestedGift(GIVER, CopyState.OPEN, ASKER, NOW + 1)
    for_other = RequestedGift(GIVER, CopyState.OPEN, OTHER, NOW + 1)
    ensure_may_ask(ASKER, FINE, for_asker, NOW)
    ensure_may_ask(ASKER, FINE, for_other, NOW + 1)
    with pytest.raises(CopyKeptForAnother):
        ensure_may_ask(ASKER, FINE, for_other, NOW)
    assert type(find_refusal(ASKER, FINE, for_other, NOW)) is CopyKeptForAnother


def test_a_newcomer_is_who_never_finished_an_exchange_in_either_role():
    assert AskerFacts(True, 0).is_newcomer
    assert not AskerFacts(True, 0, received=1).is_newcomer
    assert not AskerFacts(True, 0, given=1).is_newcomer
    assert (AskerFacts(True, 0).limit, AskerFacts(True, 0, given=1).limit) == (1, 3)


def test_a_copy_that_is_kept_for_the_reader_takes_its_own_place_among_those_under_way():
    facts = AskerFacts(True, 1, kept=1)
    kept = RequestedGift(GIVER, CopyState.OPEN, ASKER, NOW + 1)
    assert find_refusal(ASKER, facts, kept, NOW) is None
    assert type(find_refusal(ASKER, facts, OPEN, NOW)) is TooManyOpenRequests
    assert type(find_refusal(ASKER, facts, kept, NOW + 1)) is TooManyOpenRequests
    assert type(find_refusal(ASKER, replace(facts, kept=2), kept, NOW)) is TooManyOpenRequests
