"""An import that is stopped, by Ctrl-C or by force, ends like one that was not; it needs little memory."""

import gzip
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.catalogues import reading
from app.models.base import db
from app.models.book import BookChange
from app.services.library import ImportOptions, import_files
from bench.imports import ROOT, run_flask, write_dump
from tests.commands.dumps import line, rejected, rows

EDITIONS = 3_000
# `flask` with batches so small that there are many of them.
FLASK = """
import runpy
from app.catalogues import reading
reading.BATCH, reading.LONG = 200, {long}
if __name__ == "__main__":
    runpy.run_module("flask", run_name="__main__")
"""
HERE, APART = 10**12, 0  # the size from which on a second process reads


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


def start_import(files, environ, long):
    """Start an import in a process of its own, and wait until it has stored something."""
    command = [sys.executable, "-c", FLASK.format(long=long), "--app", "fisher", "books", "import", *map(str, files)]
    pipes = {"stderr": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    process = subprocess.Popen(command, cwd=ROOT, env=environ, start_new_session=True, **pipes)
    database = environ["FISHER_SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with sqlite3.connect(database) as connection:
            if connection.execute("SELECT count(*) FROM book").fetchone()[0]:
                return process
        time.sleep(0.005)
    process.kill()
    raise AssertionError(f"the import stored nothing: {process.communicate()}")


def assert_ends_as_one_run(flask, files, imports):
    """Go on, and compare with a new start."""
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


@pytest.mark.parametrize("long", [HERE, APART])
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_an_import_that_was_stopped_ends_like_one_that_was_not(app, flask, environ, files, sign, long):
    process = start_import(files, environ, long)
    if sign == signal.SIGINT:
        os.killpg(process.pid, sign)  # as a terminal does
    else:
        process.send_signal(sign)
    _, errors = process.communicate(timeout=60)  # ends when nobody holds the pipes any more, a second process neither
    with app.app_context():
        assert 0 < len(rows()) < EDITIONS
        if sign == signal.SIGINT:
            assert process.returncode == 130
            assert "the same command goes on from here" in errors
            assert "Traceback" not in errors
        assert_ends_as_one_run(flask, files, environ["FISHER_IMPORTS_PATH"])


def test_an_import_whose_reading_process_was_killed_goes_on(app, flask, files, monkeypatch):
    monkeypatch.setattr(reading, "LONG", APART)
    rejects = Path(f"{files[0]}.rejected.tsv")

    def kill_the_reader(step, counts):
        if counts.stored:
            for child in multiprocessing.active_children():
                child.kill()

    with app.app_context():
        with pytest.raises(reading.ReadingFailed):
            import_files(files[:1], ImportOptions(), rejects, kill_the_reader)
        assert len(rows()) < EDITIONS
        assert "1 rejected" in flask(files[0]).output
        assert len(rows()) == EDITIONS


def test_a_reading_process_tells_what_the_other_one_would(app, flask, dump, files, monkeypatch):
    cut = dump(files[0].read_bytes()[:-2000], name="cut.txt.gz")
    empty = dump(gzip.compress(line())[:-20], name="empty.txt.gz")
    monkeypatch.setattr(reading, "BATCH", 500)

    def read(long):
        monkeypatch.setattr(reading, "LONG", long)
        with app.app_context():
            db.drop_all()
            db.create_all()
            results = [flask(*files), flask(cut), flask(empty, "--format", "openlibrary")]
            return [(result.exit_code, result.output) for result in results], rows()

    here, apart = read(HERE), read(APART)
    assert here == apart
    assert [code for code, _ in here[0]] == [1, 2, 2]


def test_two_imports_of_the_same_files_do_not_run_at_once(flask, environ, files):
    process = start_import(files, environ, HERE)
    try:
        result = flask(*files)
        assert process.poll() is None
    finally:
        process.kill()
        process.communicate()
    assert result.exit_code == 2
    assert "being imported by another process" in result.output


def test_memory_does_not_grow_with_the_file(environ, tmp_path, app):
    small = run_flask(["books", "import", *map(str, write_dump(tmp_path, 4_000))], environ).memory
    large = run_flask(["books", "import", *map(str, write_dump(tmp_path, 12_000))], environ).memory
    assert large - small < 20
