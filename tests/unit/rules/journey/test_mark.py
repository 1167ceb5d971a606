"""A mark is read however it is typed, and no slip of the hand leads to another copy."""

import pytest

from app.rules.journey.mark import ALPHABET, LENGTH, RANDOM_BITS, make_mark, read_mark, spaced, with_check

MARKS = [with_check(number) for number in (0, 2**RANDOM_BITS - 1, *(7**power for power in range(13)))]


def test_a_mark_has_35_random_bits_and_no_characters_that_look_alike():
    assert RANDOM_BITS >= 35
    assert len(set(ALPHABET)) == 32
    assert not set("01OI") & set(ALPHABET)
    assert len({make_mark() for _ in range(2_000)}) == 2_000
    assert {len(mark) for mark in MARKS} == {LENGTH}


def test_no_two_numbers_have_the_same_mark():
    assert len({with_check(number) for number in range(40_000)}) == 40_000


@pytest.mark.parametrize("mark", MARKS)
def test_every_wrong_character_and_every_swap_of_neighbours_is_noticed(mark):
    for place in range(LENGTH):
        for other in set(ALPHABET) - {mark[place]}:
            assert read_mark(mark[:place] + other + mark[place + 1 :]) is None
    for place in range(LENGTH - 1):
        swapped = mark[:place] + mark[place + 1] + mark[place] + mark[place + 2 :]
        assert read_mark(swapped) == (mark if mark[place] == mark[place + 1] else None)


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_is_read_as_people_type_it(mark):
    wide = "".join(chr(ord(character) + 0xFEE0) for character in mark)
    for typed in (mark.lower(), spaced(mark), f"  {mark[:3]}-{mark[3:]} ", wide, mark.replace("L", "1").lower()):
        assert read_mark(typed) == mark


@pytest.mark.parametrize(
    "typed", ["", "x", "😀" * 8, "0" * 8, "O" * 8, "2" * 7, "2" * 9, "ABCDEFGH" * 5_000, "\x00" * 8]
)
def test_what_is_no_mark_is_none(typed):
    assert read_mark(typed) is None
