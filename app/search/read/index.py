"""`SearchIndex`: the interface through which the rest of the site searches."""

import os
import sqlite3
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.search.read.corrections import Corrections
from app.search.read.hits import EVERYTHING, Filter, IndexReading
from app.search.read.pager import Pager, WorkPager
from app.search.read.paging import Position, decode_cursor
from app.search.read.query import Query, parse_query
from app.search.read.stages import Stages, Vocabulary
from app.search.read.suggestions import Suggested, Suggestions
from app.search.read.time_limit import TimeLimit
from app.search.schema import SCHEMA, IndexState, book_id_of, open_reader, read_meta
from app.search.text.version import normaliser_version
from app.search.write.lock import is_being_written

LAST_PAGE = 99
TIME_LIMIT = 0.015
MOST_PER_PAGE = 1000
Result = TypeVar("Result")


@dataclass(frozen=True)
class SearchAnswer:
    """One page of hits.

    `total` counts up to 1000; beyond that `total_is_capped` is true. `pages` is how many pages can be linked by number;
    `next_cursor` leads on without limit. `suggestion` is the text that was searched for instead, because the given one
    has no hits. `is_complete` is false if the time limit passed before everything was searched.
    """

    book_ids: tuple[int, ...] = ()
    total: int = 0
    total_is_capped: bool = False
    pages: int = 0
    next_cursor: str | None = None
    suggestion: str | None = None
    is_complete: bool = True
    state: IndexState = IndexState.READY


@dataclass(frozen=True)
class _Reader:
    """A connection, the file it was opened on, and the metadata of that file."""

    connection: sqlite3.Connection
    process: int
    file: tuple[int, int]
    state: IndexState
    vocabulary: Vocabulary


class SearchIndex:
    """Runs searches on an index file; one object serves all threads, and all processes forked from this one."""

    _abandoned: list[_Reader] = []  # noqa: RUF012 -- a connection from before a fork must never be closed here

    def __init__(self, path: Path | str, *, time_limit: float = TIME_LIMIT) -> None:
        self._path = Path(path)
        self._time_limit = time_limit
        self._local = threading.local()
        self._damaged: tuple[int, int] | None = None

    def state(self) -> IndexState:
        """Return whether searches work (`ready`, `stale`) and whether an index is being built."""
        if reader := self._reader():
            return reader.state
        return IndexState.BUILDING if is_being_written(self._path) else IndexState.MISSING

    def search(
        self,
        text: str,
        *,
        page: int = 1,
        cursor: str | None = None,
        per_page: int = 15,
        by_work: bool = False,
        kept: Filter = EVERYTHING,
    ) -> SearchAnswer:
        """Return a page of hits; any text is accepted. Raises `InvalidCursor` for a cursor of another search.

        :param by_work: each work is shown and counted once, except in a search for numbers.
        :param kept: which books are searched.
        """
        query = parse_query(text)
        per_page = max(1, min(per_page, MOST_PER_PAGE))
        position = Position(offset=(max(1, min(page, LAST_PAGE)) - 1) * per_page)
        if cursor:
            position = decode_cursor(cursor, f"{query.key}{kept}")
        return self._read(
            lambda reader: self._answer(reader, query, position, per_page, by_work, kept)
        ) or SearchAnswer(is_complete=False, state=self.state())

    def suggest(self, text: str) -> Suggested:
        """Return what to suggest for the beginning of a query; any text is accepted; nothing without an index."""
        query = parse_query(text)
        return self._read(lambda reader: self._suggest(reader, query)) or Suggested()

    def _read(self, use: Callable[[_Reader], Result]) -> Result | None:
        """Return what `use` returns; nothing if there is no readable file."""
        for _ in range(2):
            reader = self._reader()
            if reader is None:
                break
            try:
                return use(reader)
            except sqlite3.DatabaseError as error:
                self._give_up(reader, error)
        return None

    def close(self) -> None:
        """Close this thread's connection; the next search opens a new one."""
        if (reader := getattr(self._local, "reader", None)) and reader.process == os.getpid():
            reader.connection.close()
        self._local.reader = None

    def _answer(
        self, reader: _Reader, query: Query, position: Position, per_page: int, by_work: bool, kept: Filter
    ) -> SearchAnswer:
        limit = TimeLimit(self._time_limit)
        with limit.watch(reader.connection):
            reading = IndexReading(reader.connection, limit, kept)
            staged = Stages(reading, query, reader.vocabulary).run()
            other = None
            corrections = Corrections(reading, reader.vocabulary.syllables)
            if not staged.rows and kept == EVERYTHING and (other := corrections.find(query)):
                staged = Stages(reading, other, reader.vocabulary).run()
            pager = (WorkPager if by_work and not query.isbn_range else Pager)(reading, staged)
            rows, following = pager.page(position, per_page)
            is_complete = not limit.is_expired
            total, is_capped = pager.total()
        return SearchAnswer(
            book_ids=tuple(book_id_of(row) for row in rows),
            total=total,
            total_is_capped=is_capped,
            pages=min(LAST_PAGE, -(-(total + is_capped) // per_page)),
            next_cursor=following.encode(f"{query.key}{kept}") if following else None,
            suggestion=" ".join(other.runs) if other and staged.rows else None,
            is_complete=is_complete,
            state=reader.state,
        )

    def _suggest(self, reader: _Reader, query: Query) -> Suggested:
        limit = TimeLimit(self._time_limit)
        with limit.watch(reader.connection):
            reading = IndexReading(reader.connection, limit)
            return Suggestions(reading, query, reader.vocabulary.syllables).find()

    def _reader(self) -> _Reader | None:
        """Return this thread's connection to the current file, or None if there is no readable file."""
        try:
            status = os.stat(self._path)  # noqa: PTH116 -- one system call for each search
        except OSError:
            return None
        file = (status.st_dev, status.st_ino)
        reader: _Reader | None = getattr(self._local, "reader", None)
        if reader and reader.process != os.getpid():
            self._abandoned.append(reader)
            reader = None
        if reader and reader.file != file:
            reader.connection.close()
            reader = None
        if reader is None and file != self._damaged:
            reader = self._open(file)
        self._local.reader = reader
        return reader

    def _open(self, file: tuple[int, int]) -> _Reader | None:
        try:
            connection = open_reader(self._path)
        except sqlite3.Error:
            return None
        try:
            meta = read_meta(connection)
        except sqlite3.Error:
            meta = {}
        if meta.get("schema") != str(SCHEMA):
            connection.close()
            return None
        is_current = meta.get("normaliser") == normaliser_version()
        state = IndexState.READY if is_current else IndexState.STALE
        known = Vocabulary(*(frozenset(meta.get(name, "").split()) for name in ("syllables", "common")))
        reader = _Reader(connection, os.getpid(), file, state, known)
        weakref.finalize(reader, connection.close).atexit = False  # when its thread has ended
        return reader

    def _give_up(self, reader: _Reader, error: sqlite3.DatabaseError) -> None:
        """Close a connection that failed; the link to a damaged file is removed, so that the worker builds another."""
        reader.connection.close()
        self._local.reader = None
        if error.sqlite_errorname in {
            "SQLITE_CORRUPT",
            "SQLITE_NOTADB",
            "SQLITE_CORRUPT_VTAB",
            "SQLITE_IOERR_SHORT_READ",
        }:
            self._damaged = reader.file
            self._put_aside(reader.file)

    def _put_aside(self, file: tuple[int, int]) -> None:
        with suppress(OSError):  # the folder may be read-only
            status = self._path.stat()
            if (status.st_dev, status.st_ino) == file:
                self._path.unlink()
