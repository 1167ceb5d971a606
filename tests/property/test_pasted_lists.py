"""Whatever is pasted, what was an ISBN in it is found, and nothing else becomes one."""

import re
import string

from hypothesis import example, given
from hypothesis import strategies as st

from app.rules.book.isbn import hyphenate, parse, to_isbn10
from app.rules.shelf.pasted import read_pasted, read_text

words = st.text(alphabet=string.ascii_letters + " ,;:。《》，（）\t", max_size=20).filter(
    lambda text: "isbn" not in text.lower()
)
glue = st.sampled_from(["\n", " | ", ", ", "；", "\r\n", "\t", " / "])


@st.composite
def isbn(draw):
    digits = f"978{draw(st.integers(0, 999_999_999)):09d}"
    return f"{digits}{-sum(int(c) * (3 if at % 2 else 1) for at, c in enumerate(digits)) % 10}"


def as_written(number):
    forms = [number, hyphenate(number), f"ISBN {number}", "".join(chr(0xFEE0 + ord(c)) for c in number)]
    ten = to_isbn10(number)
    return st.sampled_from(
        [*forms, ten, f"https://www.amazon.com/dp/{ten}/x", f"https://book.douban.com/isbn/{number}/"]
    )


@given(st.data(), st.lists(isbn(), max_size=20), glue)
def test_all_that_are_pasted_are_found_once_in_their_order(data, numbers, between):
    written = [data.draw(as_written(number)) + between + data.draw(words) for number in numbers]

    rows = list(read_text(between.join(written)))

    assert [row.isbn for row in rows if row.isbn] == list(dict.fromkeys(numbers))
    assert not [row for row in rows if row.reason and row.isbn]


@given(isbn(), st.integers(0, 12), st.integers(1, 9))
def test_a_number_with_one_wrong_digit_is_never_a_book(number, place, by):
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]

    rows = list(read_text(wrong)) + list(read_text(f"bought as {wrong} in May"))

    assert [row.isbn for row in rows if row.isbn] == []


@given(st.text(max_size=300))
@example("isbn" * 100)
@example("1-" * 200)
def test_any_text_is_read_to_its_end_and_the_same_each_time(text):
    rows = list(read_pasted(text))

    assert rows == list(read_pasted(text))
    assert all(row.isbn is None or parse(row.isbn) == row.isbn for row in rows)
    assert all(1 <= row.number <= len(re.split(r"\r\n|\r|\n", text)) for row in rows)
    assert all(row.isbn or row.title or row.reason for row in rows)
