import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.read.query import parse_query


@pytest.mark.parametrize(
    "text", ["9787536692930", "978-7-5366-9293-0", "７５３６６９２９３５", "7-5366-9293-5", "ISBN: 978 7536692930"]
)
def test_an_isbn_is_read_however_it_is_written(text):
    assert parse_query(text).isbn == 9787536692930


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("97875366", 9787536600000, 9787536699999),
        ("978-7-5366", 9787536600000, 9787536699999),
        ("7-5366-92", 9787536692000, 9787536692999),
        ("9787536692931", 9787536692930, 9787536692939),
        ("7-5366-9293-2", 9787536692930, 9787536692939),
        ("ISBN 7-5366-9293-2", 9787536692930, 9787536692939),
        ("isbn: 97875366", 9787536600000, 9787536699999),
    ],
)
def test_the_beginning_of_an_isbn_or_one_with_a_wrong_check_digit_is_a_range(text, first, last):
    assert parse_query(text).isbn_range == (first, last)


@pytest.mark.parametrize("text", ["1984", "1984 orwell", "42", "三体", "----", "123456789012345"])
def test_other_numbers_are_words(text):
    assert parse_query(text).isbn is None
    assert parse_query(text).isbn_range is None


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("三", '"三"*'),
        ("三体", '"三体"'),
        ("黑暗森林", '"黑暗 暗森 森林"'),
        ("The Road to Wigan Pier", '"road" AND "wigan" AND "pier"'),
        ("to be or", '"be"'),
        ("the of", '"the" AND "of"'),
        ("三体 刘慈欣 三体", '"三体" AND "刘慈 慈欣"'),
        ('" OR 1 NEAR(a) *', '"1" AND "near"'),
    ],
)
def test_words_become_quoted_tokens(text, expression):
    assert parse_query(text).all_words == expression


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("nühai", "nvhai"),
        ("Nǚ hái", "nvhai"),
        ("nu\u0308\u030c hai", "nvhai"),
        ("sān tǐ", "santi"),
        ("san1 ti3", "santi"),
        ("san1ti3", "santi"),
        ("mp3", "mp3"),
        ("catch 22", "catch22"),
    ],
)
def test_pinyin_is_read_with_and_without_its_marks(text, letters):
    assert parse_query(text).letters == letters


def test_a_u_with_dots_stays_a_u_in_words():
    assert parse_query("Für Elise").all_words == '"fur" AND "elise"'


@given(st.text())
def test_any_text_is_understood(text):
    query = parse_query(text)
    assert query.all_words.count('"') % 2 == 0
    assert len(query.words) <= 8
