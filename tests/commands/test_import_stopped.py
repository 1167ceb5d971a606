"""An import that is stopped, by Ctrl-C or by force, and resumed has the same result; it needs little memory."""

import gzip
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from app.models.base import db
from app.models.book import BookChange
from bench.imports import ROOT, run_flask, write_dump
from tests.commands.dumps import rejected, rows

EDITIONS = 3_000
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


def start_import(files, environ):
    """Start an import in a process of its own, and wait until it has stored something."""
    command = [sys.executable, "-c", FLASK, "--app", "fisher", "books", "import", *map(str, files)]
    pipes = {"stderr": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, cwd=ROOT, env=environ, start_new_session=True, **pipes)
    database = environ["FISHER_SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with closing(sqlite3.connect(database)) as connection:
            if connection.execute("SELECT count(*) FROM book").fetchone()[0]:
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
    db.drop_all()
    db.create_all()
    flask(*files)
    assert rows() == stopped
    assert len(stopped) == changed == EDITIONS
    assert list(Path(imports).iterdir()) == []


@pytest.mark.parametrize("many_bytes", ["0", "1000000000"])
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
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


def test_memory_does_not_grow_with_the_file(environ, tmp_path, app):
    small = run_flask(["books", "import", *map(str, write_dump(tmp_path, 10_000))], environ).memory
    large = run_flask(["books", "import", *map(str, write_dump(tmp_path, 40_000))], environ).memory
    assert large - small < 20
