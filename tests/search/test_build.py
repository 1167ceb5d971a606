"""A new index replaces the old one atomically, or not at all."""

import multiprocessing
import os
import resource
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.ext import serializer

from app.search import IndexState, SearchIndex
from app.search.write import build as module
from app.search.write import prepare
from app.search.write.build import BuildFailed
from app.search.write.source import Ranking
from app.search.write.update import RebuildNeeded, refresh_index
from bench.catalogue import Catalogue

SPAWN = multiprocessing.get_context("spawn")
EMPTY_RANKING = serializer.dumps((Ranking().popularity, Ranking().has_gift))


@pytest.fixture
def shelf(library):
    library.add("三体", "活着", "The Hobbit")
    library.build()
    return library


def children(pid):
    """Return the child processes of a process."""
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def is_running(pid):
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and " Z " not in status.read_text()


def wait_until(is_so, seconds=60):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.002)


def files(library):
    """Return the lock and the files of all builds, without SQLite's side files."""
    names = [file.name for file in library.path.parent.iterdir()]
    return sorted(name for name in names if name.startswith("search.db.") and "-" not in name)


def test_progress_is_reported(library):
    library.add(*(f"书 {number}" for number in range(2_500)))
    seen = []
    result = library.build(report=seen.append)

    assert result.books == 2_500
    assert [(progress.step, progress.done) for progress in seen] == [
        ("indexing", 2_000),
        ("indexing", 2_500),
    ]
    assert seen[0].seconds_left > 0
    assert seen[0].per_second > 0


@pytest.mark.slow
def test_a_second_process_prepares_the_same_index(library, monkeypatch):
    library.add_rows([book.as_row() for book in Catalogue().books(200)])
    library.build()
    alone = contents(library.path)
    monkeypatch.setattr(prepare, "MANY_BOOKS", 1)
    monkeypatch.setattr(prepare.os, "cpu_count", lambda: 2)
    library.build()

    assert contents(library.path) == alone


def contents(path):
    """Return every row of the tables, except for the time of the build."""
    with closing(sqlite3.connect(path)) as connection:
        tables = ("doc", "word", "near", "reading", "ft_data", "fx_data", "fp_data")
        return [connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables]


@pytest.mark.slow
def test_a_second_process_that_can_not_read_is_said(shelf, monkeypatch):
    monkeypatch.setattr(prepare, "MANY_BOOKS", 1)
    monkeypatch.setattr(prepare.os, "cpu_count", lambda: 2)
    gone = shelf.engine.url.set(database="/nowhere/main.db")
    monkeypatch.setattr(type(shelf.source), "__getstate__", lambda self: (gone, EMPTY_RANKING))

    with pytest.raises(BuildFailed, match="unable to open"):
        shelf.build()
    assert shelf.search("三体") == ["三体"]


def test_an_open_reader_moves_to_the_new_file(shelf):
    assert shelf.search("围城") == []
    shelf.add("围城")
    shelf.build()

    assert shelf.search("围城") == ["围城"]
    assert files(shelf) == [shelf.path.resolve().name, "search.db.lock"]


def test_what_changes_during_a_build_is_applied_after_it(shelf, monkeypatch):
    original = module.prepare_all

    def add_meanwhile(*args):
        yield from original(*args)
        shelf.add("围城")

    monkeypatch.setattr(module, "prepare_all", add_meanwhile)
    shelf.build()

    assert shelf.search("围城") == []
    assert shelf.update() == 1
    assert shelf.search("围城") == ["围城"]


def test_an_index_that_is_missing_says_so(library):
    assert library.index.state() is IndexState.MISSING
    answer = library.index.search("三体")
    assert (answer.book_ids, answer.is_complete, answer.state) == ((), False, IndexState.MISSING)

    library.add("三体")
    refresh_index(library.path, library.source)
    assert library.index.state() is IndexState.READY
    assert library.search("三体") == ["三体"]


def test_an_index_that_is_being_built_says_so(library, monkeypatch):
    seen = []
    library.add("三体")
    library.build(report=lambda progress: seen.append(library.index.state()))

    assert set(seen) == {IndexState.BUILDING}


def test_another_version_of_the_normaliser_answers_until_it_is_rebuilt(shelf, monkeypatch):
    monkeypatch.setattr("app.search.read.index.normaliser_version", lambda: "new")
    monkeypatch.setattr("app.search.write.update.normaliser_version", lambda: "new")
    index = SearchIndex(shelf.path)

    assert index.state() is IndexState.STALE
    assert index.search("三体").book_ids == (1,)
    with pytest.raises(RebuildNeeded):
        shelf.update()
    index.close()


