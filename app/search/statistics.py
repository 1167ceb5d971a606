"""Statistics of an index, for operators."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from app.search.read.index import SearchIndex
from app.search.schema import IndexState, open_reader, read_meta
from app.search.write.source import BookSource


@dataclass(frozen=True)
class Statistics:
    """What there is to say of an index that can be searched; the time is in Unix seconds, the size in bytes."""

    size: int
    books: int
    all_books: int
    words: int
    built_at: int
    normaliser: str
    waiting: int
    """Changes of books that are not in it yet."""


def read_statistics(path: Path, index: SearchIndex, source: BookSource) -> Statistics | None:
    """Return the statistics, or None if the index cannot be searched."""
    if index.state() not in (IndexState.READY, IndexState.STALE):
        return None
    connection = open_reader(path)
    try:
        return _statistics(connection, path, source)
    finally:
        connection.close()


def _statistics(connection: sqlite3.Connection, path: Path, source: BookSource) -> Statistics:
    meta = read_meta(connection)
    return Statistics(
        size=path.stat().st_size,
        books=connection.execute("SELECT count(*) FROM doc").fetchone()[0],
        all_books=source.count_books(),
        words=connection.execute("SELECT count(*) FROM word WHERE books > 0").fetchone()[0],
        built_at=int(meta["built_at"]),
        normaliser=meta["normaliser"],
        waiting=max(0, source.change_range()[1] - int(meta["last_change"])),
    )
