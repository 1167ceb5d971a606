import pytest

from app.search.text.pinyin_query import split_syllables, syllables_expression

TABLE = frozenset(["san", "ti", "xi", "an", "xian", "zhong", "guo", "li", "shi", "jie"])


@pytest.mark.parametrize(
    ("letters", "ways"),
    [
        ("santi", [["san", "ti"]]),
        ("xian", [["xian"], ["xi", "an"]]),
        ("santij", [["san", "ti", "j*"]]),
        ("zhongguol", [["zhong", "guo", "l*"]]),
        ("harry", []),
        ("", [[]]),
    ],
)
def test_letters_are_split_into_syllables(letters, ways):
    assert split_syllables(letters, TABLE) == ways


def test_a_long_text_with_very_many_ways_gives_the_first_few():
    assert len(split_syllables("xian" * 10, TABLE)) == 4
    assert split_syllables("xian" * 9 + "q", TABLE) == []


def test_words_are_looked_for_together_and_apart():
    expression = syllables_expression(("santi", "lishi"), TABLE)

    assert '"san0ti" AND "ti0li" AND "li0shi"' in expression
    assert '"san0ti"' in expression.split(" OR ")[-1]
