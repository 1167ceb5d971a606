"""Every state, action and actor of a drift, written out."""

import itertools

import pytest

from app.rules.exchange.drift import (
    ADDRESS_SHOWN,
    BY_POST,
    STATES,
    UNDER_WAY,
    Action,
    CopyState,
    DriftState,
    MailKind,
    Role,
    Transition,
    actions_of,
    clock_actions,
    ends_by_leaving,
    states_of_turn,
    transition_for,
)
from app.rules.exchange.refusals import AlreadyDone, NotYourMove

ALLOWED = """
-         ask      asker  waiting    hold      reserved   giver:drift_asked
waiting   accept   giver  accepted   -         -          asker:drift_accepted
waiting   reject   giver  rejected   return    open       asker:drift_rejected
waiting   redraw   asker  withdrawn  return    open       giver:drift_withdrawn
waiting   lapse    clock  expired    return    hidden     asker:drift_expired,giver:copy_hidden
waiting   leave    asker  withdrawn  return    open       giver:drift_withdrawn
waiting   leave    giver  rejected   return    withdrawn  asker:drift_rejected
accepted  redraw   asker  withdrawn  return    open       giver:drift_withdrawn
accepted  mailed   giver  mailed     -         -          asker:drift_mailed
accepted  lapse    clock  expired    return    hidden     asker:drift_expired,giver:copy_hidden
accepted  leave    asker  withdrawn  return    open       giver:drift_withdrawn
accepted  leave    giver  rejected   return    withdrawn  asker:drift_rejected
mailed    remind   clock  mailed     -         -          asker:drift_reminder
mailed    received asker  received   pay       given      giver:drift_received
mailed    received clock  received   pay       given      giver:drift_received,asker:drift_assumed_received
mailed    leave    asker  received   pay       given      giver:drift_received
mailed    missing  asker  missing    return    given      giver:drift_missing
missing   received asker  received   hold_late -          giver:drift_received
"""


def _or_none(word):
    return None if word == "-" else word


EXPECTED = {}
for line in ALLOWED.strip().splitlines():
    state, action, role, to, move, copy, mails = line.split()
    EXPECTED[(_or_none(state), action, role)] = (
        to,
        _or_none(move),
        _or_none(copy),
        [tuple(mail.split(":")) for mail in mails.split(",")],
    )

EVERY = list(itertools.product([None, *DriftState], Action, Role))


@pytest.mark.parametrize(("state", "action", "role"), EVERY)
def test_each_state_action_and_actor_does_what_the_table_says(state, action, role):
    expected = EXPECTED.get((state, action, role))
    if expected:
        step = transition_for(state, action, role)
        assert (step.to, step.beans, step.copy, list(step.mails)) == expected
        return
    someone_may = any((action, role) == key[1:] for key in EXPECTED)
    with pytest.raises(AlreadyDone if someone_may else NotYourMove) as refused:
        transition_for(state, action, role)
    facts = {"state": state, "action": action} if someone_may else {"action": action, "role": role}
    assert vars(refused.value) == facts


def test_the_table_has_no_row_that_is_not_written_here():
    assert set(BY_POST) == set(EXPECTED)


def test_buttons_are_those_that_the_table_allows():
    assert actions_of(DriftState.WAITING, Role.GIVER) == (Action.ACCEPT, Action.REJECT)
    assert actions_of(DriftState.WAITING, Role.ASKER) == (Action.REDRAW,)
    assert actions_of(DriftState.ACCEPTED, Role.GIVER) == (Action.MAILED,)
    assert actions_of(DriftState.ACCEPTED, Role.ASKER) == (Action.REDRAW,)
    assert actions_of(DriftState.MAILED, Role.ASKER) == (Action.RECEIVED, Action.MISSING)
    assert actions_of(DriftState.MAILED, Role.GIVER) == ()
    assert actions_of(DriftState.MISSING, Role.ASKER) == (Action.RECEIVED,)
    for state in (DriftState.RECEIVED, DriftState.REJECTED, DriftState.EXPIRED):
        assert actions_of(state, Role.ASKER) == actions_of(state, Role.GIVER) == ()


def test_a_drift_under_way_holds_a_bean_and_any_way_out_releases_it_once():
    for (state, _, _), step in BY_POST.items():
        leaves = state in UNDER_WAY and step.to not in UNDER_WAY
        assert (step.beans in ("return", "pay")) == leaves
        assert (step.beans == "hold") == (state is None)


def test_the_copy_is_reserved_exactly_while_the_drift_is_under_way():
    for (state, _, _), step in BY_POST.items():
        leaves = state in UNDER_WAY and step.to not in UNDER_WAY
        assert (step.copy == "reserved") == (state is None)
        assert (step.copy not in (None, "reserved")) == leaves


def test_the_giver_reads_the_address_from_acceptance_on_and_never_after_a_refusal():
    assert {"accepted", "mailed", "received", "missing"} == ADDRESS_SHOWN
    assert {"waiting", "accepted", "mailed"} == UNDER_WAY


MEANING = """
waiting    giver  answer_days   under_way
accepted   giver  mail_days     under_way promised address
mailed     asker  receipt_days  under_way promised address
received   -      -             address
missing    -      -             address
rejected   -      -             nothing
withdrawn  -      -             nothing
expired    -      -             nothing
"""


def test_each_state_means_what_is_written_here():
    words = {"is_under_way": "under_way", "is_promised": "promised", "shows_address": "address"}
    words["came_to_nothing"] = "nothing"
    lines = [
        [
            state,
            facts.turn or "-",
            facts.deadline or "-",
            *(word for name, word in words.items() if getattr(facts, name)),
        ]
        for state, facts in STATES.items()
    ]
    assert lines == [line.split() for line in MEANING.strip().splitlines()]


@pytest.mark.parametrize(
    ("role", "states"), [(Role.GIVER, {"waiting", "accepted"}), (Role.ASKER, {"mailed"}), (Role.CLOCK, set())]
)
def test_each_side_is_the_one_to_act_in_some_states(role, states):
    assert states_of_turn(role) == states


@pytest.mark.parametrize("state", DriftState)
def test_a_state_that_holds_something_has_a_way_out_and_others_have_no_deadline(state):
    facts = STATES[state]
    assert bool(facts.turn) == bool(facts.deadline) == bool(clock_actions(state)) == facts.is_under_way
    assert not (facts.came_to_nothing and facts.shows_address)
    assert ends_by_leaving(state, Role.ASKER) is facts.is_under_way


def test_a_step_that_says_nothing_changes_neither_beans_nor_copy():
    step = Transition(DriftState.MAILED)
    assert (step.beans, step.copy, step.mails) == (None, None, ())


STORED = {
    DriftState: "waiting accepted mailed received missing rejected withdrawn expired",
    CopyState: "open reserved given withdrawn hidden",
    Action: "ask accept reject redraw mailed received missing remind lapse leave",
    Role: "asker giver clock",
}


@pytest.mark.parametrize("words", STORED)
def test_stored_words_stay_the_same(words):
    assert " ".join(words) == STORED[words]


def test_the_letters_of_the_wish_queue_keep_their_names():
    assert MailKind.OFFERED == "wish_offered"
    assert MailKind.OFFER_ENDED == "wish_offer_ended"
