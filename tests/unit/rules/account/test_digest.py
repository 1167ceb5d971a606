"""When summaries are due, in every time zone, and what they tell of."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.rules.account.digest import next_digest, topics_at
from app.rules.account.mail_topic import (
    DEFAULT_PACES,
    MailTopic,
    Pace,
    read_paces,
    topic_of,
    turn_off,
    write_paces,
)
from app.rules.exchange.drift import MailKind

DAILY = DEFAULT_PACES | {MailTopic.TURN: Pace.DAILY}
NONE = dict.fromkeys(DEFAULT_PACES, Pace.OFF)


def at(text, zone):
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


@pytest.mark.parametrize(
    ("now", "zone", "paces", "due"),
    [
        ("2026-11-27T21:00", "Asia/Shanghai", DEFAULT_PACES, "2026-11-28T08:00"),
        ("2026-11-28T07:59", "Asia/Shanghai", DEFAULT_PACES, "2026-11-28T08:00"),
        ("2026-11-28T08:00", "Asia/Shanghai", DEFAULT_PACES, "2026-12-05T08:00"),
        ("2026-11-28T08:00", "Asia/Shanghai", DAILY, "2026-11-29T08:00"),
        ("2026-11-26T23:59", "Pacific/Kiritimati", DEFAULT_PACES, "2026-11-28T08:00"),
        ("2026-11-26T23:59", "Pacific/Niue", DEFAULT_PACES, "2026-11-28T08:00"),
        ("2026-10-24T20:00", "Europe/Berlin", DAILY, "2026-10-25T08:00"),
        ("2026-03-28T20:00", "Europe/Berlin", DAILY, "2026-03-29T08:00"),
    ],
)
def test_a_summary_is_due_at_eight_of_the_readers_morning(now, zone, paces, due):
    assert next_digest(paces, 5, zone, at(now, zone)) == at(due, zone)


def test_who_wants_none_has_none():
    assert next_digest(NONE, 5, "UTC", 0) is None
    assert next_digest(NONE | {MailTopic.TURN: Pace.NOW}, 5, "UTC", 0) is None


@pytest.mark.parametrize(("day", "topics"), [(27, {MailTopic.TURN}), (28, {MailTopic.TURN, MailTopic.DRIFT})])
def test_weekly_kinds_are_told_on_the_readers_day_only(day, topics):
    assert topics_at(DAILY, 5, "Asia/Shanghai", at(f"2026-11-{day}T08:00", "Asia/Shanghai")) == topics


def test_by_default_what_needs_an_answer_is_mailed_at_once():
    now = {kind for kind in MailKind if DEFAULT_PACES[topic_of(kind)] is Pace.NOW}
    assert {MailKind.ASKED, MailKind.OFFERED, MailKind.NO_GIVER, MailKind.REMINDER, MailKind.WRITTEN} <= now
    assert now.isdisjoint({MailKind.RECEIVED, MailKind.MAILED, MailKind.OFFER_ENDED, MailKind.REJECTED})


def test_what_was_chosen_is_stored_in_few_words_and_read_again():
    assert (write_paces(DEFAULT_PACES), read_paces("")) == ("", DEFAULT_PACES)
    for pace in Pace:
        chosen = dict.fromkeys(DEFAULT_PACES, pace)
        assert (read_paces(write_paces(chosen)), len(write_paces(chosen)) <= 120) == (chosen, True)


def test_the_link_of_a_summary_turns_off_what_it_tells_of_and_no_more():
    assert turn_off(DAILY, MailTopic.DIGEST) == DAILY | {MailTopic.TURN: Pace.OFF, MailTopic.DRIFT: Pace.OFF}
    assert turn_off(DAILY, MailTopic.OFFER) == DAILY | {MailTopic.OFFER: Pace.OFF}
