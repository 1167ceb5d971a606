"""Until when what was said can be changed."""

import pytest

from app.rules.correction.editing import (
    MOST_ADDRESSES,
    ensure_may_change_address,
    ensure_may_change_tracking,
    ensure_may_edit,
)
from app.rules.exchange.drift import CopyState, DriftState
from app.rules.exchange.refusals import ChangedTooOften, TooLateToChange


def _in(states, state, change, *arguments):
    """Assert that the change is possible in these states only."""
    if state in states:
        change(state, *arguments)
    else:
        with pytest.raises(TooLateToChange) as refused:
            change(state, *arguments)
        assert refused.value.state == state


@pytest.mark.parametrize("state", CopyState)
def test_what_is_said_about_a_copy_can_be_changed_while_nobody_has_asked_for_it(state):
    _in({"open", "hidden", "held"}, state, ensure_may_edit)


@pytest.mark.parametrize("state", DriftState)
def test_the_tracking_number_can_be_changed_while_the_book_is_on_its_way(state):
    _in({"mailed"}, state, ensure_may_change_tracking)


@pytest.mark.parametrize("state", DriftState)
def test_the_address_can_be_changed_until_the_book_is_mailed(state):
    _in({"waiting", "accepted"}, state, ensure_may_change_address, 0)


def test_the_address_of_a_request_can_be_changed_three_times():
    assert MOST_ADDRESSES == 3
    ensure_may_change_address(DriftState.ACCEPTED, 2)
    with pytest.raises(ChangedTooOften) as refused:
        ensure_may_change_address(DriftState.ACCEPTED, 3)
    assert refused.value.limit == 3
