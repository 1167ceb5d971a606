"""Brings an index up to date with the changes noted in the main database.

Each batch is one transaction of the index file, which also stores the id of the last change: after a crash, the next
run continues after the last finished batch, and applying a change twice is harmless.
"""

import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from app.search.schema import SCHEMA, open_reader, open_writer, possible_rows, read_meta, write_meta
from app.search.text.pinyin import load_readings
from app.search.text.version import normaliser_version
from app.search.write.build import BuildResult, Report, build_index
from app.search.write.document import Document, make_document
from app.search.write.lock import writer_lock
from app.search.write.source import MOST_GAPS, BookSource, left_out
from app.search.write.writer import add_words, count_words, delete_documents, insert_documents, make_sounds

_BATCH = 500
_GAP_SECONDS = 600


class RebuildNeeded(RuntimeError):
    """The index cannot be brought up to date by applying changes."""


def refresh_index(path: Path, source: BookSource, report: Report | None = None) -> BuildResult | int:
    """Build the index if needed, else apply the changes and return how many; raises `IndexBusy`, `BuildFailed`."""
    try:
        ensure_current(path, source)
        return update_index(path, source)
    except RebuildNeeded:
        return build_index(path, source, report)


def ensure_current(path: Path, source: BookSource) -> dict[str, str]:
    """Return the metadata of the file; raises `RebuildNeeded` with the reason."""
    try:
        connection = open_reader(path)
        try:
            meta = read_meta(connection)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise RebuildNeeded("the index is missing or damaged") from error
    if meta.get("schema") != str(SCHEMA) or meta.get("normaliser") != normaliser_version():
        raise RebuildNeeded("the index was written by another version")
    last = int(meta["last_change"])
    oldest, newest = source.change_range()
    stamp = source.change_stamp(last)
    is_other = stamp and meta["last_stamp"] and stamp != meta["last_stamp"]
    if last > newest or last + 1 < oldest or is_other:
        raise RebuildNeeded("changes are missing between the index and the main database")
    return meta


def is_behind(path: Path, source: BookSource) -> bool:
    """Return whether there are pending changes; raises `RebuildNeeded`."""
    meta = ensure_current(path, source)
    return source.change_range()[1] > int(meta["last_change"]) or meta.get("gaps", "0") != "0"


def update_index(path: Path, source: BookSource) -> int:
    """Apply all pending changes and return how many; raises `IndexBusy` or `RebuildNeeded`."""
    with writer_lock(path):
        ensure_current(path, source)
        connection = open_writer(path)
        try:
            total = 0
            while applied := _apply_batch(connection, source):
                total += applied
            return total
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):  # full disk, lock: a rebuild would not help
                raise
            raise RebuildNeeded(f"the index is damaged: {error}") from error
        finally:
            connection.close()


def _apply_batch(connection: sqlite3.Connection, source: BookSource) -> int:
    last = int(read_meta(connection)["last_change"])
    now = int(time.time())
    gaps = connection.execute("SELECT first, last, seen_at FROM gap ORDER BY first").fetchall()
    changes = source.changes_after(last, [(first, end) for first, end, _ in gaps], _BATCH)
    newest = max([last, *(change for change, _ in changes)])
    stamp = source.change_stamp(newest)
    connection.execute("BEGIN IMMEDIATE")
    try:
        apply_books(connection, source, sorted({book for _, book in changes}))
        # A missing id may belong to a transaction that commits later than those with higher ids.
        seen = [change for change, _ in changes]
        young = [gap for gap in gaps if gap[2] >= now - _GAP_SECONDS]
        spans = [*young, (last + 1, newest, now)]
        left = [(*gap, seen_at) for first, end, seen_at in spans for gap in left_out(first, end, seen)]
        open_gaps = left[-MOST_GAPS:]
        connection.execute("DELETE FROM gap")
        connection.executemany("INSERT INTO gap VALUES(?, ?, ?)", open_gaps)
        write_meta(connection, last_change=newest, last_stamp=stamp, gaps=len(open_gaps))
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise
    return len(changes)


def apply_books(connection: sqlite3.Connection, source: BookSource, ids: Sequence[int]) -> None:
    """Update the documents of these books from the main database, inside the caller's transaction."""
    wanted = {row[0]: make_document(row) for row in source.books_by_id(ids)} if ids else {}
    stored = _stored(connection, ids)
    new, old = set(wanted.values()), set(stored)
    gone = [document for document in stored if document not in new]
    added = sorted(document for document in wanted.values() if document not in old)
    spoken = [text for document in (*gone, *added) for text in (document.title, *document.people)]
    readings = load_readings(connection, spoken)
    delete_documents(connection, gone, make_sounds(gone, readings))
    insert_documents(connection, added, make_sounds(added, readings))
    words = count_words(added)
    words.subtract(count_words(gone))
    add_words(connection, words)


def _stored(connection: sqlite3.Connection, ids: Iterable[int]) -> list[Document]:
    sql = "SELECT * FROM doc WHERE rowno = ?"
    rows = (connection.execute(sql, (rowno,)).fetchone() for id in ids for rowno in possible_rows(id))
    return [Document(*row) for row in rows if row]
