import pytest

from app.rules.book.local_number import number_of, parse

NUMBER = "F000000013"


@pytest.mark.parametrize(
    ("id", "number"), [(1, NUMBER), (12, "F000000125"), (99_999_999, "F999999999"), (123_456_789, "F1234567894")]
)
def test_a_book_without_isbn_is_named_by_its_id_and_a_check_digit(id, number):
    assert number_of(None, id) == number_of("", id) == number
    assert parse(number) == id


def test_a_book_with_an_isbn_is_named_by_it():
    assert number_of("9787536692930", 1) == "9787536692930"


@pytest.mark.parametrize(
    "typed",
    [
        "f000000013",
        " F0000-0001-3 ",
        "F 0000 0001 3",
        "Ｆ０００００００１３",
        "https://fisher.example/book/F000000013/detail",
        "/book/f000000013",
        "F0000000013",
    ],
)
def test_it_is_read_however_it_is_typed(typed):
    assert parse(typed) == 1


@pytest.mark.parametrize(
    "text", ["F000000014", "F000000031", "F00000013", "000000013", "F", "", "F12", "XF000000013", "F" + "0" * 30]
)
def test_anything_else_is_none(text):
    assert parse(text) is None


def test_each_wrong_digit_and_each_swap_is_noticed():
    number = number_of(None, 20_261_127)
    digits = number[1:]
    wrong = {digits[:at] + other + digits[at + 1 :] for at in range(len(digits)) for other in "0123456789"}
    swapped = {digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(len(digits) - 1)}
    assert [text for text in wrong | swapped if parse(f"F{text}") is not None] == [digits]
