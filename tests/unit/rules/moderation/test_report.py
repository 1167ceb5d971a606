"""How much of a thread is copied for a report."""

import pytest

from app.rules.moderation.report import newest_within


@pytest.mark.parametrize(
    ("texts", "most", "expected"),
    [
        ([], 10, []),
        (["ab", "cd"], 10, ["ab", "cd"]),
        (["ab", "cd"], 6, ["ab", "cd"]),
        (["ab", "cd"], 5, ["cd"]),
        (["ab", "cd"], 3, ["cd"]),
        (["ab", "cd"], 2, []),
        (["a", "long one"], 5, []),
    ],
)
def test_the_newest_messages_are_copied(texts, most, expected):
    assert newest_within(texts, most) == expected
