"""Taking the last step back: everything is as before, and until then nothing was paid, offered or told."""

import pytest
from sqlalchemy import select

from app.models.base import db
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.outbox import Outbox
from app.models.user import User
from app.models.wish import Wish
from app.rules.clock import DAY
from app.rules.exchange.drift import MailKind, Way
from app.rules.exchange.hand_over import MOST_WRONG_TRIES
from app.rules.exchange.refusals import CodeRests, NothingToUndo, NotYourMove, TooManyOpenRequests, WrongHandOverCode
from app.rules.exchange.undo import MOST_UNDONE, UNDO_WINDOW
from app.services.correction.cancel import cancel_promise
from app.services.correction.undo import undo_step
from app.services.delivery.hand_over import find_code
from app.services.errors import NotFound
from app.services.exchange import drift
from app.services.exchange.deadlines import run_deadlines
from app.services.exchange.leaving import end_exchanges
from app.services.exchange.mails import find_mail_facts
from tests.exchange import (
    GONE,
    NOW,
    ask,
    assert_audit_is_clean,
    beans_of,
    book,
    copy_of,
    escrow,
    events,
    exchange,
    last_letter,
    make_certain,
    reader,
    snapshot,
    wish_for,
)

pytestmark = pytest.mark.usefixtures("app_context")
LATER = NOW + DAY
END = LATER + UNDO_WINDOW
STEPS = [
    (Way.POST, "waiting", "giver", drift.reject_request),
    (Way.POST, "accepted", "giver", lambda who, which, now: drift.confirm_mailed(who, which, "SF1", now)),
    (Way.POST, "accepted", "giver", lambda who, which, now: cancel_promise(who, which, GONE, now)),
    (Way.POST, "mailed", "asker", drift.confirm_received),
    (Way.MEET, "accepted", "giver", drift.confirm_met),
    (Way.MEET, "accepted", "giver", lambda who, which, now: drift.hand_over(who, which, find_code(which), now)),
    (Way.MEET, "mailed", "asker", drift.confirm_received),
    (Way.PLACE, "accepted", "giver", drift.confirm_left),
    (Way.PLACE, "mailed", "asker", drift.confirm_received),
]
"""Every step that can be undone: the way, the state that it leaves, who takes it, and how."""
CHANGED = {"drift_event", "outbox"}
"""The tables that say that a step was taken, and taken back."""


def sides(done):
    return {"asker": done.asker, "giver": done.giver}


@pytest.mark.parametrize(("way", "state", "side", "step"), STEPS)
def test_an_undone_step_leaves_everything_as_it_was_but_its_history(way, state, side, step):
    done = exchange(state, way=way)
    run_deadlines(NOW)
    who, before, history = sides(done)[side], snapshot(), events(done.drift)
    step(who, done.drift, LATER)
    undo_step(who, done.drift, END - 1)
    after = snapshot()
    assert {table for table in after if after[table] != before[table]} == CHANGED
    assert events(done.drift)[: len(history)] == history
    assert events(done.drift)[-1] == ("undo", side)
    assert_audit_is_clean()
    run_deadlines(END)
    assert snapshot() == after, "nothing of the step comes later"


@pytest.mark.parametrize(("way", "state", "side", "step"), STEPS)
def test_until_then_no_bean_moves_and_no_copy_is_free(way, state, side, step):
    done = exchange(state, way=way)
    beans = [beans_of(id) for id in (done.asker, done.giver)]
    step(sides(done)[side], done.drift, LATER)
    run_deadlines(END - 1)
    assert ([beans_of(id) for id in (done.asker, done.giver)], escrow()) == (beans, 1)
    assert db.session.get_one(Gift, done.gift).state == "reserved"
    assert_audit_is_clean()
    assert run_deadlines(END).steps == 1
    assert run_deadlines(END).steps == 0
    assert_audit_is_clean()


@pytest.mark.parametrize(("way", "state", "side", "step"), STEPS)
def test_a_step_is_undone_by_its_own_side_once_and_in_time(way, state, side, step):
    done = exchange(state, way=way)
    who, other = (done.asker, done.giver) if side == "asker" else (done.giver, done.asker)
    step(who, done.drift, LATER)
    taken = snapshot()
    with pytest.raises(NotYourMove):
        undo_step(other, done.drift, LATER)
    with pytest.raises(NotFound):
        undo_step(reader(), done.drift, LATER)
    with pytest.raises(NothingToUndo):
        undo_step(who, done.drift, END)
    assert {**snapshot(), "user": taken["user"], "ledger": taken["ledger"]} == taken
    undo_step(who, done.drift, LATER)
    undone = snapshot()
    with pytest.raises(NothingToUndo):
        undo_step(who, done.drift, LATER)
    assert snapshot() == undone


