"""Excel workbooks as people leave them: several sheets, titles above the header, merged cells, odd values."""

import re
import zipfile
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook

from app.catalogues.files.list_files import RejectedLine, UnreadableFile

ISBN, OTHER = "9780439023481", "9787536692930"
HEADER = ("ISBN", "Title", "Author", "Date", "Pages")
LAMP = (ISBN, "A Lamp", "Ann Example", "2011", 212)


@pytest.fixture
def read_sheets(tmp_path, read_table):
    """Write sheets, by their names, and read the workbook; `change` may do more to it, `rewrite` to its parts."""

    def read(sheets, change=None, rewrite=None, name="table"):
        book = Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        if change:
            change(book)
        path = tmp_path / name
        book.save(path)
        if rewrite:
            with zipfile.ZipFile(path) as parts:
                held = {part: parts.read(part) for part in parts.namelist()}
            held["xl/worksheets/sheet1.xml"] = rewrite(held["xl/worksheets/sheet1.xml"])
            with zipfile.ZipFile(path, "w") as parts:
                for part, data in held.items():
                    parts.writestr(part, data)
        return read_table(path)

    return read


def said(line, *fields):
    return tuple(getattr(line.records[0], field) for field in fields)


@pytest.mark.parametrize("name", ["books.xlsx", "books.XLSX", "books", "books.bak"])
def test_a_workbook_is_known_by_its_content_whatever_its_name(read_sheets, name):
    (line,) = read_sheets({"Books": [HEADER, LAMP]}, name=name)
    assert said(line, "isbn", "title", "authors", "pages") == (ISBN, "A Lamp", ("Ann Example",), 212)


@pytest.mark.parametrize(
    "sheets",
    [
        {"Notes": [["What I own"]], "Books": [HEADER, LAMP]},
        {"Empty": [], "Books": [HEADER, LAMP]},
        {"Films": [["Title", "Director"], ["A Film", "Bo"]], "Books": [HEADER, LAMP], "More": [HEADER, LAMP]},
        {"Books": [["My books"], [None], ["as of", date(2024, 1, 1)], HEADER, LAMP]},
        {"Books": [HEADER, [None] * 5, *[[None]] * 7, LAMP, [None, ""]]},
    ],
    ids=["notes first", "empty first", "others around", "titles above", "blank rows"],
)
def test_the_sheet_and_the_row_of_the_header_are_found(read_sheets, sheets):
    (line,) = read_sheets(sheets)
    assert said(line, "title", "pages") == ("A Lamp", 212)


def test_a_hidden_sheet_comes_after_those_that_are_seen(read_sheets):
    def hide(book):
        book["Old"].sheet_state = "hidden"
        book.active = 1

    (line,) = read_sheets({"Old": [HEADER, (OTHER, "Old")], "Books": [HEADER, LAMP]}, hide)
    assert said(line, "title") == ("A Lamp",)


@pytest.mark.parametrize("sheets", [{"Empty": []}, {"Notes": [["What I own"]]}, {"A": [["ISBN"], [ISBN]]}])
def test_a_workbook_without_books_is_refused(read_sheets, sheets):
    with pytest.raises(UnreadableFile, match="must name the columns isbn13 and title"):
        read_sheets(sheets)


def test_cells_that_are_merged_over_rows_count_for_each_of_them(read_sheets):
    rows = [HEADER, LAMP, (OTHER, "B Lamp", None, "2012"), ("9780060929879", "C Lamp", "Bo Sample")]
    lines = read_sheets({"Books": rows}, lambda book: book["Books"].merge_cells("C2:C3"))
    assert [said(line, "authors", "pubdate") for line in lines] == [
        (("Ann Example",), "2011"),
        (("Ann Example",), "2012"),
        (("Bo Sample",), ""),
    ]


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (datetime(2011, 3, 5, 12, 30), "2011-03-05"),  # noqa: DTZ001 - as Excel has it
        (date(2011, 3, 5), "2011-03-05"),
        (40607, "2011-03-05"),
        (40607.5, "2011-03-05"),
        (2011, "2011"),
        (2011.0, "2011"),
        ("5 March 2011", "2011-03-05"),
        ("#N/A", ""),
    ],
)
def test_a_date_is_read_from_what_a_cell_holds(read_sheets, value, stored):
    (line,) = read_sheets({"Books": [HEADER, (ISBN, "A Lamp", None, value)]})
    assert said(line, "pubdate", "authors") == (stored, ())


