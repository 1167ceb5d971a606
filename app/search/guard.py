"""Bounds the time of one search: what was found until then is shown."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

_STEPS = 50  # of SQLite's machine between two looks at the clock: about half a millisecond in the slowest searches
_WALL_FACTOR = 20  # a busy machine or a cold disk may take longer than the own computing time


class TimeGuard:
    """Stops the statements of one search after `seconds` of computing time of this thread."""

    def __init__(self, seconds: float) -> None:
        self._computing_end = time.thread_time() + seconds
        self._wall_end = time.monotonic() + seconds * _WALL_FACTOR
        self.is_expired = False

    @contextmanager
    def watch(self, connection: sqlite3.Connection) -> Iterator[None]:
        """Watch all statements of the block."""
        connection.set_progress_handler(self._look, _STEPS)
        try:
            yield
        finally:
            connection.set_progress_handler(None, 0)

    def _look(self) -> int:
        if time.thread_time() > self._computing_end or time.monotonic() > self._wall_end:
            self.is_expired = True
        return int(self.is_expired)

    def fetch(self, connection: sqlite3.Connection, sql: str, values: Sequence[str | int]) -> list[tuple[Any, ...]]:
        """Return the rows of a statement, or those read when the time was up; none after that."""
        rows: list[tuple[Any, ...]] = []
        if self.is_expired:
            return rows
        try:
            for row in connection.execute(sql, values):
                rows.append(row)  # noqa: PERF402  -- keeps what was read before an interruption
        except sqlite3.OperationalError:
            if not self.is_expired:
                raise
        return rows
