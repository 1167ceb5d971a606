"""What may be put on, and taken off, the gift and wish lists."""

import pytest

from app.rules import listing
from app.rules.drift import CopyState
from app.rules.refusals import (
    AlreadyWished,
    GiftGone,
    GiftReserved,
    ListsThisBook,
    WishedForThisBook,
)


def test_a_reader_does_not_offer_what_they_wish_for():
    listing.ensure_may_offer(wishes_for_it=False)
    with pytest.raises(WishedForThisBook):
        listing.ensure_may_offer(wishes_for_it=True)


def test_a_reader_wishes_once_and_not_for_what_they_list():
    listing.ensure_may_wish(lists_it=False, wishes_for_it=False)
    with pytest.raises(ListsThisBook):
        listing.ensure_may_wish(lists_it=True, wishes_for_it=True)
    with pytest.raises(AlreadyWished):
        listing.ensure_may_wish(lists_it=False, wishes_for_it=True)


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
    assert {"open", "hidden"} == listing.WITHDRAWABLE
