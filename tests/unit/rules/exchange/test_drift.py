"""Every state, action and actor of a drift, written out."""

import itertools
from dataclasses import replace

import pytest

from app.rules.exchange.drift import (
    ADDRESS_SHOWN,
    STATES,
    TO_HAND_OVER,
    UNDER_WAY,
    Action,
    CopyState,
    DriftState,
    MailKind,
    Role,
    Way,
    facts_of,
    states_of_turn,
)
from app.rules.exchange.refusals import AlreadyDone, NotYourMove
from app.rules.exchange.steps import (
    STEPS,
    Transition,
    actions_of,
    clock_actions,
    ends_by_leaving,
    transition_for,
)

BY_POST = """
-         ask      asker  waiting    hold      reserved   giver:drift_asked
waiting   accept   giver  accepted   -         -          asker:drift_accepted
waiting   reject   giver  rejected   return    open       asker:drift_rejected      undo
waiting   redraw   asker  withdrawn  return    open       giver:drift_withdrawn
waiting   lapse    clock  expired    return    hidden     asker:drift_expired,giver:copy_hidden
waiting   leave    asker  withdrawn  return    open       giver:drift_withdrawn
waiting   stop     asker  withdrawn  return    open       giver:drift_withdrawn
waiting   leave    giver  rejected   return    withdrawn  asker:drift_rejected
waiting   stop     giver  rejected   return    hidden     asker:drift_rejected
waiting   call_home clock rejected   return    withdrawn  asker:drift_rejected
accepted  redraw   asker  withdrawn  return    open       giver:drift_withdrawn
accepted  cancel   giver  cancelled  return    open       asker:drift_cancelled     undo
accepted  withdraw giver  cancelled  return    withdrawn  asker:drift_cancelled     undo
accepted  mailed   giver  mailed     -         -          asker:drift_mailed        undo
accepted  lapse    clock  expired    return    hidden     asker:drift_expired,giver:copy_hidden
accepted  leave    asker  withdrawn  return    open       giver:drift_withdrawn
accepted  stop     asker  withdrawn  return    open       giver:drift_withdrawn
accepted  leave    giver  rejected   return    withdrawn  asker:drift_rejected
accepted  stop     giver  rejected   return    hidden     asker:drift_rejected
mailed    remind   clock  mailed     -         -          asker:drift_reminder
mailed    received asker  received   pay       given      giver:drift_received      undo
mailed    received clock  received   pay       given      giver:drift_received,asker:drift_assumed_received
mailed    leave    asker  received   pay       given      giver:drift_received
mailed    missing  asker  missing    return    given      giver:drift_missing
missing   received asker  received   hold_late -          giver:drift_received
"""
BY_MEETING = """
-         ask      asker  waiting    hold      reserved   giver:drift_asked
waiting   accept   giver  accepted   -         -          asker:drift_will_meet
waiting   reject   giver  rejected   return    open       asker:drift_rejected      undo
waiting   redraw   asker  withdrawn  return    open       giver:drift_withdrawn
waiting   lapse    clock  expired    return    hidden     asker:drift_expired,giver:copy_hidden
waiting   leave    asker  withdrawn  return    open       giver:drift_withdrawn
waiting   stop     asker  withdrawn  return    open       giver:drift_withdrawn
waiting   leave    giver  rejected   return    withdrawn  asker:drift_rejected
waiting   stop     giver  rejected   return    hidden     asker:drift_rejected
waiting   call_home clock rejected   return    withdrawn  asker:drift_rejected
accepted  cancel   giver  cancelled  return    open       asker:drift_cancelled     undo
accepted  withdraw giver  cancelled  return    withdrawn  asker:drift_cancelled     undo
accepted  hand_over giver received   pay       given      asker:drift_handed_over   undo
accepted  met      giver  mailed     -         -          asker:drift_met           undo
accepted  received asker  received   pay       given      giver:drift_received
accepted  redraw   asker  withdrawn  return    open       giver:drift_withdrawn
accepted  remind   clock  accepted   -         -          asker:meeting_reminder,giver:meeting_reminder
accepted  lapse    clock  expired    return    open       asker:drift_not_met,giver:drift_not_met
accepted  leave    asker  withdrawn  return    open       giver:drift_withdrawn
accepted  stop     asker  withdrawn  return    open       giver:drift_withdrawn
accepted  leave    giver  rejected   return    withdrawn  asker:drift_rejected
accepted  stop     giver  rejected   return    hidden     asker:drift_rejected
mailed    received asker  received   pay       given      giver:drift_received      undo
mailed    received clock  received   pay       given      giver:drift_received,asker:drift_assumed_received
mailed    leave    asker  received   pay       given      giver:drift_received
mailed    object   asker  missing    return    given      giver:drift_missing
missing   received asker  received   hold_late -          giver:drift_received
accepted  absent   asker  no_giver   -         -          giver:drift_no_giver
accepted  absent   giver  no_asker   -         -          asker:drift_no_asker
no_giver  object   giver  accepted   -         -          asker:drift_still_on,giver:drift_still_on
no_giver  redraw   asker  withdrawn  return    open       giver:drift_withdrawn
no_giver  no_show  clock  expired    return    hidden     asker:drift_no_show,giver:drift_not_heard
no_giver  leave    asker  withdrawn  return    open       giver:drift_withdrawn
no_giver  stop     asker  withdrawn  return    open       giver:drift_withdrawn
no_giver  leave    giver  rejected   return    withdrawn  asker:drift_rejected
no_giver  stop     giver  rejected   return    hidden     asker:drift_rejected
no_giver  hand_over giver received   pay       given      asker:drift_handed_over   undo
no_giver  received asker  received   pay       given      giver:drift_received
no_asker  object   asker  accepted   -         -          asker:drift_still_on,giver:drift_still_on
no_asker  redraw   asker  withdrawn  return    open       giver:drift_withdrawn
no_asker  no_show  clock  expired    return    open       giver:drift_no_show,asker:drift_not_heard
no_asker  leave    asker  withdrawn  return    open       giver:drift_withdrawn
no_asker  stop     asker  withdrawn  return    open       giver:drift_withdrawn
no_asker  leave    giver  rejected   return    withdrawn  asker:drift_rejected
no_asker  stop     giver  rejected   return    hidden     asker:drift_rejected
no_asker  hand_over giver received   pay       given      asker:drift_handed_over   undo
no_asker  received asker  received   pay       given      giver:drift_received
"""
BY_PLACE = """
-         ask      asker  waiting    hold      reserved   giver:drift_asked
waiting   accept   giver  accepted   -         -          asker:drift_will_leave
waiting   reject   giver  rejected   return    open       asker:drift_rejected      undo
waiting   redraw   asker  withdrawn  return    open       giver:drift_withdrawn
waiting   lapse    clock  expired    return    hidden     asker:drift_expired,giver:copy_hidden
waiting   leave    asker  withdrawn  return    open       giver:drift_withdrawn
waiting   stop     asker  withdrawn  return    open       giver:drift_withdrawn
waiting   leave    giver  rejected   return    withdrawn  asker:drift_rejected
waiting   stop     giver  rejected   return    hidden     asker:drift_rejected
waiting   call_home clock rejected   return    withdrawn  asker:drift_rejected
accepted  cancel   giver  cancelled  return    open       asker:drift_cancelled     undo
accepted  withdraw giver  cancelled  return    withdrawn  asker:drift_cancelled     undo
accepted  left     giver  mailed     -         -          asker:drift_left          undo
accepted  redraw   asker  withdrawn  return    open       giver:drift_withdrawn
accepted  lapse    clock  expired    return    hidden     asker:drift_expired,giver:copy_hidden
accepted  leave    asker  withdrawn  return    open       giver:drift_withdrawn
accepted  stop     asker  withdrawn  return    open       giver:drift_withdrawn
accepted  leave    giver  rejected   return    withdrawn  asker:drift_rejected
accepted  stop     giver  rejected   return    hidden     asker:drift_rejected
mailed    remind   clock  mailed     -         -          asker:place_reminder
mailed    received asker  received   pay       given      giver:drift_received      undo
mailed    received clock  received   pay       given      giver:drift_received,asker:drift_assumed_received
mailed    leave    asker  received   pay       given      giver:drift_received
mailed    missing  asker  missing    return    given      giver:drift_missing
missing   received asker  received   hold_late -          giver:drift_received
accepted  absent   asker  no_giver   -         -          giver:drift_no_giver
no_giver  object   giver  accepted   -         -          asker:drift_still_on,giver:drift_still_on
no_giver  redraw   asker  withdrawn  return    open       giver:drift_withdrawn
no_giver  no_show  clock  expired    return    hidden     asker:drift_no_show,giver:drift_not_heard
no_giver  leave    asker  withdrawn  return    open       giver:drift_withdrawn
no_giver  stop     asker  withdrawn  return    open       giver:drift_withdrawn
no_giver  leave    giver  rejected   return    withdrawn  asker:drift_rejected
no_giver  stop     giver  rejected   return    hidden     asker:drift_rejected
no_giver  left     giver  mailed     -         -          asker:drift_left   undo
"""

