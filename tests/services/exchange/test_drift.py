"""Every state, action and actor of a drift, through the services: rows, beans, copy, mails."""

import itertools
from dataclasses import replace

import pytest

from app.models.base import db
from app.models.drift import Drift
from app.models.gift import Gift
from app.rules.clock import DAY
from app.rules.exchange.drift import UNDER_WAY, Action, CopyState, DriftState, Role, Way
from app.rules.exchange.refusals import AlreadyDone, CopyAlreadyReserved, NotYourMove
from app.rules.exchange.steps import STEPS, transition_for
from app.rules.refusal import Refusal
from app.services.correction.cancel import cancel_promise
from app.services.delivery.hand_over import find_code
from app.services.errors import NotFound
from app.services.exchange import deadlines as deadline
from app.services.exchange import drift as service
from app.services.exchange.deadlines import DeadlineRun, run_deadlines
from tests.exchange import (
    GONE,
    NOW,
    THURSDAY,
    WAY_TO,
    assert_audit_is_clean,
    beans_of,
    copy_of,
    escrow,
    events,
    exchange,
    last_letter,
    letters,
    make_certain,
    reader,
    snapshot,
)
from tests.known_tables import KnownTables

pytestmark = pytest.mark.usefixtures("app_context")
PRESSED = {
    Action.ACCEPT: lambda who, drift, now: service.accept_request(who, drift, now, THURSDAY),
    Action.REJECT: service.reject_request,
    Action.REDRAW: service.redraw_request,
    Action.CANCEL: lambda who, drift, now: cancel_promise(who, drift, GONE, now),
    Action.WITHDRAW: lambda who, drift, now: cancel_promise(who, drift, replace(GONE, is_copy_withdrawn=True), now),
    Action.MAILED: lambda who, drift, now: service.confirm_mailed(who, drift, "SF123", now),
    Action.HAND_OVER: lambda who, drift, now: service.hand_over(who, drift, find_code(drift) or "", now),
    Action.MET: service.confirm_met,
    Action.LEFT: service.confirm_left,
    Action.ABSENT: service.report_absent,
    Action.OBJECT: service.object_to,
    Action.RECEIVED: service.confirm_received,
    Action.MISSING: service.report_missing,
}
LATER = NOW + 20 * DAY
AGREED = (DriftState.ACCEPTED, DriftState.MAILED)
STATES = {
    Way.POST: tuple(WAY_TO),
    Way.MEET: (*AGREED, DriftState.NO_ASKER, DriftState.NO_GIVER),
    Way.PLACE: (*AGREED, DriftState.NO_GIVER),
}
"""The states to try; those that are not listed are the same in every way."""
EVERY = [(way, DriftState(state)) for way, states in STATES.items() for state in states]


def _held(state):
    return 1 if state in UNDER_WAY else 0


@pytest.mark.parametrize(("way", "state"), EVERY)
def test_each_action_changes_what_the_table_says_or_nothing(way, state):
    done = exchange(state, way=way)
    people = {Role.ASKER: done.asker, Role.GIVER: done.giver, None: reader(3)}
    before, tables = snapshot(), KnownTables(db.engine)
    tables.keep()
    for action, (role, who) in itertools.product(PRESSED, people.items()):
        _press(done, before, action, role, who, STEPS[way].get((state, action, role)))
        tables.put_back()


def _press(done, before, action, role, who, step):
    letter = last_letter()
    beans = {id: beans_of(id) for id in (done.asker, done.giver)}
    if step is None:
        expected = NotFound if role is None else Refusal
        with pytest.raises(expected):
            PRESSED[action](who, done.drift, LATER)
        assert snapshot() == before
        return
    PRESSED[action](who, done.drift, LATER)
    letters_of_step = letters(letter)
    assert events(done.drift)[-1] == (action, role)
    assert db.session.get_one(Drift, done.drift).undo_until == (LATER + 600 if step.can_be_undone else None)
    if step.can_be_undone:
        assert (beans_of(done.asker), beans_of(done.giver)) == (beans[done.asker], beans[done.giver])
        assert (escrow(), db.session.get_one(Gift, done.gift).state) == (1, "reserved")
        assert_audit_is_clean()
        make_certain(done.drift, LATER)
    row, copy = db.session.get_one(Drift, done.drift), db.session.get_one(Gift, done.gift)
    assert (row.state, row.state_time) == (step.to, LATER)
    assert (row.open_gift_id is not None) == bool(_held(step.to))
    if step.copy is not None:
        assert copy.state == step.copy
    to_asker = {"return": 1, "hold_late": -1}.get(step.beans, 0)
    to_giver = 1 if step.to == "received" else 0
    assert beans_of(done.asker) == beans[done.asker] + to_asker
    assert beans_of(done.giver) == beans[done.giver] + to_giver
    assert escrow() == _held(step.to)
    sides = {Role.ASKER: done.asker, Role.GIVER: done.giver}
    assert letters_of_step == letters(letter) == [(kind, sides[side]) for side, kind in step.mails]
    assert_audit_is_clean()
    repeated = snapshot()
    with pytest.raises(AlreadyDone):
        PRESSED[action](who, done.drift, LATER)
    assert snapshot() == repeated


@pytest.mark.parametrize("state", sorted(set(CopyState) - {CopyState.OPEN}))
def test_a_copy_that_is_not_open_is_reserved_by_nobody_even_past_the_locks(state):
    copy = copy_of(reader(0))
    with db.auto_commit():
        db.session.get_one(Gift, copy).state = state
    with pytest.raises(CopyAlreadyReserved):
        service._reserve(copy, reader(), NOW)


