"""The exports of programs in which readers keep their lists; the fixtures have their columns, cells and encodings."""

from pathlib import Path

import pytest

from app.catalogues.shelves.files import read_file, read_upload
from app.rules.exchange.listing import Condition
from app.rules.shelf.row import Fault, Intent

SHELVES = Path(__file__).parents[2] / "fixtures" / "shelves"
LAMP, SWAMP, FREE, OTHER = "9780439023481", "9787536692930", "9780141439518", "9780261103344"
WISH, PRIVATE, NOTHING = Intent.WISH, Intent.PRIVATE, Intent.NOTHING

EXPORTS = {
    "goodreads.csv": ("goodreads", [
        (2, LAMP, "A Lamp in the Marsh (Fen Tales, #1)", NOTHING),
        (3, None, "No Number", WISH),
        (4, SWAMP, "沼中灯", PRIVATE),
        (5, FREE, "Tales of Mud", NOTHING),
        (6, None, "Half a Book", PRIVATE),
    ]),
    "goodreads_old.csv": ("goodreads", [(2, LAMP, "A Lamp in the Marsh", PRIVATE)]),
    "storygraph.csv": ("storygraph", [
        (2, LAMP, "A Lamp in the Marsh", PRIVATE),
        (3, None, "No Number", WISH),
        (4, FREE, "Heard Only", NOTHING),
        (5, None, "Put Away", NOTHING),
    ]),
    "librarything.tsv": ("librarything", [
        (2, LAMP, "La clé du marais", PRIVATE),
        (3, None, "Sans numéro (Collection du Marais)", WISH),
        (4, FREE, "Prêté une fois", NOTHING),
        (5, None, "À lire un jour", WISH),
        (6, OTHER, "Écouté", NOTHING),
    ]),
    "librarything.json": ("librarything", [
        (1, LAMP, "A Lamp in the Marsh", PRIVATE),
        (2, None, "No Number", WISH),
    ]),
    "calibre.csv": ("calibre", [(2, LAMP, "A Lamp in the Marsh", PRIVATE), (3, FREE, "No Date", NOTHING)]),
    "bookwyrm.csv": ("bookwyrm", [
        (2, LAMP, "A Lamp in the Marsh", NOTHING),
        (3, None, "No Number", WISH),
        (4, FREE, "On my Shelf", PRIVATE),
    ]),
    "openreads.csv": ("openreads", [
        (2, LAMP, "A Lamp in the Marsh", PRIVATE),
        (5, None, "No Number", WISH),
        (6, FREE, "In the Bin", NOTHING),
    ]),
    "neodb.csv": ("neodb", [
        (2, SWAMP, "沼中灯", NOTHING),
        (3, None, "无号之书", WISH),
        (4, FREE, "家里的书", PRIVATE),
    ]),
    "neodb.zip": ("neodb", [
        (2, SWAMP, "沼中灯", NOTHING),
        (3, None, "无号之书", WISH),
        (4, FREE, "家里的书", PRIVATE),
    ]),
    "doufen.xlsx": ("douban", [
        (2, None, "活在沼泽", NOTHING),
        (3, None, "家里的书", PRIVATE),
        (2, None, "沼中灯", NOTHING),
        (2, None, "沼中灯（全三册）", WISH),
        (3, None, "无人之书", WISH),
    ]),
    "fisher.csv": ("fisher", [(2, SWAMP, "=沼中灯", PRIVATE)]),
    "chinese.csv": ("table", [(2, SWAMP, "沼中灯", WISH), (3, FREE, "家里的书", PRIVATE)]),
}  # fmt: skip


def test_there_is_a_fixture_of_each_program_and_an_expectation_of_each_fixture():
    assert {path.name for path in SHELVES.iterdir()} == set(EXPORTS)


@pytest.mark.parametrize("file", EXPORTS)
def test_the_export_of_each_program_is_known_and_read_whole(file):
    program, rows = EXPORTS[file]

    found = read_file(SHELVES / file)

    assert found.program == program
    assert [(row.number, row.isbn, row.title, row.intent) for row in found.rows] == rows


@pytest.mark.parametrize("file", EXPORTS)
def test_an_export_is_read_the_same_each_time_and_as_bytes(file):
    path = SHELVES / file
    assert read_file(path) == read_file(path) == read_upload(path.read_bytes(), file)


def row_of(file, place=0):
    return read_file(SHELVES / file).rows[place]


