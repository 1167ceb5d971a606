"""Statistics of an index, for operators."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from app.search.read.index import SearchIndex
from app.search.schema import IndexState, open_reader, read_meta
from app.search.write.source import BookSource


def read_statistics(path: Path, index: SearchIndex, source: BookSource) -> dict[str, str]:
    """Return statistics by name: state, file, size, books, words, versions, and pending changes."""
    state = index.state()
    facts = {"state": str(state), "file": str(path)}
    if state not in (IndexState.READY, IndexState.STALE):
        return facts
    connection = open_reader(path)
    try:
        return facts | _facts(connection, path, source)
    finally:
        connection.close()


def _facts(connection: sqlite3.Connection, path: Path, source: BookSource) -> dict[str, str]:
    meta = read_meta(connection)
    books = connection.execute("SELECT count(*) FROM doc").fetchone()[0]
    words = connection.execute("SELECT count(*) FROM word WHERE books > 0").fetchone()[0]
    waiting = source.change_range()[1] - int(meta["last_change"])
    return {
        "size": f"{path.stat().st_size / 1_000_000:.1f} MB",
        "books": f"{books:,} of {source.count_books():,}",
        "words": f"{words:,}",
        "built": datetime.fromtimestamp(int(meta["built_at"]), UTC).isoformat(),
        "normaliser": meta["normaliser"],
        "changes waiting": f"{max(0, waiting):,}",
    }
