"""A second process reads the same as the first one would, and says why it stopped."""

import multiprocessing
import os
import signal

import pytest

from app.catalogues.files.list_files import BookLine, UnreadableFile
from app.models.work import marks_of
from app.services.imports import reader as list_reader
from app.services.imports.reader import FilePass, ListReader, UnwantedLine
from bench.imports import write_dump


@pytest.fixture
def reader(tmp_path, monkeypatch):
    """A reader with small batches, on a machine of two processors."""
    monkeypatch.setattr(list_reader, "BATCH", 100)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    return ListReader(tmp_path / "names.db", "test", None, lambda line: line.number % 10 != 0)


@pytest.fixture
def editions(tmp_path):
    """A gzipped dump whose end is missing."""
    path = write_dump(tmp_path, 1_000)[0]
    path.write_bytes(path.read_bytes()[:-1_000])
    return FilePass(path, "openlibrary", is_for_names=False)


def read_all(reader, step, start=0):
    lines = []
    try:
        for batch in reader.batches(step, start):
            lines += batch.lines
    except UnreadableFile as error:
        return lines, str(error)
    raise AssertionError("the file is not whole")


def test_both_ways_read_the_same_up_to_where_the_file_is_cut_short(reader, editions, monkeypatch):
    here = read_all(reader, editions, start=50)
    monkeypatch.setattr(list_reader, "MANY_BYTES", 0)
    assert read_all(reader, editions, start=50) == here
    assert here[0][0].number == 51
    assert len(here[0]) > 800
    assert "the packed file is cut short" in here[1]


def test_the_works_of_wanted_books_are_worked_out_while_reading(reader, editions):
    batch = next(reader.batches(editions, 0))
    wanted = [line for line in batch.lines if isinstance(line, BookLine)]
    assert [line.number for line in batch.lines if isinstance(line, UnwantedLine)] == [*range(10, 101, 10)]
    assert batch.work_marks == [[marks_of(record._asdict()) for record in line.records] for line in wanted]


def test_long_lines_make_shorter_batches(reader, editions, monkeypatch):
    whole, _ = read_all(reader, editions)
    monkeypatch.setattr(list_reader, "BATCH_BYTES", 10_000)
    sizes = []
    with pytest.raises(UnreadableFile):
        sizes.extend(len(batch.lines) for batch in reader.batches(editions, 0))
    assert sum(sizes) == len(whole)
    assert max(sizes) < 100


def test_a_second_process_that_dies_is_an_unreadable_file(reader, editions, monkeypatch):
    monkeypatch.setattr(list_reader, "MANY_BYTES", 0)
    ours = os.getpid()

    def die(*_):
        if os.getpid() != ours:
            os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(list_reader.DumpNames, "commit", die)
    lines, reason = read_all(reader, editions)
    assert lines == []
    assert reason == "the process that reads it has ended"


def test_a_second_process_that_nobody_listens_to_ends(reader, editions, monkeypatch):
    monkeypatch.setattr(list_reader, "MANY_BYTES", 0)
    batches = reader.batches(editions, 0)
    assert len(next(batches).lines) == 100
    assert len(multiprocessing.active_children()) == 1
    batches.close()
    assert multiprocessing.active_children() == []
