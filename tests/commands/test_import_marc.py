"""MARC in all its shapes through the command: found out by the content, counted, resumed."""

import pytest

from app.models.book import Book
from app.services.imports import reader
from tests.commands.dumps import rejected
from tests.marc_records import LAMP, laid_out

XML = """<collection><record><datafield tag="020"><subfield code="a">{}</subfield></datafield>
<datafield tag="245"><subfield code="a">A lamp</subfield></datafield></record></collection>"""
MNEMONIC = "=LDR  00000nam a2200000   4500\n=020  \\\\$a{}\n=245  00$aA lamp\n\n=245  00$aNo number\n"
ISBN, OTHER = "9780439023481", "9780141439518"


def test_marcxml_and_the_text_of_marcedit_are_imported(app, flask, dump):
    files = [dump(XML.format(ISBN).encode(), name="a.xml"), dump(MNEMONIC.format(OTHER).encode(), name="b.mrk")]
    result = flask(*files)
    assert "3 lines: 2 stored, 0 already there, 0 not wanted, 0 without a book, 1 rejected" in result.output
    assert rejected(files[0]) == {2: "no ISBN in 020 $a"}
    with app.app_context():
        assert {Book.find_by_isbn(isbn).title for isbn in (ISBN, OTHER)} == {"A lamp"}


def test_what_stands_before_a_fault_is_stored_and_the_file_is_named(app, flask, dump):
    path = dump(XML.format(ISBN).encode()[:-5])
    result = flask(path)
    assert result.exit_code == 2
    assert f"can not read {path}: after record 1: unclosed token" in result.output
    with app.app_context():
        assert Book.find_by_isbn(ISBN)


@pytest.mark.parametrize("batch", [1, 5_000])
def test_records_that_are_not_as_they_say_are_counted_by_what_was_done(flask, dump, monkeypatch, batch):
    monkeypatch.setattr(reader, "BATCH", batch)
    records = [
        laid_out(LAMP, str.encode),
        laid_out(LAMP, lambda text: text.encode("cp1252")),
        laid_out(LAMP, str.encode),
    ]
    result = flask(dump(*records))
    assert result.exit_code == 0, result.output
    assert "2 records read as utf-8 and not as marc-8\n1 records read as cp1252 and not as marc-8\n" in result.output
