"""One side says that the other did not come: who objects lets the exchange go on, and who is silent is counted."""

import pytest

from app.models.base import db
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.rules.clock import DAY, HOUR
from app.rules.exchange.drift import Way
from app.rules.exchange.refusals import MeetingMayBeAhead, TooManyOpenRequests
from app.services.bean.transfers import grant_beans
from app.services.correction.undo import undo_step
from app.services.delivery.hand_over import find_code
from app.services.exchange import drift
from app.services.exchange.deadlines import run_deadlines
from app.services.exchange.eligibility import get_asker_facts
from app.services.exchange.trust import facts_of
from tests.exchange import (
    NOW,
    THURSDAY,
    ask,
    assert_audit_is_clean,
    beans_of,
    book,
    copy_of,
    exchange,
    last_letter,
    letters,
    make_certain,
    reader,
    wish_for,
)

pytestmark = pytest.mark.usefixtures("app_context")


def state_of(done):
    db.session.rollback()
    row, copy = db.session.get_one(Drift, done.drift), db.session.get_one(Gift, done.gift)
    return row.state, row.absent, copy.state


@pytest.mark.parametrize("way", [Way.MEET, Way.PLACE])
def test_a_giver_who_does_not_answer_is_counted_and_the_copy_is_hidden(way):
    done = exchange("no_giver", way=way)
    run_deadlines(NOW + 48 * HOUR - 1)
    assert state_of(done) == ("no_giver", None, "reserved")
    before = last_letter()
    run_deadlines(NOW + 48 * HOUR)
    assert state_of(done) == ("expired", "giver", "hidden")
    assert letters(before) == [("drift_no_show", done.asker), ("drift_not_heard", done.giver)]
    assert (beans_of(done.asker), beans_of(done.giver)) == (1, 0)
    assert (facts_of(done.giver).missed, facts_of(done.asker).missed) == (1, 0)
    assert find_code(done.drift) is None
    assert_audit_is_clean()


def test_an_asker_who_does_not_answer_is_counted_and_the_copy_goes_to_who_waits_for_it():
    giver, asker, waiting, isbn = reader(0), reader(1), reader(1), book()
    copy = copy_of(giver, isbn, NOW, Way.MEET)
    id = ask(asker, copy, NOW, way=Way.MEET)
    wish_for(waiting, isbn, NOW)
    drift.accept_request(giver, id, NOW, THURSDAY)
    drift.report_absent(giver, id, NOW + 2 * DAY)
    run_deadlines(NOW + 4 * DAY)
    db.session.rollback()
    row, copy_row = db.session.get_one(Drift, id), db.session.get_one(Gift, copy)
    assert (row.state, row.absent, copy_row.state, copy_row.offered_to) == ("expired", "asker", "open", waiting)
    assert (row.meeting, row.proposals) == (None, None)
    assert beans_of(asker) == 1
    assert (facts_of(asker).missed, facts_of(giver).missed) == (1, 0)
    assert_audit_is_clean()


@pytest.mark.parametrize(("state", "side"), [("no_giver", "giver"), ("no_asker", "asker")])
def test_who_objects_lets_the_exchange_go_on_and_both_are_told(state, side):
    done = exchange(state, way=Way.MEET)
    before, code = last_letter(), find_code(done.drift)
    assert drift.object_to(getattr(done, side), done.drift, NOW + DAY) == "accepted"
    assert letters(before) == [("drift_still_on", done.asker), ("drift_still_on", done.giver)]
    assert find_code(done.drift) == code
    with pytest.raises(MeetingMayBeAhead) as early:
        drift.report_absent(done.asker, done.drift, NOW + 3 * DAY - 1)
    assert early.value.possible_from == NOW + 3 * DAY
    run_deadlines(NOW + 14 * DAY)
    assert state_of(done) == ("accepted", None, "reserved")
    run_deadlines(NOW + 15 * DAY)
    assert state_of(done) == ("expired", None, "open")
    assert facts_of(done.giver).missed == facts_of(done.asker).missed == 0


@pytest.mark.parametrize("state", ["no_giver", "no_asker"])
def test_the_code_is_good_until_the_exchange_ends(state):
    done = exchange(state, way=Way.MEET)
    drift.hand_over(done.giver, done.drift, find_code(done.drift), NOW + DAY)
    undo_step(done.giver, done.drift, NOW + DAY + 60)
    assert state_of(done) == (state, None, "reserved")
    drift.hand_over(done.giver, done.drift, find_code(done.drift), NOW + DAY + 120)
    make_certain(done.drift, NOW + DAY + 120)
    assert state_of(done) == ("received", None, "given")
    assert find_code(done.drift) is None


def test_a_giver_answers_by_leaving_the_book():
    done = exchange("no_giver", way=Way.PLACE)
    drift.confirm_left(done.giver, done.drift, NOW + DAY)
    run_deadlines(NOW + 3 * DAY)
    assert state_of(done) == ("mailed", None, "reserved")


@pytest.mark.parametrize("way", [Way.MEET, Way.PLACE])
def test_nobody_is_said_to_be_absent_before_they_could_come(way):
    done = exchange("accepted", way=way)
    with pytest.raises(MeetingMayBeAhead):
        drift.report_absent(done.asker, done.drift, NOW + 2 * DAY - 1)
    drift.report_absent(done.asker, done.drift, NOW + 2 * DAY)
    assert state_of(done)[0] == "no_giver"


def test_whom_others_waited_for_three_times_in_ninety_days_has_one_request_at_a_time():
    me = reader(5)
    grant_beans(me, 5, "more", NOW)
    given = [exchange("received", way=Way.MEET) for _ in range(2)]
    missed = [exchange("expired", way=Way.MEET) for _ in range(3)]
    with db.auto_commit():
        for done in (*given, *missed):
            db.session.get_one(Drift, done.drift).giver_id = me
        for done in missed:
            db.session.get_one(Drift, done.drift).absent = "giver"
    ask(me, copy_of(reader(0)))
    with pytest.raises(TooManyOpenRequests) as refused:
        ask(me, copy_of(reader(0)))
    assert (refused.value.limit, refused.value.absences) == (1, 3)
    later = NOW + 90 * DAY
    assert get_asker_facts(me, later).limit == 3
    ask(me, copy_of(reader(0), None, later), later)


def test_the_queue_looks_each_day_for_a_reader_whose_absences_will_be_longer_ago():
    me, isbn = reader(5), book()
    missed = [exchange("expired", way=Way.MEET) for _ in range(3)]
    under_way = exchange("mailed")
    with db.auto_commit():
        for done in missed:
            db.session.get_one(Drift, done.drift).set_attrs({"giver_id": me, "absent": "giver"})
        db.session.get_one(Drift, under_way.drift).asker_id = me
    wish_for(me, isbn, NOW)
    copy_of(reader(0), isbn, NOW)
    run_deadlines(NOW)
    db.session.rollback()
    assert db.session.get_one(User, me).look_time == NOW + DAY