CLOCK = [
    (Way.POST, "waiting", 5, 5, Action.LAPSE),
    (Way.POST, "accepted", 7, 7, Action.LAPSE),
    (Way.POST, "mailed", 7, 7, Action.REMIND),
    (Way.POST, "mailed", 7, 14, Action.REMIND),
    (Way.POST, "mailed", 7, 21, Action.REMIND),
    (Way.POST, "mailed", 7, 30, Action.RECEIVED),
    (Way.MEET, "waiting", 5, 5, Action.LAPSE),
    (Way.MEET, "accepted", 10, 10, Action.REMIND),
    (Way.MEET, "accepted", 10, 14, Action.LAPSE),
    (Way.MEET, "mailed", 2, 3, Action.RECEIVED),
    (Way.MEET, "no_asker", 2, 2, Action.NO_SHOW),
    (Way.MEET, "no_giver", 2, 2, Action.NO_SHOW),
    (Way.PLACE, "no_giver", 2, 3, Action.NO_SHOW),
    (Way.PLACE, "accepted", 7, 7, Action.LAPSE),
    (Way.PLACE, "mailed", 3, 3, Action.REMIND),
    (Way.PLACE, "mailed", 3, 5, Action.RECEIVED),
]
"""The way, the state, the days until the clock first acts, the days that have passed, and what the clock does then."""


@pytest.mark.parametrize(("way", "state", "first", "days", "action"), CLOCK)
def test_the_clock_does_what_is_due_and_only_once(way, state, first, days, action):
    done, wait = exchange(state, way=way), days * DAY
    run_deadlines(NOW)  # looks for copies for those who have just become able to ask
    before = snapshot()
    run_deadlines(NOW + first * DAY - 1)
    assert snapshot() == before
    letter, step = last_letter(), transition_for(DriftState(state), action, Role.CLOCK, way)
    run_deadlines(NOW + wait)
    row = db.session.get_one(Drift, done.drift)
    assert (row.state, row.absent) == (step.to, step.absent)
    assert events(done.drift)[-1] == (action, "clock")
    sides = {Role.ASKER: done.asker, Role.GIVER: done.giver}
    assert letters(letter) == [(kind, sides[side]) for side, kind in step.mails]
    assert db.session.get_one(Gift, done.gift).state == (step.copy or "reserved")
    assert_audit_is_clean()
    again = snapshot()
    run_deadlines(NOW + wait)
    assert snapshot() == again


def test_a_drift_whose_copy_was_changed_by_hand_holds_up_no_other():
    drifts = [exchange("waiting") for _ in range(5)]
    ended = exchange("received")
    with db.auto_commit():
        db.session.get_one(Gift, drifts[2].gift).state = "open"
    run = run_deadlines(NOW + 14 * DAY)
    assert (run.drifts, run.addresses, run.stuck) == (4, 1, [drifts[2].drift])
    states = [db.session.get_one(Drift, done.drift).state for done in [*drifts, ended]]
    assert states == ["expired", "expired", "waiting", "expired", "expired", "received"]
    assert run_deadlines(NOW + 14 * DAY) == DeadlineRun(0, 0, 0, 0, 0, [drifts[2].drift])
    assert_audit_is_clean()


STAYS_DUE = {
    "apply_transitions": ("waiting", "due_time"),
    "settle": ("mailed", "pay_from"),
    "finish_steps": ("waiting", "undo_until"),
}


@pytest.mark.parametrize("idle", STAYS_DUE)
def test_the_clock_gives_up_on_what_stays_due_and_goes_on_with_the_others(monkeypatch, idle):
    state, column = STAYS_DUE[idle]
    exchanges = [exchange(state) for _ in range(4)]
    for hasty in exchanges if state == "mailed" else ():
        service.confirm_received(hasty.asker, hasty.drift, NOW)
        make_certain(hasty.drift)
    for declined in exchanges if idle == "finish_steps" else ():
        service.reject_request(declined.giver, declined.drift, NOW)
    drifts = [done.drift for done in exchanges]
    calls, whole = [], getattr(deadline, idle)

    def move_only_the_last(batch, *rest):
        calls.append([drift.id for drift in batch])
        if len(calls) > 9:
            pytest.fail("the clock goes round")
        if drifts[3] in calls[-1]:
            whole([drift for drift in batch if drift.id == drifts[3]], *rest)

    monkeypatch.setattr(deadline, idle, move_only_the_last)
    monkeypatch.setattr(deadline, "BATCH", 3)
    run = run_deadlines(NOW + 5 * DAY)

    assert run.stuck == drifts[:3]
    assert calls == [drifts[:3], drifts[3:]]
    assert getattr(db.session.get_one(Drift, drifts[3]), column) is None


@pytest.mark.parametrize("state", ["received", "missing", "rejected", "withdrawn", "expired", "cancelled"])
def test_the_clock_leaves_ended_drifts_alone_but_for_their_addresses(state):
    done = exchange(state)
    run_deadlines(NOW + 400 * DAY)
    row = db.session.get_one(Drift, done.drift)
    assert (row.state, row.address, row.tracking) == (state, None, None)


def test_all_reminders_come_and_then_the_book_counts_as_received():
    done = exchange("mailed")
    for day in range(1, 40):
        run_deadlines(NOW + day * DAY)
    assert events(done.drift)[3:] == [("remind", "clock")] * 3 + [("received", "clock")]
    assert beans_of(done.giver) == 1


def test_a_refused_action_names_the_reason():
    done = exchange("accepted")
    with pytest.raises(AlreadyDone) as late:
        service.accept_request(done.giver, done.drift, NOW)
    assert vars(late.value) == {"state": "accepted", "action": "accept"}
    with pytest.raises(NotYourMove):
        service.accept_request(done.asker, done.drift, NOW)
