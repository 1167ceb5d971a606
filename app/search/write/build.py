"""Builds a whole new index beside the old one, and swaps it in atomically.

The configured path is a symbolic link to the file in use. Each build writes a file of its own, so that SQLite's side
files never meet the wrong one, and readers that still have the old file open finish undisturbed.
"""

import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.search.schema import AFTER_FILLING, BEFORE_FILLING, SCHEMA, TABLES, run_script, write_meta
from app.search.text.tokens import index_tokens
from app.search.text.version import normaliser_version
from app.search.write.document import Document
from app.search.write.lock import writer_lock
from app.search.write.prepare import AllSent, Prepared, ReadingFailed, prepare_all
from app.search.write.source import MOST_GAPS, BookSource
from app.search.write.writer import Words, insert_documents, insert_words


@dataclass(frozen=True)
class Progress:
    """The progress of a build: books done and in total in this step, books per second, seconds left for the step."""

    step: str
    done: int
    total: int
    per_second: float
    seconds_left: float


Report = Callable[[Progress], None]


@dataclass(frozen=True)
class BuildResult:
    """The result of a build: number of books, seconds, bytes."""

    books: int
    seconds: float
    size: int


class BuildFailed(RuntimeError):
    """The new index could not be written (disk full, folder read-only); the old one is untouched."""


def build_index(path: Path, source: BookSource, report: Report | None = None) -> BuildResult:
    """Write a new index of all books and swap it in; raises `IndexBusy` or `BuildFailed`."""
    started = time.perf_counter()
    try:
        with writer_lock(path):
            _remove_leftovers(path)
            target = path.with_name(f"{path.name}.{time.time_ns():x}")
            try:
                books = _write(target, source, report or _ignore)
                _swap(path, target)
            except BaseException:
                _remove(target)
                raise
            _remove_leftovers(path)
            return BuildResult(books, time.perf_counter() - started, target.stat().st_size)
    except (sqlite3.Error, OSError, ReadingFailed) as error:
        raise BuildFailed(f"the index {path} could not be built: {error}") from error


def _ignore(_progress: Progress) -> None:
    """Report nothing."""


def _write(target: Path, source: BookSource, report: Report) -> int:
    connection = sqlite3.connect(target, isolation_level=None)
    try:
        for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-65536", "locking_mode=EXCLUSIVE"):
            connection.execute(f"PRAGMA {setting}")
        connection.executescript(TABLES)
        run_script(connection, BEFORE_FILLING)
        connection.execute("BEGIN")
        # Read before the books: changes made meanwhile are applied again later.
        last_change = source.change_range()[1]
        last_stamp = source.change_stamp(last_change)
        gaps = source.gaps_before(last_change)[-MOST_GAPS:]
        connection.executemany("INSERT INTO gap VALUES(?, ?, ?)", [(*gap, int(time.time())) for gap in gaps])
        books = _fill(connection, source, report)
        write_meta(
            connection,
            schema=SCHEMA,
            normaliser=normaliser_version(),
            last_change=last_change,
            last_stamp=last_stamp,
            gaps=len(gaps),
            syllables=" ".join(_all_syllables(connection)),
            built_at=int(time.time()),
        )
        connection.execute("COMMIT")
        connection.execute("PRAGMA locking_mode=NORMAL")
        connection.execute("PRAGMA journal_mode=WAL")
        return books
    finally:
        connection.close()


def _fill(connection: sqlite3.Connection, source: BookSource, report: Report) -> int:
    clock = _Clock("indexing", source.count_books(), report)
    common = _CommonTokens()
    for prepared in prepare_all(source, clock.total):
        match prepared:
            case Prepared():
                insert_documents(connection, prepared.documents, prepared.sounds)
                common.look_at(prepared.documents)
                clock.add(len(prepared.documents))
            case AllSent():
                write_meta(connection, common=" ".join(common.tokens()))
                run_script(connection, AFTER_FILLING)
            case Words():
                insert_words(connection, prepared)
            case dict():
                connection.executemany("INSERT INTO reading VALUES(?, ?)", sorted(prepared.items()))
    return clock.done


def _all_syllables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT DISTINCT pinyin FROM reading WHERE length(han) = 1 ORDER BY 1")
    return [syllable for (syllable,) in rows if syllable.strip("ghmn")]  # without syllables such as "hm" and "ng"


class _CommonTokens:
    """Finds the tokens that occur in many books, by sampling one book in eight."""

    _SHARE = 0.02

    def __init__(self) -> None:
        self._books = 0
        self._counts: Counter[str] = Counter()

    def look_at(self, documents: Sequence[Document]) -> None:
        for document in documents[::8]:
            self._books += 1
            self._counts.update(set(index_tokens(f"{document.title} {document.searched}").split()))

    def tokens(self) -> list[str]:
        return sorted(token for token, books in self._counts.items() if books > self._books * self._SHARE)


class _Clock:
    def __init__(self, step: str, total: int, report: Report) -> None:
        self._step, self.total, self._report = step, total, report
        self._started = time.perf_counter()
        self.done = 0

    def add(self, books: int) -> None:
        self.done += books
        rate = self.done / max(time.perf_counter() - self._started, 1e-9)
        left = max(0, self.total - self.done) / rate
        self._report(Progress(self._step, self.done, max(self.total, self.done), rate, left))


def _swap(path: Path, target: Path) -> None:
    _flush(target)
    link = path.with_name(path.name + ".link")
    link.unlink(missing_ok=True)
    link.symlink_to(target.name)
    link.replace(path)
    _flush(path.parent)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_leftovers(path: Path) -> None:
    """Remove files of earlier builds, finished or not, except the one in use."""
    kept = path.resolve().name if path.is_symlink() else ""
    for file in path.parent.glob(f"{path.name}.*"):
        generation = file.name.removeprefix(f"{path.name}.").split("-")[0]
        is_build = len(generation) > 12 and all(sign in "0123456789abcdef" for sign in generation)
        if is_build and file.name.split("-")[0] != kept.split("-")[0]:
            file.unlink(missing_ok=True)


def _remove(target: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
