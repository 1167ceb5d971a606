import pytest

from app.rules.shelf.pasted import LONGEST_TITLE, MOST_CHARACTERS, MOST_ROWS, read_pasted, read_text, read_titles
from app.rules.shelf.refusals import ListTooLarge, ListTooLong
from app.rules.shelf.row import Fault, Intent

THREE_BODY = "9787536692930"
LAMP = "9780439023481"


def isbn_of(place: int) -> str:
    """Return a valid ISBN of a group that is not assigned."""
    digits = f"9786999{place:05d}"
    check = -sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits)) % 10
    return f"{digits}{check}"


def isbns(text):
    return [row.isbn for row in read_text(text)]


@pytest.mark.parametrize(
    "text",
    [
        LAMP,
        "978-0-439-02348-1",
        "0-439-02348-3",
        "0439023483",
        "isbn0439023483",
        "ISBN-10: 0439023483 · ISBN-13: 9780439023481",
        "９７８０４３９０２３４８１",
        "٩٧٨٠٤٣٩٠٢٣٤٨١",
        "ISBN 978 0 439 02348 1",
        "ISBN 978 0 439023 481",
        "978–0–439–02348–1",
        "9780439023481 51200",
        "978043902348151200",
        "https://www.amazon.com/Lamp-Marsh/dp/0439023483/ref=sr_1_1?keywords=9780439023481",
        "https://book.douban.com/isbn/9780439023481/",
        "https://www.goodreads.com/search?q=9780439023481",
        '="9780439023481"',
        "沼中灯9780439023481示例出版社",
        "“9780439023481”，",
        "urn:isbn:0-439-02348-3",
    ],
)
def test_a_number_is_found_however_it_is_written_and_once(text):
    assert isbns(text) == [LAMP]


def test_every_number_of_a_line_is_found_in_its_order():
    third = isbn_of(0)
    assert isbns(f"978-7-5366-9293-0, {LAMP};0439023483\t{third}") == [THREE_BODY, LAMP, third]


def test_rows_name_the_line_whichever_way_lines_end():
    assert [(row.number, row.isbn) for row in read_text(f"a\r\n{LAMP}\rb\n\n{THREE_BODY}")] == [
        (2, LAMP),
        (5, THREE_BODY),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("9787536692931", "9787536692931"),
        ("978-7-5366-9293-1", "9787536692931"),
        ("ISBN 7-5366-9293-X", "753669293X"),
        ("0439023484", "0439023484"),
    ],
)
def test_a_wrong_check_digit_makes_a_row_that_says_what_was_typed(text, said):
    (row,) = read_text(text, Intent.PRIVATE)
    assert (row.isbn, row.reason, row.said, row.intent) == (None, Fault.WRONG_CHECK_DIGIT, said, Intent.PRIVATE)


def test_the_end_of_a_mistyped_number_is_no_other_book():
    # 0-439-02348-3 is right, but whoever types thirteen digits means all of them.
    (row,) = read_text("978-0-439-02348-3")
    assert (row.isbn, row.reason) == (None, Fault.WRONG_CHECK_DIGIT)


@pytest.mark.parametrize("text", ["978753669293", "97875366929301", "979-0-2600-0043-8", " ISBN: 7536 6929 3 "])
def test_digits_alone_on_a_line_that_are_no_isbn_make_a_row(text):
    (row,) = read_text(text)
    assert (row.isbn, row.reason) == (None, Fault.NO_NUMBER)


def test_a_number_that_a_spreadsheet_has_rounded_is_told_apart():
    assert [row.reason for row in read_text("9.78754E+12\n9,78754E+12")] == [Fault.ROUNDED_NUMBER] * 2


@pytest.mark.parametrize(
    "text", ["", "\n\n", "三体", "in 2008 we met 12 times", "2024-11-28", "20:15", "tel. 12345678"]
)
def test_text_without_a_number_has_no_rows(text):
    assert list(read_text(text)) == []


def test_a_hundred_lines_with_five_wrong_numbers_make_a_hundred_rows():
    right = [isbn_of(place) for place in range(100)]
    wrong = [number[:-1] + str((int(number[-1]) + 1) % 10) for number in right[:5]]
    rows = list(read_text("\n".join(wrong + right[5:])))
    assert [row.isbn for row in rows if row.isbn] == right[5:]
    assert [row.said for row in rows if row.reason is Fault.WRONG_CHECK_DIGIT] == wrong


def test_a_number_is_listed_once_in_whatever_form_it_comes_again():
    assert isbns(f"{LAMP}\n0439023483\n978-0-439-02348-1") == [LAMP]
    assert len(list(read_text("9787536692931\n978-7-5366-9293-1"))) == 1


def test_a_list_is_bounded():
    most = "\n".join(isbn_of(place) for place in range(MOST_ROWS))
    assert len(list(read_text(most))) == MOST_ROWS
    with pytest.raises(ListTooLong):
        list(read_text(f"{most}\n{LAMP}"))
    with pytest.raises(ListTooLarge):
        list(read_text("x" * (MOST_CHARACTERS + 1)))


@pytest.mark.parametrize(
    ("line", "title", "authors"),
    [
        ("三体", "三体", ()),
        ("《三体》刘慈欣", "三体", ("刘慈欣",)),
        ("1. 《三体》 — 刘慈欣。", "三体", ("刘慈欣",)),
        ("三体 / 刘慈欣", "三体", ("刘慈欣",)),
        ("三体\t刘慈欣\t2008", "三体", ("刘慈欣",)),
        ("- [x] A Lamp in the Marsh by Ann Example", "A Lamp in the Marsh", ("Ann Example",)),
        ("Death by water", "Death by water", ()),
        ("1984", "1984", ()),
        ("• 12) 活着", "活着", ()),
        ("3.14", "3.14", ()),
    ],
)
def test_a_line_is_a_title_with_its_author(line, title, authors):
    (row,) = read_titles(line)
    assert (row.title, row.authors, row.reason) == (title, authors, None)


def test_titles_are_listed_once_and_paragraphs_are_none():
    rows = list(read_titles(f"Dune\n\ndune\n{'x' * (LONGEST_TITLE + 1)}\n- "))
    assert [(row.number, row.title, row.reason) for row in rows] == [
        (1, "Dune", None),
        (4, "", Fault.TOO_LONG),
        (5, "-", None),
    ]


def test_what_is_pasted_is_read_by_its_numbers_and_without_any_by_its_lines():
    assert [row.isbn for row in read_pasted(f"三体\n{THREE_BODY}\n活着")] == [THREE_BODY]
    assert [row.title for row in read_pasted("三体\n活着")] == ["三体", "活着"]
