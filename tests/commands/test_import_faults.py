"""Imports from files that cannot be read to the end, and into places that cannot be written."""

import gzip
import os
import sqlite3
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from app.models.book import Book
from app.services.imports import run as library
from bench.server import ROOT
from tests.commands.dumps import ISBN, line, rejected, rows

RECORDED = ROOT / "tests" / "fixtures" / "dump" / "linked.tsv"


def test_a_packed_file_that_is_cut_short_keeps_what_can_be_read(app, flask, dump):
    noise = os.urandom(5000).hex()
    whole = gzip.compress(line() + line(isbn_13=["9787506365437"], notes=noise))
    path = dump(whole[:-2000], name="dump.txt.gz")
    result = flask(path)

    assert result.exit_code == 2
    assert "can not read" in result.output
    assert "after line 1" in result.output
    with app.app_context():
        assert Book.find_by_isbn(ISBN)
    again = flask(path)
    assert again.exit_code == 2
    assert " 0 stored" in again.output


def test_what_can_be_read_only_once_is_refused(flask, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    result = flask(tmp_path / "pipe")
    assert result.exit_code == 2
    assert "it is no ordinary file" in result.output


def test_no_file_of_the_import_is_overwritten_by_the_rejected_lines(flask, dump):
    path = dump(b"broken\n", line())
    again = dump(b"broken\n", name=f"{path.name}.rejected.tsv")
    for arguments in ((path, "--rejects", path), (path, again)):
        result = flask(*arguments)
        assert result.exit_code == 2
        assert "would be overwritten" in result.output
    assert path.read_bytes() == b"broken\n" + line()
    assert again.read_bytes() == b"broken\n"


@pytest.mark.parametrize("setting", ["IMPORTS_PATH", "--rejects"])
def test_what_can_not_be_written_is_no_fault_of_the_files(app, flask, dump, setting):
    path = dump(b"broken\n", line())
    options = []
    if setting == "--rejects":
        options = [setting, path.parent / "no" / "folder.tsv"]
    else:
        app.config[setting] = str(path)
    result = flask(path, *options)
    assert result.exit_code == 2
    assert "broken off: [Errno" in result.output
    assert "can not read" not in result.output


def test_a_full_disk_under_the_database_is_said_in_a_line(app, flask, dump, monkeypatch):
    def fail(*_):
        raise OperationalError("COMMIT", None, sqlite3.OperationalError("database or disk is full"))

    path = dump(line())
    with monkeypatch.context() as patch:
        patch.setattr(library, "store_in_bulk", fail)
        patch.setattr(sys.modules["app.commands.books"], "is_migrated", lambda: True)
        result = flask(path)
    assert result.exit_code == 2
    assert "broken off: database or disk is full; the same command goes on" in result.output
    assert "1 lines: 1 stored" in flask(path).output


def test_a_damaged_memory_is_not_taken_for_a_second_import(app, flask, dump, monkeypatch):
    path = dump(line())
    Path(app.config["IMPORTS_PATH"]).mkdir()
    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda file, **options: real(Path(file) / "no", **options))
    result = flask(path)
    assert result.exit_code == 2
    assert "broken off: unable to open database file" in result.output


@pytest.mark.parametrize("content", [b"", b"\x1f\x8bnot gzip", b"PK\x03\x04junk\n", b"\x00" * 100])
def test_what_is_no_list_of_books_is_refused(flask, dump, content):
    result = flask(dump(content))
    assert result.exit_code == 2
    assert "can not read" in result.output


def test_the_reject_file_of_an_earlier_run_does_not_stay(flask, dump):
    path = dump(line(isbn_13=["1"]))
    flask(path)
    assert rejected(path)
    path.write_bytes(line())
    assert flask(path).exit_code == 0
    assert not Path(f"{path}.rejected.tsv").exists()


def test_a_file_that_breaks_off_within_a_line_keeps_the_lines_before(app, flask, dump):
    path = dump(line(), line(isbn_13=["9787506365437"])[:-40])
    result = flask(path)
    assert result.exit_code == 1
    assert "2 lines: 1 stored" in result.output
    assert "the record is not JSON" in rejected(path)[2]
    with app.app_context():
        assert [row[0] for row in rows()] == [ISBN]