@pytest.mark.parametrize("state", ["waiting", "accepted", "mailed", "received", "missing", "withdrawn", "expired"])
def test_what_no_step_that_can_be_undone_led_to_is_not_undone(state):
    done = exchange(state)
    for who in (done.asker, done.giver):
        with pytest.raises(NothingToUndo):
            undo_step(who, done.drift, NOW)


def test_a_late_arrival_takes_the_bean_at_once_and_is_not_undone():
    done = exchange("missing")
    assert not drift.confirm_received(done.asker, done.drift, LATER).can_be_undone
    assert (beans_of(done.asker), beans_of(done.giver)) == (0, 1)
    with pytest.raises(NothingToUndo):
        undo_step(done.asker, done.drift, LATER)


def test_the_deadline_is_the_one_from_before_however_often_a_giver_says_mailed_and_takes_it_back():
    done = exchange("accepted")
    for day in range(1, MOST_UNDONE + 1):
        drift.confirm_mailed(done.giver, done.drift, "", NOW + day * DAY)
        undo_step(done.giver, done.drift, NOW + day * DAY)
    run_deadlines(NOW + 7 * DAY)
    assert db.session.get_one(Drift, done.drift).state == "expired"
    assert_audit_is_clean()


def test_the_next_step_of_the_other_side_ends_the_undo_of_the_first():
    done = exchange("accepted")
    drift.confirm_mailed(done.giver, done.drift, "SF1", LATER)
    drift.confirm_received(done.asker, done.drift, LATER + 1)
    with pytest.raises(NotYourMove):
        undo_step(done.giver, done.drift, LATER + 2)
    undo_step(done.asker, done.drift, LATER + 2)
    row = db.session.get_one(Drift, done.drift)
    assert (row.state, row.state_time, row.tracking, row.pay_from) == ("mailed", LATER, "SF1", None)
    with pytest.raises(NothingToUndo):
        undo_step(done.giver, done.drift, LATER + 3)
    assert_audit_is_clean()


def test_a_code_from_before_an_undo_is_refused_and_a_new_one_is_made():
    done = exchange("accepted", way=Way.MEET)
    old = find_code(done.drift)
    drift.hand_over(done.giver, done.drift, old, LATER)
    undo_step(done.giver, done.drift, LATER)
    new = find_code(done.drift)
    assert new is not None
    if new != old:
        with pytest.raises(WrongHandOverCode):
            drift.hand_over(done.giver, done.drift, old, LATER)
    drift.hand_over(done.giver, done.drift, new, LATER)
    make_certain(done.drift, LATER)
    assert (beans_of(done.giver), find_code(done.drift)) == (1, None)


def test_no_letter_goes_for_an_undone_step_even_if_it_is_taken_again():
    done = exchange("accepted")
    before = last_letter()
    for time in (LATER, LATER + 60):
        drift.confirm_mailed(done.giver, done.drift, "", time)
        undo_step(done.giver, done.drift, time + 30)
    drift.confirm_mailed(done.giver, done.drift, "", LATER + 120)
    written = select(Outbox).where(Outbox.id > before).order_by(Outbox.id)
    jobs = [row.payload for row in db.session.scalars(written)]
    told = [
        find_mail_facts(MailKind(job["letter"]), done.asker, job["drift_id"], None, None, job["since"]) for job in jobs
    ]
    assert [facts is not None for facts in told] == [False, False, True]


def test_after_an_undo_the_letter_of_the_state_from_before_still_goes():
    done = exchange("waiting")
    drift.accept_request(done.giver, done.drift, LATER)
    drift.confirm_mailed(done.giver, done.drift, "", LATER + 60)
    undo_step(done.giver, done.drift, LATER + 120)
    assert find_mail_facts(MailKind.ACCEPTED, done.asker, done.drift, None, None, LATER) is not None


def test_a_declined_copy_is_offered_to_who_waits_for_it_only_when_that_is_certain():
    isbn = book()
    giver, asker, waiting = reader(0), reader(1), reader(1)
    done = ask(asker, copy := copy_of(giver, isbn))
    wish = wish_for(waiting, isbn)
    drift.reject_request(giver, done, LATER)
    run_deadlines(END - 1)
    assert db.session.get_one(Gift, copy).offered_wish_id is None
    run_deadlines(END)
    assert db.session.get_one(Gift, copy).offered_wish_id == wish


def test_a_wish_is_granted_only_when_the_receipt_is_certain_and_meanwhile_no_other_copy_is_offered():
    isbn = book()
    asker = reader(2)
    wish = wish_for(asker, isbn)
    giver = reader(0)
    copy = copy_of(giver, isbn)
    done = ask(asker, copy)
    drift.accept_request(giver, done, NOW)
    drift.confirm_mailed(giver, done, "", NOW)
    drift.confirm_received(asker, done, LATER)
    other = copy_of(reader(0), isbn, LATER)
    assert (db.session.get_one(Wish, wish).state, db.session.get_one(Gift, other).offered_to) == ("open", None)
    run_deadlines(END)
    assert db.session.get_one(Wish, wish).state == "granted"


