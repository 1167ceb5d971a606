"""A stored book is found a moment later, a changed one by its new words only, and a crash loses nothing."""

import multiprocessing
import os
import signal
import sqlite3
import time

import pytest
from sqlalchemy import delete, insert

from app.models.book import Book, BookChange
from app.search.check import check_index
from app.search.write.lock import IndexBusy, writer_lock
from app.search.write.update import RebuildNeeded, ensure_current, is_behind, refresh_index, update_index
from tests.factories import isbn13

SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def shelf(library):
    library.add("三体", "活着", "The Hobbit", authors=["某人"])
    library.build()
    return library


def test_new_changed_and_removed_books(shelf):
    shelf.add("围城")
    shelf.change(2, title="百年孤独", authors=["马尔克斯"])
    shelf.remove(3)

    assert is_behind(shelf.path, shelf.source)
    assert shelf.update() == 3
    assert shelf.search("围城") == shelf.search("weicheng") == ["围城"]
    assert shelf.search("活着") == shelf.search("hobbit") == shelf.search("huozhe") == []
    assert shelf.search("马尔克斯") == shelf.search("孤独") == ["百年孤独"]
    assert not check_index(shelf.path, shelf.source)
    assert not is_behind(shelf.path, shelf.source)


def test_a_deleted_book_is_not_found_and_comes_back(shelf):
    shelf.change(1, status=0)
    shelf.update()
    assert shelf.search("三体") == []

    shelf.change(1, status=1)
    shelf.update()
    assert shelf.search("三体") == ["三体"]


def test_applying_a_change_twice_is_harmless(shelf):
    shelf.change(1, title="三体全集")
    shelf.update()
    with sqlite3.connect(shelf.path) as connection:
        connection.execute("UPDATE meta SET v = iif(k = 'last_change', '3', '') WHERE k LIKE 'last_%'")
    connection.close()

    assert shelf.update() == 1
    assert not check_index(shelf.path, shelf.source)


def test_a_change_that_commits_after_its_follower_is_applied(shelf):
    with shelf.engine.begin() as connection:
        connection.execute(insert(BookChange).values(id=9, book_id=1))
    shelf.update()
    with shelf.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE book SET title = '三体新版' WHERE id = 1")
        connection.execute(insert(BookChange).values(id=7, book_id=1))

    assert is_behind(shelf.path, shelf.source)
    shelf.update()
    assert shelf.search("新版") == ["三体新版"]


def test_a_new_word_can_be_misspelt_and_a_removed_one_is_no_suggestion(shelf):
    [id] = shelf.add("Frankenstein")
    shelf.update()
    assert shelf.index.search("frankenstien").suggestion == "frankenstein"

    shelf.remove(id)
    shelf.update()
    assert shelf.index.search("frankenstien").suggestion is None


def test_old_changes_are_trimmed_but_the_newest_of_them(shelf):
    with shelf.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE book_change SET create_time = 1000")
    shelf.build()
    shelf.add("围城")

    assert shelf.source.trim_changes(86_400) == 2
    assert shelf.source.change_range() == (3, 4)
    assert shelf.update() == 1


def test_an_index_that_missed_trimmed_changes_must_be_rebuilt(shelf):
    shelf.add(*"甲乙丙丁")
    with shelf.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE book_change SET create_time = 1000")
    shelf.source.trim_changes(86_400)

    with pytest.raises(RebuildNeeded):
        shelf.update()
    refresh_index(shelf.path, shelf.source)
    assert shelf.search("甲") == ["甲"]


def test_an_index_of_another_database_must_be_rebuilt(shelf):
    with shelf.engine.begin() as connection:
        connection.execute(delete(BookChange))

    with pytest.raises(RebuildNeeded):
        ensure_current(shelf.path, shelf.source)


def test_only_one_process_writes(shelf):
    with writer_lock(shelf.path):
        with pytest.raises(IndexBusy):
            shelf.update()
        with pytest.raises(IndexBusy):
            shelf.build()
        assert shelf.search("三体") == ["三体"]


