"""When the clock acts on a drift."""

import pytest

from app.rules.clock import DAY, HOUR
from app.rules.exchange.deadlines import Deadlines
from app.rules.exchange.drift import UNDER_WAY, Action, DriftState, Way
from app.rules.exchange.refusals import LookOnceMore, MeetingMayBeAhead, TooEarlyToReport

SINCE = 1_000_000
RULES = Deadlines()
ENDED = [state for state in DriftState if state not in UNDER_WAY]


def test_a_day_has_86400_seconds():
    assert (HOUR, DAY) == (3600, 86400)


@pytest.mark.parametrize(
    ("state", "day_now", "day_due"),
    [
        ("waiting", 0, 5),
        ("waiting", 9, 5),
        ("accepted", 0, 7),
        ("mailed", 0, 7),
        ("mailed", 7, 14),
        ("mailed", 8, 14),
        ("mailed", 15, 21),
        ("mailed", 21, 30),
        ("mailed", 40, 30),
    ],
)
def test_the_next_deadline_of_a_drift_under_way(state, day_now, day_due):
    due = RULES.next_due(DriftState(state), Way.POST, SINCE, SINCE + day_now * DAY)
    assert due == SINCE + day_due * DAY


@pytest.mark.parametrize("state", ["waiting", "accepted"])
def test_reminders_are_for_books_that_are_on_their_way(state):
    slow = Deadlines(answer_days=30, mail_days=30)
    assert slow.next_due(DriftState(state), Way.POST, SINCE, SINCE) == SINCE + 30 * DAY


def test_a_mailed_book_counts_as_received_after_thirty_days():
    assert RULES.end_of(DriftState.MAILED, Way.POST, SINCE) == SINCE + 30 * DAY


@pytest.mark.parametrize("state", ENDED)
def test_an_ended_drift_has_no_deadline(state):
    assert RULES.next_due(state, Way.POST, SINCE, SINCE) is None
    assert RULES.find_due_action(state, Way.POST, SINCE, SINCE + 999 * DAY) is None


@pytest.mark.parametrize(
    ("state", "seconds", "action"),
    [
        ("waiting", 5 * DAY - 1, None),
        ("waiting", 5 * DAY, Action.LAPSE),
        ("waiting", 50 * DAY, Action.LAPSE),
        ("accepted", 7 * DAY - 1, None),
        ("accepted", 7 * DAY, Action.LAPSE),
        ("mailed", 7 * DAY - 1, None),
        ("mailed", 7 * DAY, Action.REMIND),
        ("mailed", 30 * DAY - 1, Action.REMIND),
        ("mailed", 30 * DAY, Action.RECEIVED),
        ("mailed", 31 * DAY, Action.RECEIVED),
    ],
)
def test_the_clock_acts_when_the_time_has_come(state, seconds, action):
    assert RULES.find_due_action(DriftState(state), Way.POST, SINCE, SINCE + seconds) is action


@pytest.mark.parametrize(
    ("state", "seconds", "action", "due"),
    [
        ("waiting", 5 * DAY, Action.LAPSE, 5 * DAY),
        ("accepted", 10 * DAY - 1, None, 10 * DAY),
        ("accepted", 10 * DAY, Action.REMIND, 14 * DAY),
        ("accepted", 14 * DAY, Action.LAPSE, 14 * DAY),
        ("mailed", 48 * HOUR - 1, None, 48 * HOUR),
        ("mailed", 48 * HOUR, Action.RECEIVED, 48 * HOUR),
    ],
)
def test_readers_who_meet_have_two_weeks_and_then_two_days_to_object(state, seconds, action, due):
    place = DriftState(state), Way.MEET, SINCE, SINCE + seconds
    assert (RULES.find_due_action(*place), RULES.next_due(*place)) == (action, SINCE + due)


@pytest.mark.parametrize("state", ["no_asker", "no_giver"])
def test_who_is_said_not_to_have_come_has_two_days_to_answer(state):
    place = DriftState(state), Way.MEET, SINCE
    assert RULES.next_due(*place, SINCE) == SINCE + 48 * HOUR
    assert RULES.find_due_action(*place, SINCE + 48 * HOUR - 1) is None
    assert RULES.find_due_action(*place, SINCE + 48 * HOUR) is Action.NO_SHOW