@pytest.mark.parametrize(
    ("file", "place", "authors", "year", "publisher"),
    [
        ("goodreads.csv", 0, ("Ann Example", "Bo Sample", "Cy Muster"), 2011, "Harbour Press"),
        ("storygraph.csv", 0, ("Ann Example", "Bo Sample"), None, ""),
        ("librarything.tsv", 1, ("Zoé Le Grand",), 1979, ""),
        ("librarything.json", 0, ("Ann Example", "Bo Sample"), 2011, ""),
        ("calibre.csv", 0, ("Ann Example", "Bo Sample"), 2011, "Harbour Press"),
        ("calibre.csv", 1, ("Ann Example",), None, ""),
        ("bookwyrm.csv", 0, ("Ann Example", "Bo Sample"), None, ""),
        ("openreads.csv", 1, ("Dee Proof",), 2023, ""),
        ("neodb.csv", 0, ("例安", "王小明"), 2008, ""),
        ("doufen.xlsx", 0, ("例安",), 2012, "示例文艺出版社"),
        ("doufen.xlsx", 1, ("[英] 例安",), 2011, "示例出版社"),
        ("doufen.xlsx", 2, ("[日] 例安",), 2014, "示例译文出版社"),
        ("doufen.xlsx", 4, (), None, ""),
        ("chinese.csv", 0, ("[英] 例安",), 2008, "示例出版社"),
    ],
)
def test_what_helps_to_find_a_book_without_a_number_is_read(file, place, authors, year, publisher):
    row = row_of(file, place)
    assert (row.authors, row.year, row.publisher) == (authors, year, publisher)


def test_a_wrong_number_beside_a_title_is_told_but_no_reason_to_leave_the_row():
    row = row_of("goodreads.csv", 4)
    assert (row.isbn, row.said, row.reason) == (None, "9780261103345", None)
    assert row.is_lookable


def test_a_row_without_a_number_says_nothing_in_its_place():
    assert {row_of("neodb.csv", 1).said, row_of("storygraph.csv", 1).said, row_of("goodreads.csv", 1).said} == {""}


def test_the_condition_and_what_is_said_of_it_are_kept_but_no_private_notes():
    row = row_of("goodreads_old.csv")
    assert (row.condition, row.note) == (Condition.VERY_GOOD, "Name on the flyleaf")
    assert row_of("fisher.csv").condition is Condition.VERY_GOOD
    assert row_of("chinese.csv", 1).condition is Condition.VERY_GOOD
    assert row_of("goodreads.csv", 4).note == ""


def test_a_row_of_a_workbook_names_its_sheet():
    assert [row.sheet for row in read_file(SHELVES / "doufen.xlsx").rows] == ["读过", "读过", "在读", "想读", "想读"]
    assert row_of("goodreads.csv").sheet == ""


HEADER = "标题,简介,豆瓣评分,链接,创建时间,我的评分,标签,评论"


@pytest.mark.parametrize(("name", "intent"), [("想读.csv", WISH), ("读过.csv", NOTHING), ("export.csv", NOTHING)])
def test_a_sheet_of_doufen_that_was_saved_as_csv_has_its_intent_from_its_name(name, intent):
    text = f"{HEADER}\n沼中灯,例安 / 2008 / 示例出版社,8.9,https://book.douban.com/subject/1/,2020-10-02,,,\n"
    (row,) = read_upload(text.encode(), name).rows
    assert (row.intent, row.authors, row.year) == (intent, ("例安",), 2008)


def table(text, intent=NOTHING):
    return [*read_upload(text.encode(), "list.csv", intent).rows]


def test_a_table_that_does_not_say_what_its_rows_are_for_takes_what_the_reader_says():
    assert [row.intent for row in table(f"isbn,title\n{LAMP},A\n", PRIVATE)] == [PRIVATE]
    assert [row.intent for row in table(f"isbn,title,status\n{LAMP},A,read\n{FREE},B,\n", PRIVATE)] == [
        NOTHING,
        PRIVATE,
    ]


def test_what_a_spreadsheet_did_to_the_numbers_is_mended_or_told():
    short = "439023483,a\n141439513,b\n261103342,c\n"
    assert [row.isbn for row in table(f"isbn,title\n{short}")] == [LAMP, FREE, OTHER]
    (row,) = table("isbn,title\n9.78044E+12,\n")
    assert row.reason is Fault.ROUNDED_NUMBER


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("9780439023482,,", Fault.WRONG_CHECK_DIGIT),
        ("12345,,", Fault.NO_NUMBER),
        (",,Ann Example", Fault.NO_BOOK),
        (f"{LAMP},x,y,too,many", Fault.BROKEN),
        (f"{LAMP},{'x' * 600},", Fault.TOO_LONG),
        (f"{LAMP},{'x' * 6000},", Fault.TOO_LONG),
    ],
)
def test_a_row_that_names_no_book_stays_with_its_reason(line, reason):
    first, second = table(f"isbn,title,author\n{line}\n{FREE},After,Ann Example\n")
    assert (first.reason, first.number) == (reason, 2)
    assert (second.isbn, second.reason, second.number) == (FREE, None, 3)


def test_an_open_quote_is_told_and_ends_no_other_row():
    rows = table(f'isbn,title\n{LAMP},A\n{FREE},"never closed\n')
    assert [(row.isbn, row.reason) for row in rows] == [(LAMP, None), (None, Fault.BROKEN)]


def test_blank_rows_are_no_rows():
    assert [row.number for row in table(f"isbn,title\n\n,\n{LAMP},A\n")] == [4]
