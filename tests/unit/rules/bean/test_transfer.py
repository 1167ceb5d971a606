"""Beans move between accounts and never appear or disappear."""

import pytest

from app.rules.bean import transfer as beans
from app.rules.bean.economy import IN_FORCE, Economy
from app.rules.bean.transfer import BeanMove, Reason, Transfer

ASKER, GIVER = "reader:1", "reader:2"


def test_a_request_costs_one_bean_each_reward_is_one_and_a_giver_is_made_whole_again_after_a_year():
    assert beans.PRICE_OF_A_REQUEST == IN_FORCE.price == 1
    assert IN_FORCE.for_confirming == IN_FORCE.for_first_request == IN_FORCE.for_first_book == 1
    assert IN_FORCE.whole_again_after == 365 * 86_400


@pytest.mark.parametrize(
    ("move", "source", "target", "reason", "key"),
    [
        (BeanMove.HOLD, ASKER, "escrow", Reason.ASKED, "drift:7:hold"),
        (BeanMove.RETURN, "escrow", ASKER, Reason.RETURNED, "drift:7:release"),
        (BeanMove.PAY, "escrow", GIVER, Reason.GIVEN, "drift:7:release"),
        (BeanMove.HOLD_LATE, ASKER, "escrow", Reason.ARRIVED_LATE, "drift:7:late"),
        (BeanMove.PAY_LATE, "escrow", GIVER, Reason.ARRIVED_LATE, "drift:7:late-release"),
    ],
)
def test_each_move_goes_from_its_source_to_its_target(move, source, target, reason, key):
    transfer = beans.transfer_for(move, 7, 3, asker=ASKER, giver=GIVER)
    assert transfer == Transfer(source, target, 3, reason, key)


def test_rewards_and_grants_come_from_the_mint_and_closed_accounts_go_back_to_it():
    assert beans.confirmation_reward(5) == Transfer("mint", "reader:5", 1, Reason.CONFIRMED, "confirmed:5")
    assert beans.first_request_reward(5) == Transfer("mint", "reader:5", 1, Reason.FIRST_REQUEST, "first-request:5")
    assert beans.first_book_reward(5) == Transfer("mint", "reader:5", 1, Reason.FIRST_BOOK, "first-book:5")
    assert beans.grant(5, 4, "spring") == Transfer("mint", "reader:5", 4, Reason.GRANTED, "grant:spring")
    assert beans.closing(5, 9) == Transfer("reader:5", "mint", 9, Reason.ACCOUNT_CLOSED, "closed:5")


def test_an_account_name_tells_its_reader():
    assert beans.reader_of(beans.reader_account(12)) == 12
    assert beans.reader_of("escrow") is None
    assert beans.reader_of("mint") is None


def test_stored_words_stay_the_same():
    assert [move.value for move in BeanMove] == ["hold", "return", "pay", "hold_late", "pay_late"]
    assert [reason.value for reason in Reason] == [
        "asked",
        "returned",
        "given",
        "arrived_late",
        "confirmed",
        "first_book",
        "granted",
        "account_closed",
        "made_whole",
        "first_request",
        "asleep",
        "awake",
        "from_pool",
        "insured",
        "covered",
        "redressed",
    ]


@pytest.mark.parametrize(
    ("tracking", "last", "paid"),
    [("SF1", None, True), ("", None, False), (None, None, False), ("SF1", 1_000, False), ("SF1", 999, True)],
)
def test_the_pool_pays_for_a_lost_book_with_a_tracking_number_once_a_year(tracking, last, paid):
    assert beans.may_be_made_whole(tracking, last, 999 + IN_FORCE.whole_again_after) is paid


def test_what_makes_a_giver_whole_comes_from_the_pool_once_a_drift():
    assert beans.making_whole(7, 2, GIVER) == Transfer("pool", GIVER, 2, Reason.MADE_WHOLE, "drift:7:whole")


def test_a_rehearsal_can_pay_other_rewards():
    other = Economy(for_confirming=3, for_first_request=4, for_first_book=5)
    rewards = beans.confirmation_reward, beans.first_request_reward, beans.first_book_reward
    assert [reward(1, other).amount for reward in rewards] == [3, 4, 5]