@pytest.mark.parametrize(
    ("value", "title"),
    [
        (True, "TRUE"),
        (1984, "1984"),
        (1984.0, "1984"),
        (time(12, 30), "12:30:00"),
        ("A_x000D_\nLamp_x0021_", "A Lamp!"),
        ("NaN", "NaN"),
        ("  A Lamp  ", "A Lamp"),
    ],
)
def test_a_title_is_what_excel_shows(read_sheets, value, title):
    (line,) = read_sheets({"Books": [HEADER, (ISBN, value)]})
    assert said(line, "title") == (title,)


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#NAME?", "#VALUE!"])
def test_what_excel_could_not_compute_is_nothing(read_sheets, error):
    lines = read_sheets({"Books": [HEADER, (ISBN, error), (OTHER, "B", error)]})
    assert lines[0] == RejectedLine(2, "no title")
    assert said(lines[1], "title", "authors") == ("B", ())


@pytest.mark.parametrize("isbn", [int(ISBN), float(ISBN), ISBN, f'="{ISBN}"', "0-439-02348-3"])
def test_a_number_is_read_whatever_kind_of_cell_has_it(read_sheets, isbn):
    (line,) = read_sheets({"Books": [HEADER, (isbn, "A Lamp")]}, _as_text)
    assert said(line, "isbn") == (ISBN,)


def _as_text(book):
    cell = book["Books"]["A2"]
    if isinstance(cell.value, str):
        cell.data_type = "s"


def test_a_formula_that_was_never_computed_holds_no_number(read_sheets):
    (line,) = read_sheets({"Books": [HEADER, (f'=TEXT({ISBN},"0")', "A Lamp")]})
    assert line == RejectedLine(2, "no ISBN")


@pytest.mark.parametrize(
    "rewrite",
    [
        lambda sheet: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', sheet),
        lambda sheet: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', sheet),
        lambda sheet: re.sub(rb"<dimension[^>]*>", b"", sheet),
        lambda sheet: re.sub(rb' r="[A-Z]*\d+"', b"", sheet),
        lambda sheet: sheet.replace(b"<sheetData>", b"<a>" * 50_000 + b"</a>" * 50_000 + b"<sheetData>"),
    ],
    ids=["too small", "too large", "none", "no places", "deep"],
)
def test_what_a_sheet_says_of_its_size_is_not_believed(read_sheets, rewrite):
    (line,) = read_sheets({"Books": [HEADER, LAMP]}, rewrite=rewrite)
    assert said(line, "title", "pages") == ("A Lamp", 212)


def test_a_cell_at_the_end_of_the_sheet_does_not_fill_it(read_sheets):
    def write_far(book):
        book["Books"]["A1048576"] = OTHER
        book["Books"]["B1048576"] = "B Lamp"

    lines = read_sheets({"Books": [HEADER, LAMP]}, write_far)
    assert [(line.number, *said(line, "title")) for line in lines] == [(2, "A Lamp"), (1048576, "B Lamp")]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sheet: sheet.replace(b"<sheetData>", b'<!DOCTYPE x [<!ENTITY a "a">]><sheetData>'),
        lambda sheet: sheet[:-40],
        lambda sheet: b"",
        lambda sheet: sheet.replace(b'r="A1"', b'r="ZZZZZ1"'),
    ],
)
def test_a_damaged_workbook_is_said_to_be_one(read_sheets, spoil):
    with pytest.raises(UnreadableFile, match="no workbook that can be read"):
        read_sheets({"Books": [HEADER, LAMP]}, rewrite=spoil)


def test_a_workbook_that_is_cut_and_an_archive_of_other_things_are_refused(tmp_path, read_table):
    Workbook().save(tmp_path / "whole.xlsx")
    cut = (tmp_path / "whole.xlsx").read_bytes()[:3000]
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a.txt", "a")
    for data in (cut, (tmp_path / "other.zip").read_bytes()):
        with pytest.raises(UnreadableFile, match="no workbook that can be read"):
            read_table(data)
