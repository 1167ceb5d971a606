import pytest

from app.rules.book import isbn

SAN_TI = "9787536692930"
AROUND = ["()", "（）", '""', "[]", '="', "' ", " ,", " 。", " /", (" ", ".0"), ("ISBN", "(平装)"), ('="', '"')]


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
        ("ISBN 0-8044-2957-x, gebunden", "9780804429573"),
        ("ISBN 978 - 7 - 5366 - 9293 - 0", SAN_TI),
        ("9791034304516", "9791034304516"),
        ("979-10-343-0451-6", "9791034304516"),
    ],
)
def test_a_valid_isbn_is_read_however_it_is_written(typed, canonical):
    assert isbn.parse(typed) == canonical


@pytest.mark.parametrize(
    "text",
    [
        *(f"{mark}{SAN_TI}{end}" for mark, end in AROUND),
        f"{SAN_TI} 51200", f"{SAN_TI}51200", f"ISBN 13 {SAN_TI}", f"我在找三体 {SAN_TI} 有人送吗",
        "978-7-5366-9293-0/I·123", "978-7-5366-9293-1, 978-7-5366-9293-0", "ISBN978-7-5366-9293-0 定价:23.00元",
        f"https://book.douban.com/isbn/{SAN_TI}/", "https://www.example.com/dp/7536692935/ref=x", "7536692935 (pbk.)",
        "ISBN-10: 7536692935; ISBN-13: 9787536692930", "ISBN 7 5366 9293 5 平装", "ISBN10:7536692935", "n/a 7536692935",
        "".join(chr(0x0660 + int(digit)) for digit in SAN_TI),
    ],
)  # fmt: skip
def test_a_number_is_found_among_what_stands_around_it(text):
    assert isbn.parse(text) == SAN_TI


@pytest.mark.parametrize(
    "text", ["13800001111", "138 0000 1111", "9.78043902348e+12", "2008-01-01 1984", "0 306 40615 2 12"]
)
def test_other_numbers_are_not_taken_for_one(text):
    assert isbn.parse(text) is None


def test_zeros_that_a_spreadsheet_took_away_are_put_back_where_the_check_digit_fits():
    assert isbn.restore_zeros("439023483") == isbn.restore_zeros("439023483.0") == "9780439023481"
    assert isbn.restore_zeros("80442957x") == "9780804429573"
    assert isbn.restore_zeros("439023440") == "9780439023443", "its last zero is the check digit"
    assert isbn.restore_zeros("100005") == "9780000100009"
    assert [isbn.restore_zeros(text) for text in ("439023484", "0439023483", "1234", "")] == [None] * 4


def test_a_number_that_a_spreadsheet_has_rounded_is_known_as_such():
    assert isbn.is_scientific("9.78043902348e+12")
    assert isbn.is_scientific("9,78E+12")
    assert not isbn.is_scientific("9780439023481.0")


def test_what_stands_far_behind_is_not_read():
    assert isbn.parse("x" * isbn.LONGEST_TEXT + SAN_TI) is None


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
    assert isbn.is_isbn_like("看 978-7-5366-9293-1 吧")
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
