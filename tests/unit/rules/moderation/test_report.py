"""How much of a thread is copied for a report."""

import pytest

from app.rules.moderation.report import MOST_COPIED, newest_within


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


def test_the_longest_copy_fits_in_a_column_when_it_is_encrypted(app):
    from app.models.encrypted import seal

    with app.app_context():
        assert len(seal("鱼" * MOST_COPIED)) < 65_536
        assert len(seal("😀" * MOST_COPIED)) < 65_536
