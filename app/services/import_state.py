"""What an import has to remember: how far it came, its counts, and the names of a dump's authors.

It lies in a SQLite file of its own, so that an import that was stopped, even by force, goes on where it was.
"""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class ImportRunning(Exception):
    """The same import is running in another process."""


class ImportState:
    """The memory of one import, found again by its files and options as long as the files are the same."""

    def __init__(self, folder: Path, files: list[Path], options: Mapping[str, object]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        names = [str(file.resolve()) for file in files]
        name = hashlib.sha256(json.dumps([names, options], sort_keys=True).encode()).hexdigest()[:16]
        self._path = folder / f"{name}.db"
        contents = [(stat.st_size, stat.st_mtime_ns) for stat in (file.stat() for file in files)]
        self._open(json.dumps(contents))

    def _open(self, contents: str) -> None:
        self.connection = sqlite3.connect(self._path, timeout=0, isolation_level=None)
        try:
            self.connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            self.connection.execute("PRAGMA journal_mode=WAL")
            self.connection.execute("PRAGMA synchronous=OFF")  # a crash of the machine only costs a new start
            self.connection.execute("CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT)")
            self.connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            self.connection.close()
            raise ImportRunning from error
        except sqlite3.DatabaseError:
            self._start_anew(contents)
            return
        found = self.get("contents")
        if found is None:
            self._put("contents", contents)
        elif found != contents:
            self._start_anew(contents)

    def _start_anew(self, contents: str) -> None:
        self.finish()
        self._open(contents)

    def get(self, name: str) -> Any:
        """What was saved under a name, None when nothing was."""
        row = self.connection.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def save(self, **values: object) -> None:
        """Keep the values, and with them whatever else was written over `connection` since the last time."""
        for name, value in values.items():
            self._put(name, value)
        self.connection.execute("COMMIT")
        self.connection.execute("BEGIN IMMEDIATE")

    def _put(self, name: str, value: object) -> None:
        self.connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, json.dumps(value)))

    def close(self) -> None:
        """Leave the file for the next run."""
        self.connection.close()

    def finish(self) -> None:
        """Forget everything: the import is done."""
        self.connection.close()
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
