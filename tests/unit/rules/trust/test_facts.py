"""What may be known of a reader's past exchanges."""

import pytest

from app.rules.clock import DAY, HOUR
from app.rules.trust.facts import Counts, Facts, RequestEvent, count_facts, find_answer_seconds

ASKED = {1: 0, 2: 0, 3: 0, 4: 0}


def answers(*days, action="accept", to="accepted"):
    return [RequestEvent(place, action, to, int(day * DAY)) for place, day in enumerate(days, 1)]


@pytest.mark.parametrize(
    ("counts", "exchanges", "is_new"),
    [
        (Counts(), 0, True),
        (Counts(given_by_post=1, received_in_person=1), 2, True),
        (Counts(cancelled=5, lapsed=5, given_by_post=2), 2, True),
        (Counts(given_by_post=2, received_by_post=1), 3, False),
        (Counts(not_arrived=1, absent_as_asker=1, lost_in_person=1), 3, False),
    ],
)
def test_more_than_a_number_is_said_from_three_exchanges_on(counts, exchanges, is_new):
    facts = count_facts(5, counts)
    assert (facts.exchanges, facts.is_new) == (exchanges, is_new)


def test_each_number_says_what_happened():
    counts = Counts(
        given_by_post=1,
        given_in_person=2,
        received_by_post=4,
        received_in_person=8,
        lost_by_post=16,
        lost_in_person=32,
        not_arrived=64,
        cancelled=3,
        lapsed=5,
        absent_as_giver=6,
        absent_as_asker=7,
    )
    facts = Facts(9, given=3, received=12, sent=17, unsent=8, kept=10, missed=13, lost=48, not_arrived=64)
    assert count_facts(9, counts) == facts
    assert facts.promised == 25


def test_no_number_is_above_a_hundred():
    facts = count_facts(0, Counts(*[100] * 11))
    assert {facts.given, facts.received, facts.sent, facts.promised, facts.missed, facts.lost} == {100}


@pytest.mark.parametrize(
    ("events", "seconds"),
    [
        ([], None),
        (answers(1, 2), None),
        (answers(1, 2, 30), 2 * DAY),
        (answers(1, 2, 4, 30), 3 * DAY),
        (answers(5, 5, 5, action="lapse", to="expired"), 5 * DAY),
        (answers(1, 2, 3, action="redraw", to="withdrawn"), None),
        ([*answers(1, 2, 30), RequestEvent(3, "undo", "waiting", 30 * DAY)], None),
        (
            [
                *answers(1, 2, 30),
                RequestEvent(2, "undo", "waiting", 2 * DAY),
                RequestEvent(2, "accept", "accepted", 9 * DAY),
            ],
            9 * DAY,
        ),
        ([*answers(1, 2, 30), RequestEvent(1, "address", "waiting", 0)], None),
        (answers(-1, -1, -1), 0),
    ],
)
def test_how_soon_a_reader_answers_is_the_middle_of_the_answers_that_stand(events, seconds):
    assert find_answer_seconds(ASKED, events) == seconds


@pytest.mark.parametrize(("seconds", "days"), [(None, None), (0, 1), (35 * HOUR, 1), (37 * HOUR, 2), (6 * DAY, 6)])
def test_answers_are_told_in_whole_days(seconds, days):
    assert Facts(0, answer_seconds=seconds).answer_days == days


@pytest.mark.parametrize(("said", "told"), [(0, 0), (1, 0), (2, 2), (7, 7)])
def test_that_books_were_not_as_described_is_told_of_a_pattern_only(said, told):
    assert count_facts(0, Counts(not_described=said)).not_described == told
