"""How long something still lasts, in words."""

from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup

from app.rules.clock import DAY, HOUR, MINUTE
from app.web.display import times
from app.web.display.drift_words import deadline_sentence
from app.web.display.times import age, ago_element, left_words, time_left

NOW = 1_795_773_600  # Fri 27 Nov 2026, 10:00 UTC


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (5 * DAY + HOUR, "5 days left", "还有 5 天"),
        (2 * DAY, "2 days left", "还有 2 天"),
        (2 * DAY - 1, "47 hours left", "还有 47 小时"),
        (HOUR, "1 hour left", "还有 1 小时"),
        (HOUR - 1, "less than an hour left", "不到一小时"),
        (-DAY, "less than an hour left", "不到一小时"),
    ],
)
def test_the_time_that_is_left_is_said_in_days_and_at_the_end_in_hours(app, monkeypatch, seconds, english, chinese):
    monkeypatch.setattr(times, "now", lambda: NOW)
    for language, words in (("en", english), ("zh", chinese)):
        with app.test_request_context(headers={"Accept-Language": language}):
            assert left_words(time_left(NOW + seconds)) == words


def test_what_has_no_end_has_nothing_left():
    assert time_left(None) is None


@pytest.mark.parametrize(
    ("language", "far", "near"),
    [
        ("en", "Please answer by Tue 1 Dec.", "Please answer by Tue 1 Dec, 18:00."),
        ("zh", "请在12月1日周二前答复。", "请在12月1日周二 18:00前答复。"),
    ],
)
def test_a_deadline_names_the_hour_only_when_it_is_near(app, language, far, near):
    due = NOW + 4 * DAY
    with app.test_request_context(headers={"Accept-Language": language}):
        for is_near, words in ((False, far), (True, near)):
            assert deadline_sentence("waiting", "giver", "post", due, due, is_near).striptags() == words


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (-5, "1 minute ago", "1 分钟前"),
        (2 * MINUTE - 1, "1 minute ago", "1 分钟前"),
        (3 * HOUR + MINUTE, "3 hours ago", "3 小时前"),
        (3 * DAY + HOUR, "3 days ago", "3 天前"),
        (7 * DAY - 1, "6 days ago", "6 天前"),
        (7 * DAY, "20 Nov 2026", "2026年11月20日"),
    ],
)
def test_what_happened_within_a_week_is_said_by_how_long_ago_and_with_the_whole_date(
    app, monkeypatch, seconds, english, chinese
):
    monkeypatch.setattr(times, "now", lambda: NOW)
    for language, words in (("en", english), ("zh", chinese)):
        with app.test_request_context(headers={"Accept-Language": language}):
            shown = BeautifulSoup(ago_element(age(NOW - seconds)), "html.parser").time
            assert shown == BeautifulSoup(ago_element(NOW - seconds), "html.parser").time
            assert shown.get_text() in (words, "Nov 20, 2026" if language == "en" else words)
            assert shown["datetime"] == datetime.fromtimestamp(NOW - seconds, UTC).isoformat()
            assert ("2026" in shown["title"], ":" in shown["title"]) == (True, True)


def test_what_is_kept_is_drawn_again_when_its_words_change(monkeypatch):
    monkeypatch.setattr(times, "now", lambda: NOW)
    ages = [age(NOW - 3 * DAY - passed) for passed in (0, HOUR)]
    monkeypatch.setattr(times, "now", lambda: NOW + DAY)
    assert (ages[0].past, ages[1].past, age(NOW - 3 * DAY).past) == (3 * DAY, 3 * DAY, 4 * DAY)
    assert age(None) is None
