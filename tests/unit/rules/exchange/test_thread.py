"""Who may still write to whom."""

import pytest

from app.rules.exchange.drift import DriftState
from app.rules.exchange.refusals import ThreadClosed, ThreadFull
from app.rules.exchange.thread import (
    HIDDEN_FOR,
    LONGEST_MESSAGE,
    LONGEST_QUOTE,
    MOST_MESSAGES,
    Phrase,
    ensure_may_write,
    is_open,
    kept_until,
    quoted,
)


@pytest.mark.parametrize(
    ("state", "erase_time", "expected"),
    [
        ("waiting", None, True),
        ("mailed", None, True),
        ("received", 101, True),
        ("received", 100, False),
        ("missing", None, False),
        ("rejected", None, False),
        ("cancelled", 101, False),
    ],
)
def test_a_thread_is_open_until_it_is_erased(state, erase_time, expected):
    assert is_open(DriftState(state), erase_time, now=100) is expected


@pytest.mark.parametrize(
    ("state", "undo_until", "ends", "expected"),
    [
        ("accepted", None, (None, None), None),
        ("accepted", 100, (None, None), None),
        ("received", None, (None, 500), 500),
        ("rejected", 100, (None, None), 100 + HIDDEN_FOR),
        ("cancelled", 100, (None, 500), 500),
        ("withdrawn", None, (700, None), 700),
        ("received", None, (700, 500), 500),
    ],
)
def test_a_message_is_kept_until_the_first_of_what_ends_it(state, undo_until, ends, expected):
    assert kept_until(DriftState(state), undo_until, *ends) == expected


def test_thirty_messages_are_the_most():
    assert MOST_MESSAGES == 30
    ensure_may_write(is_open=True, is_other_there=True, written=29)
    with pytest.raises(ThreadFull) as refused:
        ensure_may_write(is_open=True, is_other_there=True, written=30)
    assert refused.value.limit == 30


@pytest.mark.parametrize(("is_open", "is_other_there", "has_left"), [(False, True, False), (True, False, True)])
def test_nobody_writes_where_nobody_reads(is_open, is_other_there, has_left):
    with pytest.raises(ThreadClosed) as refused:
        ensure_may_write(is_open, is_other_there, 0)
    assert refused.value.has_left is has_left


def test_there_are_a_dozen_phrases():
    assert len(Phrase) == 12
    assert all(len(phrase) <= 20 for phrase in Phrase)


@pytest.mark.parametrize(
    ("words", "quote"),
    [
        ("你好，我想读这本书。", "你好，我想读这本书。"),
        ("It cost 12.50 in 2019, e.g. new", "It cost 12.50 in 2019, e.g. new"),
        ("写信到me@example.org吧", "写信到[…]吧"),
        ("电话138-0000-1111。", "电话[…]。"),
        ("see HTTPS://x.example/a?b=c now", "see […] now"),
        ("看x.example.cn/y", "看[…]"),
        ("www.例子.中国 ok", "[…] ok"),
        ("a" * (LONGEST_QUOTE + 1), "a" * (LONGEST_QUOTE - 1) + "…"),
        ("", ""),
    ],
)
def test_a_mail_quotes_what_was_written_without_ways_around_the_site(words, quote):
    assert quoted(words) == quote


@pytest.mark.parametrize("letter", ["a", ".", "1", "-", "@", "a.", "1 "])
def test_the_longest_message_is_quoted_at_once(letter):
    assert len(quoted(letter * LONGEST_MESSAGE)) <= LONGEST_QUOTE