ON_LOAN = """
lent       remind    clock lent       -      -         asker:loan_reminder
lent       extend    asker lent       -      -         giver:loan_extended
lent       give_back asker given_back -      -         giver:loan_given_back   undo
lent       returned  giver returned   return open      asker:loan_ended        undo
lent       lost      asker lost       pay    given     giver:loan_lost
lent       lost      giver lost       return given     asker:loan_forgiven
lent       keep      clock received   pay    given     giver:loan_not_returned,asker:loan_kept
lent       lost      clock lost       pay    given     giver:loan_lost
lent       go_on     clock returned   return -         asker:loan_passed_on
-          go_on     clock lent       hold   -         giver:loan_went_on,asker:loan_taken_on
lent       leave     asker received   pay    given     giver:loan_not_returned
lent       leave     giver received   return given     asker:loan_lender_left
given_back returned  giver returned   return open      asker:loan_ended        undo
given_back object    giver lent       -      -         asker:loan_not_back
given_back remind    clock given_back -      -         giver:loan_given_back
given_back returned  clock returned   return open      asker:loan_ended,giver:loan_assumed_back
given_back leave     asker received   pay    given     giver:loan_not_returned
given_back leave     giver returned   return withdrawn asker:loan_ended
"""
"""What happens to a book that is lent from its arrival on, in every way."""
ARRIVAL_OF_A_LOAN = {
    Way.POST: """
mailed    received  asker lent     -    -     giver:loan_begun    undo
mailed    received  clock lent     -    -     giver:loan_begun,asker:loan_received
mailed    leave     asker received pay  given giver:drift_received
""",
    Way.MEET: """
accepted  hand_over giver lent     -    -     asker:loan_received undo
accepted  received  asker lent     -    -     giver:loan_begun
mailed    received  asker lent     -    -     giver:loan_begun    undo
mailed    received  clock lent     -    -     giver:loan_begun,asker:loan_received
mailed    leave     asker received pay  given giver:drift_received
no_giver  hand_over giver lent     -    -     asker:loan_received undo
no_giver  received  asker lent     -    -     giver:loan_begun
no_asker  hand_over giver lent     -    -     asker:loan_received undo
no_asker  received  asker lent     -    -     giver:loan_begun
""",
}
ARRIVAL_OF_A_LOAN[Way.PLACE] = ARRIVAL_OF_A_LOAN[Way.POST]
ARRIVAL_FROM_A_BORROWER = {
    Way.POST: """
mailed    received  asker passed_on return withdrawn - undo
mailed    received  clock passed_on return withdrawn -
""",
    Way.MEET: """
accepted  hand_over giver passed_on return withdrawn - undo
accepted  received  asker passed_on return withdrawn -
mailed    received  asker passed_on return withdrawn - undo
mailed    received  clock passed_on return withdrawn -
no_giver  hand_over giver passed_on return withdrawn - undo
no_giver  received  asker passed_on return withdrawn -
no_asker  hand_over giver passed_on return withdrawn - undo
no_asker  received  asker passed_on return withdrawn -
""",
}
ARRIVAL_FROM_A_BORROWER[Way.PLACE] = ARRIVAL_FROM_A_BORROWER[Way.POST]


