"""The checkpoint of an import: its progress and counts, and the authors' names from a dump.

It is stored in SQLite files of its own, so that an import that was stopped, even by force, continues where it was.
"""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# When the machine crashes, the database may lose its last commits while this file keeps them: then all is read again.
_BOOT = Path("/proc/sys/kernel/random/boot_id")


class ImportRunning(Exception):
    """The same import is running in another process."""


def _machine_start() -> str:
    """Return the id of this boot of the machine, where the system provides one."""
    return _BOOT.read_text() if _BOOT.exists() else ""


class ImportState:
    """The checkpoint of one import; found again by its files and options while the files and the boot are the same.

    `names` is the file for the names, which several processes may open; the rest belongs to this process.
    """

    def __init__(self, folder: Path, files: list[Path], options: Mapping[str, object]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        names = [str(file.resolve()) for file in files]
        name = hashlib.sha256(json.dumps([names, options], sort_keys=True).encode()).hexdigest()[:16]
        self._path = folder / f"{name}.db"
        self.names = folder / f"{name}.names.db"
        contents = [(stat.st_size, stat.st_mtime_ns) for stat in (file.stat() for file in files)]
        self._open(json.dumps([*contents, _machine_start()]))

    def _open(self, contents: str) -> None:
        self._connection = sqlite3.connect(self._path, timeout=0, isolation_level=None)
        try:
            self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=OFF")  # as in the file of the names
            self._connection.execute("CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT)")
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            self._connection.close()
            if error.sqlite_errorname == "SQLITE_BUSY":
                raise ImportRunning from error
            raise
        except sqlite3.DatabaseError:
            self._start_anew(contents)
            return
        found = self.get("contents")
        if found is None:
            self._put("contents", contents)
            self._remove(self.names)
            self.names.touch()
        elif found != contents or not self.names.exists():
            self._start_anew(contents)

    def _start_anew(self, contents: str) -> None:
        self.finish()
        self._open(contents)

    def get(self, name: str) -> Any:
        """Return the value saved under a name, or None."""
        row = self._connection.execute("SELECT value FROM state WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def save(self, **values: object) -> None:
        """Save the values."""
        for name, value in values.items():
            self._put(name, value)
        self._connection.execute("COMMIT")
        self._connection.execute("BEGIN IMMEDIATE")

    def _put(self, name: str, value: object) -> None:
        self._connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (name, json.dumps(value)))

    def close(self) -> None:
        """Close the files, and leave them for the next run."""
        self._connection.close()

    def finish(self) -> None:
        """Delete the files, because the import is done."""
        self._connection.close()
        self._remove(self._path)
        self._remove(self.names)

    @staticmethod
    def _remove(path: Path) -> None:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
