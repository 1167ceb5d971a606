"""Limits the time of one search; what was found by then is shown."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

_STEPS = 1000  # instructions of SQLite between two checks of the time: about a millisecond in the slowest searches
_WALL_FACTOR = 20  # on a busy machine or a cold disk, wall time exceeds the thread's own computing time


class TimeLimit:
    """Interrupts the statements of one search after `seconds` of this thread's computing time."""

    def __init__(self, seconds: float) -> None:
        self._computing_end = time.thread_time() + seconds
        self._soonest_end = time.monotonic() + seconds
        self._latest_end = self._soonest_end + seconds * (_WALL_FACTOR - 1)
        self.is_expired = False

    @contextmanager
    def watch(self, connection: sqlite3.Connection) -> Iterator[None]:
        """Apply the limit to all statements of the block."""
        connection.set_progress_handler(self._look, _STEPS)
        try:
            yield
        finally:
            connection.set_progress_handler(None, 0)

    def _look(self) -> int:
        passed = time.monotonic()
        if passed > self._soonest_end:  # asked first, because it costs less
            self.is_expired = passed > self._latest_end or time.thread_time() > self._computing_end
        return int(self.is_expired)

    def fetch(self, connection: sqlite3.Connection, sql: str, values: Sequence[str | int]) -> list[tuple[Any, ...]]:
        """Return the rows of a statement, or those read before the time was up; none after that."""
        rows: list[tuple[Any, ...]] = []
        if self.is_expired or self._look():
            return rows
        try:
            rows.extend(connection.execute(sql, values))  # keeps what was read before an interrupt
        except sqlite3.OperationalError:
            if not self.is_expired:
                raise
        return rows
