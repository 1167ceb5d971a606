"""Cleaning texts, and folding them for comparison."""

import pytest

from app.rules.text import LONGEST_TEXT, as_typed, as_typed_lines, fold_width


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("书脊略有磨损，内页干净", "书脊略有磨损，内页干净"),
        ("三体：死神永生（典藏版）", "三体：死神永生（典藏版）"),
        ("  a \u0000\u202e b\t c ", "a b c"),
        ("Zoe\u0308", "Zo\u00eb"),
        (None, ""),
    ],
)
def test_a_line_is_kept_as_it_was_typed(typed, kept):
    assert as_typed(typed) == kept


def test_line_breaks_are_kept_but_not_many_empty_lines():
    assert as_typed_lines("你好！\r\n\r\n\r\n\r\n 周末可以吗？ \n谢谢") == "你好！\n\n周末可以吗？\n谢谢"


def test_width_makes_no_difference_to_what_is_compared():
    assert fold_width("ＡＢＣ，１２３") == "ABC,123"


@pytest.mark.parametrize("function", [as_typed, as_typed_lines, fold_width])
def test_no_more_is_looked_at_than_any_field_takes(function):
    assert len(function("a" * 10 * LONGEST_TEXT)) == LONGEST_TEXT


@pytest.mark.parametrize("function", [as_typed, as_typed_lines, fold_width])
def test_nothing_typed_is_an_empty_text(function):
    assert function(None) == function("") == ""
