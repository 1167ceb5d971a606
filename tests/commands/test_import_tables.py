"""Tables of other programs: what the command reports about their columns, and what can be chosen."""

import pytest
from openpyxl import Workbook

from app.models.book import Book
from bench.server import ROOT

ISBN = "9780439023481"


def test_the_columns_that_are_read_and_those_that_are_not_are_named(app, flask, tmp_path):
    result = flask(ROOT / "tests/fixtures/imports/storygraph.csv", "--rejects", tmp_path / "r.tsv")
    assert "isbn from ISBN/UID" in result.output
    assert "authors from Authors" in result.output
    assert "not read: Read Status, Date Added" in result.output


def test_a_column_and_an_encoding_can_be_chosen(app, flask, dump):
    path = dump(f"Nr;Werk;Wer\n{ISBN};Un père;René Exemple\n".encode("cp1252"))
    assert "Choose by --encoding NAME" in flask(path, "--map", "isbn=Nr", "--map", "title=Werk").output
    result = flask(path, "--map", "isbn=Nr", "--map", "title=werk", "--map", "authors=Wer", "--encoding", "cp1252")
    assert result.exit_code == 0, result.output
    with app.app_context():
        assert (Book.find_by_isbn(ISBN).title, Book.find_by_isbn(ISBN).authors) == ("Un père", ["René Exemple"])


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--map", "isbn", "write FIELD=COLUMN"), ("--map", "colour=x", "the fields are isbn, title"),
        ("--encoding", "klingon", "no encoding that Python knows"), ("--encoding", "base64", "no encoding"),
    ],
)  # fmt: skip
def test_a_choice_that_can_not_be_is_refused(flask, dump, option, value, said):
    result = flask(dump(b"isbn,title\n"), option, value)
    assert result.exit_code == 2
    assert said in result.output


def test_the_sheets_that_are_not_read_are_named(flask, tmp_path):
    book = Workbook()
    book.active.append(["What I own"])
    for year in ("2023", "2024"):
        sheet = book.create_sheet(year)
        sheet.append(["ISBN", "Title"])
        sheet.append([ISBN, "A Lamp"])
    book.save(tmp_path / "books.xlsx")
    assert "only sheet 2023 is read: save Sheet, 2024 as files of their own" in flask(tmp_path / "books.xlsx").output


def test_lost_zeros_are_told(flask, tmp_path):
    result = flask(ROOT / "tests/fixtures/imports/excel.xlsx", "--rejects", tmp_path / "r.tsv")
    assert "4 stored" in result.output
    assert "numbers that have lost their leading zeros get them back" in result.output


def test_one_file_that_can_not_be_read_does_not_keep_the_others_out(flask, dump):
    good, bad = dump(f"isbn,title\n{ISBN},x\n".encode(), name="good.csv"), dump(b"%PDF-1.4", name="bad.pdf")
    result = flask(bad, good)
    assert result.exit_code == 2
    assert "1 stored" in result.output
    assert f"can not read {bad}: it is a PDF" in result.output
