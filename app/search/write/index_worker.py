"""Keeps the index of a running site up to date: one thread in each process, one writer at a time on the machine."""

import os
import sqlite3
import threading
import time
from pathlib import Path

import structlog
from sqlalchemy.exc import SQLAlchemyError

from app.rules.clock import HOUR
from app.search.write.build import BuildFailed
from app.search.write.build_process import build_in_process
from app.search.write.lock import IndexBusy
from app.search.write.prepare import MANY_BOOKS
from app.search.write.source import BookSource
from app.search.write.update import RebuildNeeded, is_behind, refresh_index

_log = structlog.get_logger(__name__)
_TRIM_SECONDS = HOUR
_LONGEST_PAUSE = 60.0


class IndexWorker:
    """Applies changes soon after they are committed, builds the index when it is missing, and never raises.

    A process that stored a book wakes its own worker; what other processes stored is seen within `interval` seconds.
    """

    def __init__(self, path: Path, source: BookSource, *, keep_changes: int, interval: float = 1.0) -> None:
        self._path, self._source = path, source
        self._keep_changes, self._interval = keep_changes, interval
        self._wanted = threading.Event()
        self._stopped = threading.Event()
        self._start_lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process = 0
        self._trimmed_at: float | None = None

    def start(self) -> None:
        """Start the thread of this process unless it is running; a forked process starts its own."""
        if self._process == os.getpid():
            return
        with self._start_lock:
            if self._process != os.getpid():
                self._process = os.getpid()
                self._thread = threading.Thread(target=self._run, name="search-keeper", daemon=True)
                self._thread.start()

    def wake(self) -> None:
        """Signal that this process has committed a change."""
        self._wanted.set()

    def stop(self) -> None:
        """Stop the thread after its current work."""
        self._stopped.set()
        self._wanted.set()
        if self._thread and self._process == os.getpid():
            self._thread.join()

    def tend(self) -> None:
        """Do the work that is due, once; errors are raised."""
        try:
            if not is_behind(self._path, self._source):
                return self._trim()
        except RebuildNeeded as reason:
            _log.info("search index is rebuilt", reason=str(reason))
            if self._source.count_books() >= MANY_BOOKS:
                return build_in_process(self._path, self._source)
        refresh_index(self._path, self._source)
        return None

    def _trim(self) -> None:
        now = time.monotonic()
        if self._trimmed_at is None or now - self._trimmed_at > _TRIM_SECONDS:
            self._trimmed_at = now
            self._source.trim_changes(self._keep_changes)

    def _run(self) -> None:
        pause = self._interval
        while not self._stopped.is_set():
            self._wanted.clear()
            try:
                self.tend()
                pause = self._interval
            except IndexBusy:
                pause = self._interval
            except (BuildFailed, sqlite3.Error, SQLAlchemyError, OSError) as error:
                pause = min(pause * 2, _LONGEST_PAUSE)
                _log.warning("search index could not be brought up to date", error=str(error), again_in=pause)
            except Exception:  # noqa: BLE001 -- the thread must outlive whatever happens
                pause = _LONGEST_PAUSE
                _log.exception("search index could not be brought up to date", again_in=pause)
            self._wanted.wait(pause)
