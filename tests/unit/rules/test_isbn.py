import pytest

from app.rules import isbn

SAN_TI = "9787536692930"


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        (SAN_TI, SAN_TI),
        ("978-7-5366-9293-0", SAN_TI),
        ("978 7 5366 9293 0", SAN_TI),
        ("7536692935", SAN_TI),
        ("7-5366-9293-5", SAN_TI),
        ("ISBN: 978-7-5366-9293-0", SAN_TI),
        ("ISBN7536692935", SAN_TI),
        ("isbn-13: 9787536692930", SAN_TI),
        ("ISBN-10 7-5366-9293-5", SAN_TI),
        ("urn:isbn:9787536692930", SAN_TI),
        ("９７８７５３６６９２９３０", SAN_TI),
        ("ＩＳＢＮ：９７８－７－５３６６－９２９３－０", SAN_TI),
        ("978–7–5366–9293–0", SAN_TI),
        ("\u200e9787536692930\u200f", SAN_TI),
        (" 9787536692930\n", SAN_TI),
        ("080442957X", "9780804429573"),
        ("080442957x", "9780804429573"),
        ("0-8044-2957-x", "9780804429573"),
        ("9791034304516", "9791034304516"),
        ("979-10-343-0451-6", "9791034304516"),
    ],
)
def test_a_valid_isbn_is_read_however_it_is_written(typed, canonical):
    assert isbn.parse(typed) == canonical


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "9787536692931",  # wrong check digit
        "7536692936",
        "978753669293",  # too short
        "97875366929300",
        "1234567890",  # ten digits that are a keyword
        "2049-3630",  # ISSN
        "9772049363002",  # ISSN as EAN
        "6901234567892",  # EAN of goods
        "9790260000438",  # ISMN: printed music, 979-0
        "97A7536692930",
        "X536692935",
        "三体",
        "isbn",
        "٩٧٨٧٥٣٦٦٩٢٩٣٠x",
        "9" * 10_000,
    ],
)
def test_what_is_no_isbn_is_none(typed):
    assert isbn.parse(typed) is None


def test_the_shape_is_seen_even_when_the_check_digit_is_wrong():
    assert isbn.is_isbn_like("978-7-5366-9293-1")
    assert not isbn.is_isbn_like("1984")


@pytest.mark.parametrize(("thirteen", "ten"), [(SAN_TI, "7536692935"), ("9780804429573", "080442957X")])
def test_the_ten_digit_form_goes_both_ways(thirteen, ten):
    assert isbn.to_isbn10(thirteen) == ten
    assert isbn.parse(ten) == thirteen


def test_a_979_number_has_no_ten_digit_form():
    assert isbn.to_isbn10("9791034304516") is None


@pytest.mark.parametrize(
    ("plain", "printed"),
    [(SAN_TI, "978-7-5366-9293-0"), ("9780804429573", "978-0-8044-2957-3")],
)
def test_hyphens_stand_between_the_groups(plain, printed):
    assert isbn.hyphenate(plain) == printed
