"""What may be added to the gift and wish lists, and removed from them."""

import pytest

from app.rules.exchange import listing
from app.rules.exchange.drift import CopyState
from app.rules.exchange.refusals import (
    AlreadyWished,
    GiftGone,
    GiftReserved,
    ListsThisBook,
    TooManyWishes,
    WishedForThisBook,
)


def test_a_reader_does_not_offer_what_they_wish_for():
    listing.ensure_may_offer(wishes_for_it=False)
    with pytest.raises(WishedForThisBook):
        listing.ensure_may_offer(wishes_for_it=True)


def test_a_reader_wishes_once_and_not_for_what_they_list():
    few = {"open_wishes": 0, "is_newcomer": True}
    listing.ensure_may_wish(lists_it=False, wishes_for_it=False, **few)
    with pytest.raises(ListsThisBook):
        listing.ensure_may_wish(lists_it=True, wishes_for_it=True, **few)
    with pytest.raises(AlreadyWished):
        listing.ensure_may_wish(lists_it=False, wishes_for_it=True, **few)


@pytest.mark.parametrize(("is_newcomer", "limit"), [(True, 5), (False, 50)])
def test_a_reader_has_few_open_wishes_and_more_after_the_first_exchange(is_newcomer, limit):
    listing.ensure_may_wish(False, False, limit - 1, is_newcomer)
    with pytest.raises(TooManyWishes) as refused:
        listing.ensure_may_wish(False, False, limit, is_newcomer)
    assert vars(refused.value) == {"limit": limit, "newcomer": is_newcomer}


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        ("open", None),
        ("hidden", None),
        ("reserved", GiftReserved),
        ("given", GiftGone),
        ("withdrawn", GiftGone),
    ],
)
def test_a_copy_is_withdrawn_from_open_or_hidden_only(state, refusal):
    if refusal is None:
        listing.ensure_may_withdraw(CopyState(state))
        return
    with pytest.raises(refusal) as refused:
        listing.ensure_may_withdraw(CopyState(state))
    assert vars(refused.value) == ({"state": state} if refusal is GiftGone else {})


@pytest.mark.parametrize("state", CopyState)
def test_only_a_hidden_copy_is_brought_back(state):
    if state == "hidden":
        listing.ensure_may_bring_back(state)
        return
    with pytest.raises(GiftGone) as refused:
        listing.ensure_may_bring_back(state)
    assert vars(refused.value) == {"state": state}


def test_stored_words_stay_the_same():
    assert [c.value for c in listing.Condition] == ["new", "very_good", "good", "worn"]
    assert [w.value for w in listing.WishState] == ["open", "granted", "withdrawn"]
    assert {"open", "reserved"} == listing.LISTED
    assert {"open", "hidden", "held"} == listing.WITHDRAWABLE
