import time

import pytest
from structlog.testing import capture_logs

from app.search import IndexState
from app.search.write import index_worker as module
from app.search.write.build import BuildFailed
from app.search.write.index_worker import IndexWorker
from app.search.write.lock import IndexBusy, writer_lock


@pytest.fixture
def keeper(library):
    library.add("三体")
    keeper = IndexWorker(library.path, library.source, keep_changes=86_400, interval=0.05)
    yield keeper
    keeper.stop()


def wait_until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


def test_a_missing_index_is_built_and_a_new_book_found_soon(library, keeper):
    keeper.start()
    wait_until(lambda: library.index.state() is IndexState.READY)
    library.add("围城")

    wait_until(lambda: library.search("围城") == ["围城"])


@pytest.mark.slow
def test_a_large_index_is_built_by_another_process(library, keeper, monkeypatch):
    monkeypatch.setattr(module, "MANY_BOOKS", 1)
    monkeypatch.setattr("app.search.write.update.build_index", None)
    keeper.tend()
    assert library.search("三体") == ["三体"]

    library.path.unlink()
    with writer_lock(library.path), pytest.raises(IndexBusy):
        keeper.tend()
    monkeypatch.setattr("app.search.write.build_process.sys.executable", "/bin/false")
    with pytest.raises(BuildFailed):
        keeper.tend()


def test_a_wake_up_call_is_heard_at_once(library, keeper):
    library.build()
    keeper._interval = 60
    keeper.start()
    time.sleep(0.3)
    library.add("围城")
    keeper.wake()

    wait_until(lambda: library.search("围城") == ["围城"], seconds=50)


def test_it_waits_while_another_process_writes(library, keeper):
    library.build()
    library.add("围城")
    with writer_lock(library.path):
        keeper.start()
        time.sleep(0.3)
        assert library.search("围城") == []

    wait_until(lambda: library.search("围城") == ["围城"])


def test_a_fault_is_logged_and_it_goes_on(library, keeper, monkeypatch):
    library.build()
    faults = [ValueError("no such thing"), OSError("disk full")]
    original = IndexWorker.tend

    def fail_twice(self):
        if faults:
            raise faults.pop()
        return original(self)

    monkeypatch.setattr(IndexWorker, "tend", fail_twice)
    monkeypatch.setattr(module, "_LONGEST_PAUSE", 0.1)
    library.add("围城")
    with capture_logs() as logs:
        keeper.start()
        wait_until(lambda: library.search("围城") == ["围城"])

    assert [entry["log_level"] for entry in logs][:2] == ["warning", "error"]


def test_starting_twice_makes_one_thread(keeper):
    keeper.start()
    thread = keeper._thread
    keeper.start()

    assert keeper._thread is thread


def test_old_changes_are_trimmed(library, keeper):
    library.add("围城", "活着")
    with library.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE book_change SET create_time = 1000")
    library.build()
    keeper.start()

    wait_until(lambda: library.source.change_range() == (3, 3))