def test_differences_are_found_and_mended(shelf):
    with shelf.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE book SET title = '三体全集' WHERE id = 1")
        connection.exec_driver_sql("DELETE FROM book WHERE id = 2")
    found = check_index(shelf.path, shelf.source, mend=True)

    assert (found.wrong, found.extra) == ((1,), (2,))
    assert not check_index(shelf.path, shelf.source)
    assert shelf.search("全集") == ["三体全集"]


def test_text_tables_that_lost_a_book_are_found(shelf):
    with sqlite3.connect(shelf.path) as connection:
        connection.execute("INSERT INTO ft(ft, rowid, x) VALUES('delete', ?, '三体 体')", ((31 << 32) + 1,))
    connection.close()

    assert "ft" in check_index(shelf.path, shelf.source).text


def _keep_updating(folder):
    from pathlib import Path

    from tests.search.conftest import Library

    library = Library(Path(folder))
    while True:
        library.update()


def _keep_adding(library, count):
    for number in range(count):
        library.add(*(f"新书 {number} {extra}" for extra in range(10)))


@pytest.mark.slow
def test_killed_updates_lose_nothing(shelf):
    for round in range(4):
        _keep_adding(shelf, 130)
        process = SPAWN.Process(target=_keep_updating, args=(str(shelf.path.parent),))
        process.start()
        before = read_last_change(shelf)
        _wait_until(lambda before=before: read_last_change(shelf) > before, seconds=60)
        time.sleep(round * 0.03)
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    shelf.update()

    assert not check_index(shelf.path, shelf.source)
    assert shelf.index.search("新书").total_is_capped


def read_last_change(shelf):
    return int(ensure_current(shelf.path, shelf.source)["last_change"])


def _wait_until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def _read(folder, results, stop, started):
    from pathlib import Path

    from tests.search.conftest import Library

    library = Library(Path(folder))
    searches = 0
    try:
        while not stop.is_set():
            answer = library.index.search("三体")
            assert answer.book_ids == (1,)
            assert answer.is_complete
            assert library.index.search("新书").state == "ready"
            searches += 1
            started.set()
            stop.wait(0.001)  # leaves the processor to the writer
        results.put(searches)
    except BaseException as error:
        results.put(repr(error))
        raise


@pytest.mark.slow
def test_readers_are_never_disturbed_by_updates_and_rebuilds(shelf):
    results, stop = SPAWN.Queue(), SPAWN.Event()
    started = [SPAWN.Event() for _ in range(3)]
    readers = [SPAWN.Process(target=_read, args=(str(shelf.path.parent), results, stop, event)) for event in started]
    for reader in readers:
        reader.start()
    assert all(event.wait(60) for event in started)
    for _ in range(30):
        shelf.add("新书")
        update_index(shelf.path, shelf.source)
        shelf.build()
    stop.set()
    counts = [results.get(timeout=60) for _ in readers]
    for reader in readers:
        reader.join()

    assert all(isinstance(count, int) and count > 10 for count in counts), counts


@pytest.mark.parametrize("is_built_between", [False, True])
def test_what_a_slower_transaction_stores_in_bulk_is_found(library, is_built_between):
    (early,) = library.add("三体")
    library.build()
    late = range(early + 1, early + 3_001)
    with library.engine.begin() as connection:
        connection.execute(insert(BookChange).values(id=late[-1] + 1, book_id=early))
    library.build() if is_built_between else library.update()

    for ids in (late[1000:2000], [*late[:1000], *late[2000:]]):
        with library.engine.begin() as connection:
            rows = [{"id": id, "isbn": isbn13(id), "title": f"活着{id}", "work_id": 1, "work_version": 1} for id in ids]
            connection.execute(insert(Book), rows)
            connection.execute(insert(BookChange), [{"id": id, "book_id": id} for id in ids])
        assert is_behind(library.path, library.source)
        assert library.update() == len(ids)
    assert not check_index(library.path, library.source)
    assert not is_behind(library.path, library.source)
