"""A reader goes away and comes back: copies, offers, and the deadlines of what waits."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from app.models.base import db
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.rules.clock import DAY, HOUR
from app.rules.exchange.drift import Way
from app.rules.exchange.refusals import AwayTooLong, GiverAway, ReturnNotAhead
from app.rules.refusal import Refusal
from app.services.account.away import come_back, go_away
from app.services.bean.transfers import grant_beans
from app.services.exchange import drift
from app.services.exchange.deadlines import run_deadlines
from tests.exchange import (
    ACCEPT,
    NOW,
    ask,
    assert_audit_is_clean,
    book,
    copy_of,
    exchange,
    last_letter,
    letters,
    list_left_out,
    reader,
    wish_for,
)
from tests.services.exchange.test_wish_queue_at_once import at_once

TODAY = datetime.fromtimestamp(NOW, UTC).date()


def days_away(reader_id, days, now=NOW, words=""):
    """Be away until that many days after the day of `NOW`; return the time of the return."""
    return go_away(reader_id, TODAY + timedelta(days), words, now)


def kept_for(gift_id):
    db.session.rollback()
    return db.session.scalars(select(Gift.offered_to).where(Gift.id == gift_id)).one()


def row_of(done):
    db.session.rollback()
    return db.session.get_one(Drift, done.drift)


def utc_reader(beans=0):
    return reader(beans, time_zone="UTC")


def exchange_in(state, way=Way.POST):
    """Return an exchange, whose giver is in the time zone UTC."""
    done = exchange(state, NOW, way)
    with db.auto_commit():
        db.session.get_one(User, done.giver).time_zone = "UTC"
    return done


def test_nobody_can_ask_for_a_copy_until_its_giver_is_back(app_context):
    giver, asker = utc_reader(), reader()
    copy = copy_of(giver)
    until = days_away(giver, 10)
    assert until == datetime.combine(TODAY + timedelta(10), datetime.min.time(), UTC).timestamp()
    with pytest.raises(GiverAway) as refused:
        ask(asker, copy, until - 1)
    assert refused.value.until == until
    ask(asker, copy, until)


def test_the_day_begins_in_the_time_zone_of_the_reader(app_context):
    shanghai, new_york = (reader(0, time_zone=zone) for zone in ("Asia/Shanghai", "America/New_York"))
    assert days_away(new_york, 10) - days_away(shanghai, 10) == 13 * HOUR


@pytest.mark.parametrize(("days", "refusal"), [(0, ReturnNotAhead), (-9, ReturnNotAhead), (182, AwayTooLong)])
def test_the_day_is_ahead_and_not_too_far(app_context, days, refusal):
    with pytest.raises(refusal):
        days_away(utc_reader(), days)


@pytest.mark.parametrize("day", [date.min, date.max])
def test_no_day_is_too_much(app_context, day):
    with pytest.raises(Refusal):
        go_away(reader(), day, "", NOW)


def test_the_queue_offers_nothing_from_nor_to_who_is_away_and_looks_again_on_the_return(app_context):
    isbn, other = book(), book()
    away, giver, waiting, second = utc_reader(1), utc_reader(), reader(), reader()
    wish_for(away, isbn, NOW)
    wish_for(second, isbn, NOW + 1)
    wish_for(waiting, other, NOW)
    until = days_away(away, 5)
    days_away(giver, 5)
    theirs, other_copy, letter = copy_of(giver, other), copy_of(reader(0), isbn), last_letter()
    run_deadlines(NOW + DAY)
    assert (kept_for(theirs), kept_for(other_copy), letters(letter)) == (None, second, [])
    run_deadlines(until)
    assert (kept_for(theirs), kept_for(other_copy)) == (waiting, away)
    assert list_left_out(until) == []


def test_who_comes_back_early_is_offered_a_copy_at_once(app_context):
    isbn, away, giver, waiting = book(), utc_reader(1), utc_reader(), reader()
    wish_for(away, isbn)
    wish_for(waiting, other := book())
    days_away(away, 30)
    days_away(giver, 30)
    copy, theirs = copy_of(reader(0), isbn), copy_of(giver, other)
    run_deadlines(NOW + DAY)
    assert (kept_for(copy), kept_for(theirs)) == (None, None)
    come_back(away, NOW + DAY)
    come_back(giver, NOW + DAY)
    run_deadlines(NOW + DAY)
    assert (kept_for(copy), kept_for(theirs)) == (away, waiting)


def test_a_bean_that_comes_meanwhile_is_not_forgotten(app_context):
    isbn, away = book(), utc_reader()
    wish_for(away, isbn)
    copy = copy_of(reader(0), isbn)
    until = days_away(away, 5)
    grant_beans(away, 1, "meanwhile", NOW + DAY)
    run_deadlines(NOW + DAY)
    assert kept_for(copy) is None
    run_deadlines(until)
    assert kept_for(copy) == away


def test_a_copy_that_was_kept_before_can_be_asked_for_and_the_answer_has_time(app_context):
    isbn, giver, waiting = book(), utc_reader(), reader()
    wish_for(waiting, isbn)
    copy = copy_of(giver, isbn)
    until = days_away(giver, 10)
    drift_id = ask(waiting, copy)
    assert db.session.get_one(Drift, drift_id).due_time == until + 2 * DAY


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("state", ["waiting", "accepted"])
def test_the_deadlines_of_what_waits_for_a_giver_move_to_two_days_after_the_return(app_context, way, state):
    done = exchange_in(state, way)
    usual = row_of(done).due_time
    days_away(done.giver, 2)
    assert (row_of(done).pause, row_of(done).due_time) == (0, usual)
    until = days_away(done.giver, 20)
    run_deadlines(until + 2 * DAY - 1)
    assert row_of(done).state == state
    run_deadlines(until + 2 * DAY)
    assert row_of(done).state == "expired"
    assert_audit_is_clean()


def test_they_move_by_at_most_21_days_however_long_and_often_the_giver_is_away(app_context):
    done = exchange_in("waiting")
    days_away(done.giver, 90)
    days_away(done.giver, 120, NOW + 20 * DAY)
    assert row_of(done).due_time == NOW + (5 + 21) * DAY
    run_deadlines(NOW + 26 * DAY)
    assert row_of(done).state == "expired"


def test_a_giver_who_comes_back_early_has_two_days(app_context):
    done = exchange_in("waiting")
    days_away(done.giver, 15)
    come_back(done.giver, NOW + 9 * DAY)
    assert row_of(done).due_time == NOW + 11 * DAY
    come_back(done.giver, NOW + 10 * DAY)
    assert row_of(done).due_time == NOW + 11 * DAY


def test_who_comes_back_before_the_usual_deadline_has_that(app_context):
    done = exchange_in("waiting")
    days_away(done.giver, 15)
    come_back(done.giver, NOW + DAY)
    assert (row_of(done).due_time, row_of(done).pause) == (NOW + 5 * DAY, 0)


def test_who_accepts_from_afar_mails_after_the_return(app_context):
    done = exchange_in("waiting")
    until = days_away(done.giver, 20)
    ACCEPT(done, NOW + DAY)
    assert row_of(done).due_time == until + 2 * DAY
    drift.confirm_mailed(done.giver, done.drift, "", NOW + 2 * DAY)
    assert (row_of(done).pause, row_of(done).due_time) == (0, NOW + 9 * DAY)


def test_the_deadlines_of_an_asker_who_is_away_stay(app_context):
    done = exchange("mailed")
    before = row_of(done).due_time
    days_away(done.asker, 20)
    assert row_of(done).due_time == before


def test_a_copy_listed_meanwhile_is_offered_on_the_return(app_context):
    isbn, giver, waiting = book(), utc_reader(), reader()
    wish_for(waiting, isbn)
    until = days_away(giver, 3)
    copy = copy_of(giver, isbn, NOW + DAY)
    run_deadlines(NOW + 2 * DAY)
    assert kept_for(copy) is None
    run_deadlines(until)
    assert kept_for(copy) == waiting


def test_the_absence_and_its_words_are_forgotten_after_the_return(app_context):
    who = utc_reader()
    until = days_away(who, 3, words="by the sea")
    run_deadlines(until)
    db.session.rollback()
    row = db.session.get_one(User, who)
    assert (row.away_until, row.away_words, row.look_time) == (None, "", None)


def test_asking_and_going_away_at_once_leaves_a_request_with_time_or_none(any_engine_app):
    for _ in range(4):
        giver, asker = utc_reader(), reader()
        copy = copy_of(giver)
        faults = at_once(any_engine_app, [partial(days_away, giver, 20), partial(ask, asker, copy)])
        db.session.rollback()
        asked = db.session.scalar(select(Drift).where(Drift.gift_id == copy))
        assert [type(fault) for fault in faults] == ([] if asked else [GiverAway])
        assert asked is None or asked.due_time == db.session.get_one(User, giver).away_until + 2 * DAY


def test_the_clock_and_going_away_at_once_end_the_request_or_give_it_time(any_engine_app):
    for _ in range(4):
        done = exchange_in("waiting")
        with db.auto_commit():
            late = update(Drift).where(Drift.id == done.drift).values(state_time=NOW - 5 * DAY, due_time=NOW)
            db.session.execute(late)
        actions = [partial(days_away, done.giver, 5), partial(run_deadlines, NOW), partial(run_deadlines, NOW)]
        assert at_once(any_engine_app, actions) == []
        after = row_of(done)
        until = db.session.get_one(User, done.giver).away_until
        assert (after.state, after.due_time) in (("expired", None), ("waiting", until + 2 * DAY))
    assert_audit_is_clean()


def test_a_clock_that_still_finds_a_drift_due_leaves_it_when_its_giver_has_just_gone_away(app_context):
    done = exchange_in("waiting")
    until = days_away(done.giver, 8, NOW + 4 * DAY)
    with db.auto_commit():
        db.session.execute(update(Drift).where(Drift.id == done.drift).values(due_time=NOW + 5 * DAY))
    assert run_deadlines(NOW + 5 * DAY).stuck == []
    assert (row_of(done).state, row_of(done).due_time) == ("waiting", until + 2 * DAY)