def test_a_request_whose_end_can_be_undone_counts_as_under_way():
    done = exchange("waiting")
    drift.reject_request(done.giver, done.drift, LATER)
    with db.auto_commit():
        db.session.get_one(User, done.asker).beans = 1
    with pytest.raises(TooManyOpenRequests):
        ask(done.asker, copy_of(reader(0)), LATER)
    with db.auto_commit():
        db.session.get_one(User, done.asker).beans = 0
    make_certain(done.drift, LATER)
    assert ask(done.asker, copy_of(reader(0)), LATER)


@pytest.mark.parametrize("leaves", ["asker", "giver"])
@pytest.mark.parametrize(("way", "state", "side", "step"), STEPS)
def test_an_account_that_is_closed_ends_the_time_to_undo(way, state, side, step, leaves):
    done = exchange(state, way=way)
    step(sides(done)[side], done.drift, LATER)
    with db.auto_commit():
        end_exchanges(sides(done)[leaves], LATER + 1)
        db.session.get_one(User, sides(done)[leaves]).delete()
    assert db.session.get_one(Drift, done.drift).undo_until is None
    with pytest.raises(NothingToUndo):
        undo_step(sides(done)[side], done.drift, LATER + 2)
    assert_audit_is_clean()
    run_deadlines(END + 4 * DAY)
    assert_audit_is_clean()
    if leaves == "giver":
        assert db.session.get_one(Gift, done.gift).state in ("withdrawn", "given", "reserved")


def test_the_address_of_a_declined_request_is_erased_when_that_is_certain():
    done = exchange("waiting")
    drift.reject_request(done.giver, done.drift, LATER)
    assert db.session.get_one(Drift, done.drift).address is not None
    run_deadlines(END)
    assert db.session.get_one(Drift, done.drift).address is None
    again = exchange("accepted", way=Way.MEET)
    cancel_promise(again.giver, again.drift, GONE, LATER)
    run_deadlines(END)
    row = db.session.get_one(Drift, again.drift)
    assert (row.meeting, row.proposals, row.cancel_reason, row.cancel_words is None) == (None, None, "gone", False)
    run_deadlines(LATER + 14 * DAY)
    db.session.rollback()
    assert db.session.get_one(Drift, again.drift).cancel_words is None


def test_a_cancelled_meeting_can_be_taken_back_with_what_was_agreed_on():
    done = exchange("accepted", way=Way.MEET)
    sealed = db.session.get_one(Drift, done.drift).meeting
    cancel_promise(done.giver, done.drift, GONE, LATER)
    undo_step(done.giver, done.drift, LATER)
    row = db.session.get_one(Drift, done.drift)
    assert (row.state, row.meeting, row.cancel_reason, row.cancel_words) == ("accepted", sealed, None, None)


def test_steps_are_taken_back_three_times_in_an_exchange():
    """Who could go on for ever would keep the other side's bean, and their own deadline away."""
    done = exchange("waiting")
    for _ in range(MOST_UNDONE):
        drift.reject_request(done.giver, done.drift, LATER)
        undo_step(done.giver, done.drift, LATER)
    drift.reject_request(done.giver, done.drift, LATER)
    with pytest.raises(NothingToUndo):
        undo_step(done.giver, done.drift, LATER)
    make_certain(done.drift, LATER)
    assert beans_of(done.asker) == 1
    assert_audit_is_clean()


def test_a_book_that_is_said_to_be_handed_over_again_needs_no_code():
    done = exchange("accepted", way=Way.MEET)
    drift.confirm_met(done.giver, done.drift, LATER)
    drift.confirm_received(done.asker, done.drift, LATER)
    undo_step(done.asker, done.drift, LATER)
    assert (db.session.get_one(Drift, done.drift).state, find_code(done.drift)) == ("mailed", None)


def test_who_has_entered_wrong_codes_gets_no_further_tries_by_going_back_and_forth():
    done = exchange("accepted", way=Way.MEET)
    wrong = "000000" if find_code(done.drift) != "000000" else "111111"
    for _ in range(MOST_WRONG_TRIES):
        with pytest.raises((WrongHandOverCode, CodeRests)):
            drift.hand_over(done.giver, done.drift, wrong, LATER)
    drift.confirm_met(done.giver, done.drift, LATER)
    undo_step(done.giver, done.drift, LATER)
    with pytest.raises(CodeRests):
        drift.hand_over(done.giver, done.drift, find_code(done.drift), LATER)