def _or_none(word):
    return None if word == "-" else word


def _read(table):
    rows = {}
    for line in filter(None, table.splitlines()):
        state, action, role, to, move, copy, mails, *undo = line.split()
        mails = [] if mails == "-" else [tuple(mail.split(":")) for mail in mails.split(",")]
        rows[(_or_none(state), action, role)] = to, _or_none(move), _or_none(copy), mails, undo == ["undo"]
    return rows


EXPECTED = {
    Way.POST: _read(BY_POST + ON_LOAN),
    Way.MEET: _read(BY_MEETING + ON_LOAN),
    Way.PLACE: _read(BY_PLACE + ON_LOAN),
}
OF_A_LOAN = {way: EXPECTED[way] | _read(rows) for way, rows in ARRIVAL_OF_A_LOAN.items()}
FROM_A_BORROWER = {way: OF_A_LOAN[way] | _read(rows) for way, rows in ARRIVAL_FROM_A_BORROWER.items()}
ROWS = {"given": EXPECTED, "lent": OF_A_LOAN, "passed on": FROM_A_BORROWER}
EVERY = list(itertools.product(Way, [None, *DriftState]))
ALL_STEPS = [(state, step) for steps in STEPS.values() for (state, *_), step in steps.items()]


@pytest.mark.parametrize("book", ROWS)
@pytest.mark.parametrize(("way", "state"), EVERY)
def test_each_state_action_and_actor_does_what_the_table_says(way, state, book):
    presses, rows = list(itertools.product(Action, Role)), ROWS[book][way]
    found = {(action, role): _outcome(state, action, role, way, book) for action, role in presses}
    assert found == {(action, role): _expected(state, action, role, rows) for action, role in presses}