def _truncate(path):
    os.truncate(path, path.stat().st_size // 2)


def _truncate_to_nothing(path):
    os.truncate(path, 0)


def _overwrite(path):
    path.write_bytes(b"this is no database " * 1_000)


def _overwrite_inside(path):
    with path.open("r+b") as file:
        file.seek(8_192)
        file.write(os.urandom(path.stat().st_size - 8_192))


def _overwrite_titles(path):
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'doc_title'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(bytes(size))


def _empty_database(path):
    path.unlink()
    sqlite3.connect(path).execute("CREATE TABLE other(x)").connection.close()


def _remove(path):
    path.unlink()


@pytest.mark.parametrize(
    "damage",
    [_truncate, _truncate_to_nothing, _overwrite, _overwrite_inside, _overwrite_titles, _empty_database, _remove],
)
def test_a_damaged_file_is_noticed_and_replaced(shelf, damage):
    shelf.add(*(f"书 {number}" for number in range(300)))
    shelf.build()
    shelf.index.close()
    damage(shelf.path.resolve())
    index = SearchIndex(shelf.path, time_limit=5)
    for text in ("三体", "书", "hobbit", "santi", "三替", "9787000"):
        index.search(text)
    assert index.search("三体").book_ids in ((), (1,))

    refresh_index(shelf.path, shelf.source)
    assert index.search("三体").book_ids == (1,)
    assert index.state() is IndexState.READY
    index.close()


def test_a_read_only_folder_is_read_and_a_build_there_is_refused(shelf, monkeypatch):
    monkeypatch.setattr("app.search.schema.os.access", lambda path, mode: False)
    index = SearchIndex(shelf.path)
    assert index.search("三体").book_ids == (1,)
    index.close()

    monkeypatch.setattr(module, "_write", _refuse)
    with pytest.raises(BuildFailed):
        shelf.build()
    assert shelf.search("三体") == ["三体"]


def _refuse(*_args):
    raise PermissionError(13, "Permission denied")


def _build_on_a_full_disk(folder, results):
    from pathlib import Path

    from tests.search.conftest import Library

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    library = Library(Path(folder))
    try:
        library.build()
    except BuildFailed as error:
        results.put(str(error))
    else:
        results.put("")


def test_a_full_disk_leaves_the_old_index_and_no_rubbish(shelf):
    before = files(shelf)
    results = SPAWN.Queue()
    process = SPAWN.Process(target=_build_on_a_full_disk, args=(str(shelf.path.parent), results))
    process.start()
    message = results.get(timeout=60)
    process.join()

    assert "could not be built" in message
    assert shelf.search("三体") == ["三体"]
    assert files(shelf) == before


def _build(folder, many_books):
    from pathlib import Path

    from tests.search.conftest import Library

    prepare.MANY_BOOKS = many_books
    Library(Path(folder)).build()


@pytest.mark.slow
@pytest.mark.parametrize("is_by_two", [False, True])
def test_a_killed_build_changes_nothing_and_the_next_cleans_up(library, is_by_two):
    library.add(*(f"第 {number} 本书" for number in range(3_000)))
    library.build()
    library.add("围城")
    process = SPAWN.Process(target=_build, args=(str(library.path.parent), 1 if is_by_two else 50_000))
    process.start()
    wait_until(lambda: len(files(library)) == 3 and len(children(process.pid)) == is_by_two)
    readers = children(process.pid)
    os.kill(process.pid, signal.SIGKILL)
    process.join()

    wait_until(lambda: not any(map(is_running, readers)))
    assert len(files(library)) == 3
    assert library.search("第 7 本书", per_page=1) == ["第 7 本书"]
    assert library.search("围城") == []
    library.build()
    assert library.search("围城") == ["围城"]
    assert len(files(library)) == 2


def _search_after_fork(index, results):
    results.put(index.search("三体").book_ids)


def test_a_forked_process_opens_its_own_connection(shelf):
    assert shelf.search("三体") == ["三体"]
    fork = multiprocessing.get_context("fork")
    results = fork.Queue()
    process = fork.Process(target=_search_after_fork, args=(shelf.index, results))
    process.start()

    assert results.get(timeout=60) == (1,)
    process.join()
    assert shelf.search("三体") == ["三体"]
