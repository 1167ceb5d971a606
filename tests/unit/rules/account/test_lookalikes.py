"""Which texts look alike; the table is rebuilt for each test."""

import pytest

from app.rules.account import lookalikes


@pytest.fixture(autouse=True)
def _anew():
    lookalikes._prototypes.cache_clear()


@pytest.mark.parametrize(
    ("group", "look"),
    [
        (["a", "A", "\u0430", "\u0410"], "a"),
        (["l", "1", "I", "|"], "l"),
        (["O", "0", "\u043e"], "o"),
        (["rn", "m"], "rn"),
    ],
)
def test_what_looks_alike_has_one_look(group, look):
    assert {lookalikes.look_of(text) for text in group} == {look}


def test_what_nobody_sees_is_dropped():
    assert lookalikes.drop_unseen("a\u200b\ufe0f\u3164b") == "ab"