def test_a_book_that_is_lent_gets_to_its_borrower_like_any_other():
    """Only what its arrival does is different, so that no other step has to know whether a book is lent."""
    for way, rows in OF_A_LOAN.items():
        changed = [key for key, row in rows.items() if row != EXPECTED[way][key]]
        assert all(EXPECTED[way][key][0] == "received" and rows[key][0] == "lent" for key in changed)
        assert changed


def _outcome(state, action, role, way, book):
    try:
        step = transition_for(state, action, role, way, book != "given", book == "passed on")
    except (AlreadyDone, NotYourMove) as refused:
        return type(refused), vars(refused)
    return step.to, step.beans, step.copy, list(step.mails), step.can_be_undone


def _expected(state, action, role, rows):
    if row := rows.get((state, action, role)):
        return row
    if any((action, role) == key[1:] for key in rows):
        return AlreadyDone, {"state": state, "action": action}
    return NotYourMove, {"action": action, "role": role}


def test_the_tables_have_no_row_that_is_not_written_here():
    assert {way: set(steps) for way, steps in STEPS.items()} == {way: set(rows) for way, rows in EXPECTED.items()}


def test_buttons_are_those_that_the_table_allows():
    assert _buttons(Way.POST) == {
        ("waiting", "giver"): "accept reject",
        ("waiting", "asker"): "redraw",
        ("accepted", "giver"): "mailed cancel withdraw",
        ("accepted", "asker"): "redraw",
        ("mailed", "asker"): "received missing",
        ("missing", "asker"): "received",
        ("lent", "asker"): "extend give_back lost",
        ("lent", "giver"): "returned lost",
        ("given_back", "giver"): "returned object",
    }
    assert _buttons(Way.MEET) == _buttons(Way.POST) | {
        ("accepted", "giver"): "hand_over met cancel withdraw absent",
        ("accepted", "asker"): "received redraw absent",
        ("no_asker", "asker"): "object redraw received",
        ("no_asker", "giver"): "hand_over",
        ("no_giver", "asker"): "redraw received",
        ("no_giver", "giver"): "object hand_over",
        ("mailed", "asker"): "received object",
    }
    assert _buttons(Way.PLACE) == _buttons(Way.POST) | {
        ("accepted", "giver"): "left cancel withdraw",
        ("accepted", "asker"): "redraw absent",
        ("no_giver", "asker"): "redraw",
        ("no_giver", "giver"): "left object",
    }