def test_that_the_other_side_did_not_come_can_be_said_from_the_second_day_on():
    with pytest.raises(MeetingMayBeAhead) as refused:
        RULES.ensure_may_say_absent(SINCE, SINCE + 2 * DAY - 1)
    assert vars(refused.value) == {"possible_from": SINCE + 2 * DAY}
    RULES.ensure_may_say_absent(SINCE, SINCE + 2 * DAY)


def test_reminders_may_be_given_in_any_order_and_never_come_at_or_after_the_end():
    rules = Deadlines(reminder_days=(20, 3, 10), receipt_days=10)
    assert rules.next_due(DriftState.MAILED, Way.POST, SINCE, SINCE) == SINCE + 3 * DAY
    assert rules.next_due(DriftState.MAILED, Way.POST, SINCE, SINCE + 3 * DAY) == SINCE + 10 * DAY
    assert rules.find_due_action(DriftState.MAILED, Way.POST, SINCE, SINCE + 10 * DAY) is Action.RECEIVED


def test_with_no_reminders_only_the_end_is_due():
    rules = Deadlines(reminder_days=())
    assert rules.find_due_action(DriftState.MAILED, Way.POST, SINCE, SINCE + 29 * DAY) is None
    assert rules.find_due_action(DriftState.MAILED, Way.POST, SINCE, SINCE + 30 * DAY) is Action.RECEIVED


@pytest.mark.parametrize(
    ("seconds", "action", "due"),
    [
        (3 * DAY - 1, None, 3 * DAY),
        (3 * DAY, Action.REMIND, 5 * DAY),
        (5 * DAY - 1, Action.REMIND, 5 * DAY),
        (5 * DAY, Action.RECEIVED, 5 * DAY),
    ],
)
def test_a_book_that_was_left_at_a_place_counts_as_received_after_five_days(seconds, action, due):
    place = DriftState.MAILED, Way.PLACE, SINCE, SINCE + seconds
    assert (RULES.find_due_action(*place), RULES.next_due(*place)) == (action, SINCE + due)


@pytest.mark.parametrize(
    ("way", "seconds", "refusal"),
    [(Way.POST, 14 * DAY, TooEarlyToReport), (Way.MEET, 14 * DAY, TooEarlyToReport), (Way.PLACE, DAY, LookOnceMore)],
)
def test_a_book_can_be_reported_missing_from_a_day_on_that_depends_on_the_way(way, seconds, refusal):
    assert RULES.missing_from(way, SINCE) == SINCE + seconds
    with pytest.raises(refusal) as refused:
        RULES.ensure_may_report(way, SINCE, SINCE + seconds - 1)
    assert vars(refused.value) == {"possible_from": SINCE + seconds}
    RULES.ensure_may_report(way, SINCE, SINCE + seconds)


def test_an_offer_is_kept_for_two_days():
    assert RULES.offer_until(SINCE) == SINCE + 48 * 3600


def test_an_address_is_erased_two_weeks_after_the_end():
    for state in (DriftState.RECEIVED, DriftState.MISSING):
        assert RULES.erase_time(state, SINCE) == SINCE + 14 * DAY


@pytest.mark.parametrize("state", [*sorted(UNDER_WAY), "rejected", "withdrawn", "expired"])
def test_no_time_to_erase_is_kept_of_what_is_under_way_or_erased_at_once(state):
    assert RULES.erase_time(DriftState(state), SINCE) is None


@pytest.mark.parametrize(
    ("day_now", "day_due", "action"),
    [
        (-30, -3, None),
        (-4, -3, None),
        (-3, 0, Action.REMIND),
        (-1, 0, Action.REMIND),
        (0, 7, Action.REMIND),
        (6, 7, Action.REMIND),
        (7, 21, Action.REMIND),
        (21, 45, Action.REMIND),
        (44, 45, Action.REMIND),
        (45, 45, Action.KEEP),
        (99, 45, Action.KEEP),
    ],
)
def test_a_borrower_is_reminded_around_the_day_on_which_the_book_is_due(day_now, day_due, action):
    place = DriftState.LENT, Way.MEET, SINCE, SINCE + day_now * DAY
    assert (RULES.find_due_action(*place), RULES.next_due(*place)) == (action, SINCE + day_due * DAY)


@pytest.mark.parametrize(
    ("day_now", "action"), [(6, None), (7, Action.REMIND), (13, Action.REMIND), (14, Action.RETURNED)]
)
def test_a_lender_has_two_weeks_to_say_that_a_book_is_not_back(day_now, action):
    assert RULES.find_due_action(DriftState.GIVEN_BACK, Way.POST, SINCE, SINCE + day_now * DAY) is action
