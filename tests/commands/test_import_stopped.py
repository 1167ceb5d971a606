"""An import that is stopped, by Ctrl-C or by force, and resumed has the same result; it needs little memory."""

import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from app.models.base import db
from app.models.book import Book, BookChange
from bench.imports import ROOT, run_flask, write_dump
from tests.commands.dumps import rejected, rows
from tests.factories import isbn13
from tests.tables import renew_tables

EDITIONS = 3_000
pytestmark = pytest.mark.sqlite("reads its file while another process writes")
# `flask` with batches so small that there are many of them, read by a second process or not.
FLASK = """
import os, runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background is started with it ignored
from app.services.imports import reader as list_reader
list_reader.BATCH = 200
list_reader.MANY_BYTES = int(os.environ["MANY_BYTES"])
list_reader.os.cpu_count = lambda: 2
runpy.run_module("flask", run_name="__main__")
"""


@pytest.fixture
def environ(settings, app):
    """The environment of a process that uses the test's database."""
    given = {f"FISHER_{name}": str(value) for name, value in settings.items()}
    return os.environ | given | {"FISHER_ENV": "testing"}


@pytest.fixture
def files(tmp_path):
    """A dump whose last edition is broken."""
    files = write_dump(tmp_path, EDITIONS)
    files[0].write_bytes(files[0].read_bytes() + gzip.compress(b"broken\n"))
    return files


def start_import(files, environ, stored="%"):
    """Start an import in a process of its own, and wait until a book with such a number is stored."""
    command = [sys.executable, "-c", FLASK, "--app", "fisher", "books", "import", *map(str, files)]
    pipes = {"stderr": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, cwd=ROOT, env=environ, start_new_session=True, **pipes)
    database = environ["FISHER_SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with closing(sqlite3.connect(database)) as connection:
            if connection.execute("SELECT count(*) FROM book WHERE isbn LIKE ?", (stored,)).fetchone()[0]:
                return process
        time.sleep(0.005)
    process.kill()
    raise AssertionError(f"the import stored nothing: {process.communicate()}")


def assert_ends_as_one_run(flask, files, imports):
    """Resume, and compare with a fresh import."""
    result = flask(*files)
    assert result.exit_code == 1
    assert f"{EDITIONS + 1 + EDITIONS // 4} lines:" in result.output
    assert rejected(files[0]) == {EDITIONS + 1: "1 columns instead of 5"}
    stopped, changed = rows(), db.session.query(BookChange.book_id).distinct().count()
    renew_tables()
    flask(*files)
    assert rows() == stopped
    assert len(stopped) == changed == EDITIONS
    assert list(Path(imports).iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sign", "many_bytes"),
    [
        (signal.SIGKILL, "1000000000"),
        (signal.SIGINT, "0"),
        (signal.SIGKILL, "0"),
        (signal.SIGINT, "1000000000"),
    ],
)
def test_an_import_that_was_stopped_ends_like_one_that_was_not(app, flask, environ, files, sign, many_bytes):
    process = start_import(files, environ | {"MANY_BYTES": many_bytes})
    if sign == signal.SIGINT:
        os.killpg(process.pid, sign)  # as a terminal does
    else:
        process.send_signal(sign)
    _, errors = process.communicate(timeout=60)
    with app.app_context():
        assert 0 < len(rows()) < EDITIONS
        if sign == signal.SIGINT:
            assert process.returncode == 130
            assert "the same command goes on from here" in errors
            assert "Traceback" not in errors
        assert_ends_as_one_run(flask, files, environ["FISHER_IMPORTS_PATH"])


def test_two_imports_of_the_same_files_do_not_run_at_once(flask, environ, files):
    process = start_import(files, environ | {"MANY_BYTES": "0"})
    try:
        result = flask(*files)
        assert process.poll() is None
    finally:
        process.kill()
        process.communicate()
    assert result.exit_code == 2
    assert "being imported by another process" in result.output


@pytest.mark.slow
@pytest.mark.parametrize("editions", [3_000, 10_000])
def test_memory_does_not_grow_with_the_file(environ, tmp_path, app, editions):
    small = run_flask(["books", "import", *map(str, write_dump(tmp_path, editions))], environ).memory
    large = run_flask(["books", "import", *map(str, write_dump(tmp_path, 4 * editions))], environ).memory
    assert large - small < 20


def write_list(path, kind, numbers):
    """Write the books of these numbers as a file of a kind."""
    isbns = [isbn13(number) for number in numbers]
    if kind == "xlsx":
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Books")
        sheet.append(["ISBN", "Title", "Author"])
        for isbn in isbns:
            sheet.append([isbn, f"Lamp {isbn}", "Ann Example"])
        book.save(path)
    elif kind == "marcxml":
        path.write_text(f"<collection>{''.join(RECORD.format(isbn=isbn) for isbn in isbns)}</collection>")
    elif kind == "jsonl":
        path.write_text("".join(json.dumps(record_of(isbn)) + "\n" for isbn in isbns))
    else:
        path.write_text(json.dumps({"books": [record_of(isbn) for isbn in isbns]}))
    return path


RECORD = """<record><datafield tag="020"><subfield code="a">{isbn}</subfield></datafield>
<datafield tag="100"><subfield code="a">Example, Ann.</subfield></datafield>
<datafield tag="245"><subfield code="a">Lamp {isbn}</subfield></datafield></record>"""
KINDS = ["xlsx", "marcxml", "json", "jsonl"]


def record_of(isbn):
    return {"isbn": isbn, "title": f"Lamp {isbn}", "authors": ["Ann Example"]}


def titles():
    return {book.isbn: book.title for book in db.session.execute(select(Book.isbn, Book.title))}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_list_of_any_kind_goes_on_where_it_was_killed(app, flask, environ, tmp_path, kind):
    path = write_list(tmp_path / kind, kind, range(EDITIONS))
    process = start_import([path], environ | {"MANY_BYTES": "0"})
    process.kill()
    process.communicate(timeout=60)
    with app.app_context():
        stored = len(titles())
        assert 0 < stored < EDITIONS
        result = flask(path)
        assert (result.exit_code, titles()) == (0, {isbn13(n): f"Lamp {isbn13(n)}" for n in range(EDITIONS)})
    assert f"{EDITIONS} lines:" in result.output
    assert list(Path(environ["FISHER_IMPORTS_PATH"]).iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("killed", "other"),
    [
        ("json", "marcxml"),
        ("marcxml", "xlsx"),
        ("xlsx", "jsonl"),
    ],
)
def test_of_two_imports_at_once_one_is_killed_and_nothing_is_lost(app, flask, environ, tmp_path, killed, other):
    first = write_list(tmp_path / "first", killed, range(EDITIONS))
    second = write_list(tmp_path / "second", other, range(EDITIONS // 2, 2 * EDITIONS))
    goes_on = start_import([second], environ | {"MANY_BYTES": "0"})
    ends = start_import([first], environ | {"MANY_BYTES": "0"}, isbn13(0))
    ends.kill()
    ends.communicate(timeout=60)
    assert goes_on.communicate(timeout=120)
    assert goes_on.returncode == 0
    with app.app_context():
        assert set(map(isbn13, range(EDITIONS // 2, 2 * EDITIONS))) <= titles().keys()
        result = flask(first)
        assert (result.exit_code, titles()) == (0, {isbn13(n): f"Lamp {isbn13(n)}" for n in range(2 * EDITIONS)})
    assert f"{EDITIONS} lines:" in result.output