def _buttons(way):
    sides = itertools.product(DriftState, (Role.ASKER, Role.GIVER))
    buttons = {(state, role): " ".join(actions_of(state, role, way)) for state, role in sides}
    return {side: words for side, words in buttons.items() if words}


def test_a_drift_under_way_holds_a_bean_and_any_way_out_releases_it_once():
    for state, step in ALL_STEPS:
        leaves = state in UNDER_WAY and step.to not in UNDER_WAY
        assert (step.beans in ("return", "pay")) == leaves
        assert (step.beans == "hold") == (state is None)


def test_the_copy_is_reserved_exactly_while_the_drift_is_under_way():
    """Unless a loan goes on, when the next one begins with the end of the last."""
    steps = [(key, step) for steps in STEPS.values() for key, step in steps.items()]
    for state, step in [(state, step) for (state, action, _), step in steps if action != "go_on"]:
        leaves = state in UNDER_WAY and step.to not in UNDER_WAY
        assert (step.copy == "reserved") == (state is None)
        assert (step.copy not in (None, "reserved")) == leaves


def test_while_a_step_can_be_undone_nothing_that_it_does_can_have_been_used():
    """Its beans and its copy wait, so no step may follow it; or it does nothing to them."""
    for way, steps in STEPS.items():
        for step in (step for step in steps.values() if step.can_be_undone):
            follows = [key for key in steps if key[0] is step.to and key[1] not in (Action.LEAVE, Action.STOP)]
            assert not follows or (step.beans, step.copy) == (None, None), (way, step)


def test_the_clock_and_a_reader_who_leaves_take_no_step_that_can_be_undone():
    for steps in STEPS.values():
        for (_, action, role), step in steps.items():
            assert not (step.can_be_undone and (role is Role.CLOCK or action in (Action.LEAVE, Action.STOP)))


def test_the_giver_reads_the_address_from_acceptance_on_and_never_after_a_refusal():
    arrived = {"lent", "given_back", "returned", "passed_on", "lost", "received", "missing"}
    assert {"accepted", "no_asker", "no_giver", "mailed", *arrived} == ADDRESS_SHOWN
    assert {"accepted", "no_asker", "no_giver"} == TO_HAND_OVER
    assert {"waiting", "accepted", "no_asker", "no_giver", "mailed", "lent", "given_back"} == UNDER_WAY


MEANING = """
waiting    giver  answer_days   -             under_way
accepted   giver  mail_days     -             under_way promised address
no_asker   asker  objection_hours -           under_way promised address
no_giver   giver  objection_hours -           under_way promised address
mailed     asker  receipt_days  reminder_days under_way promised address
lent       asker  keep_days     loan_reminder_days under_way address on_loan
given_back giver  return_days   return_reminder_days under_way address on_loan
returned   -      -             -             address
passed_on  -      -             -             address
lost       -      -             -             address
received   -      -             -             address
missing    -      -             -             address
rejected   -      -             -             nothing
withdrawn  -      -             -             nothing
expired    -      -             -             nothing
cancelled  -      -             -             nothing
"""
ALIKE = {"waiting": "answer_days", "no_asker": "objection_hours", "no_giver": "objection_hours"}
ALIKE |= {"lent": "keep_days", "given_back": "return_days"}
DEADLINES = {
    Way.POST: ALIKE | {"accepted": "mail_days", "mailed": "receipt_days"},
    Way.MEET: ALIKE | {"accepted": "meet_days", "mailed": "objection_hours"},
    Way.PLACE: ALIKE | {"accepted": "mail_days", "mailed": "place_days"},
}
"""By post nobody waits in vain, so that such a drift is never in `no_asker` or `no_giver`."""


def test_each_state_means_what_is_written_here():
    words = {"is_under_way": "under_way", "is_promised": "promised", "shows_address": "address"}
    words |= {"is_on_loan": "on_loan", "came_to_nothing": "nothing"}
    lines = [
        [
            state,
            facts.turn or "-",
            facts.deadline or "-",
            facts.reminders or "-",
            *(word for name, word in words.items() if getattr(facts, name)),
        ]
        for state, facts in STATES.items()
    ]
    assert lines == [line.split() for line in MEANING.strip().splitlines()]


def test_a_way_changes_the_deadlines_of_states_and_nothing_else_of_them():
    for way in Way:
        known = {state: facts_of(state, way).deadline for state in DriftState}
        assert {state: deadline for state, deadline in known.items() if deadline} == DEADLINES[way]
        for state, facts in STATES.items():
            assert replace(facts_of(state, way), deadline=facts.deadline, reminders=facts.reminders) == facts


@pytest.mark.parametrize(
    ("role", "states"),
    [
        (Role.GIVER, {"waiting", "accepted", "no_giver", "given_back"}),
        (Role.ASKER, {"mailed", "no_asker", "lent"}),
        (Role.CLOCK, set()),
    ],
)
def test_each_side_is_the_one_to_act_in_some_states(role, states):
    assert states_of_turn(role) == states


def _reached(way):
    return {step.to for step in STEPS[way].values()}


def test_only_by_some_ways_a_reader_can_wait_in_vain():
    assert {way: set(DriftState) - _reached(way) for way in Way} == {
        Way.POST: {"no_asker", "no_giver", "passed_on"},
        Way.MEET: {"passed_on"},
        Way.PLACE: {"no_asker", "passed_on"},
    }


def test_only_the_end_of_a_wait_in_vain_counts_against_who_did_not_answer():
    absent = {(way, state): step.absent for way in Way for (state, *_), step in STEPS[way].items() if step.absent}
    assert absent == {
        (Way.MEET, "no_giver"): "giver",
        (Way.MEET, "no_asker"): "asker",
        (Way.PLACE, "no_giver"): "giver",
    }


@pytest.mark.parametrize(
    ("way", "state"), [(way, state) for way in Way for state in DriftState if state in _reached(way)]
)
def test_a_state_that_holds_something_has_a_way_out_and_others_have_no_deadline(way, state):
    facts, clock = facts_of(state, way), clock_actions(state, way)
    assert bool(facts.turn) == bool(facts.deadline) == bool(clock) == facts.is_under_way
    assert bool(facts.reminders) == (Action.REMIND in clock)
    assert not (facts.came_to_nothing and facts.shows_address)
    assert ends_by_leaving(state, Role.ASKER, way) is facts.is_under_way


def test_a_step_that_says_nothing_changes_neither_beans_nor_copy():
    step = Transition(DriftState.MAILED)
    assert (step.beans, step.copy, step.mails) == (None, None, ())


STORED = {
    DriftState: (
        "waiting accepted no_asker no_giver mailed lent given_back returned passed_on lost received missing "
        "rejected withdrawn expired cancelled"
    ),
    CopyState: "open reserved given withdrawn hidden held",
    Action: (
        "ask accept reject redraw cancel withdraw mailed hand_over met left absent received missing object extend "
        "give_back returned go_on call_home lost keep remind lapse no_show leave stop address undo"
    ),
    Way: "post meet place",
    Role: "asker giver clock",
}


@pytest.mark.parametrize("words", STORED)
def test_stored_words_stay_the_same(words):
    assert " ".join(words) == STORED[words]


def test_the_letters_of_the_wish_queue_keep_their_names():
    assert MailKind.OFFERED == "wish_offered"
    assert MailKind.OFFER_ENDED == "wish_offer_ended"
