"""The index file: its tables, how it is opened, and its metadata.

A book's row number is its rank: `(31 - bucket) << 32 | book id`. In row order, hits come best first and reading
stops when the page is full. Text tables are contentless; to delete a row, its old tokens are recomputed from `doc`.
"""

import os
import sqlite3
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote

SCHEMA = 7
"""Increment this whenever the tables or their tokens change; a file with another number cannot be read."""

TABLES = """
CREATE TABLE doc(
  rowno INTEGER PRIMARY KEY, title_n TEXT NOT NULL, other_n TEXT NOT NULL, isbn INTEGER NOT NULL, work INTEGER NOT NULL,
  is_had INTEGER NOT NULL, language TEXT NOT NULL
);
CREATE VIRTUAL TABLE ft USING fts5(x, content='', columnsize=0, prefix='1 2 3', tokenize='ascii');
CREATE VIRTUAL TABLE fx USING fts5(x, content='', columnsize=0, tokenize='ascii');
CREATE VIRTUAL TABLE fp USING fts5(x, content='', columnsize=0, detail='none', tokenize='ascii');
CREATE TABLE word(id INTEGER PRIMARY KEY, spelling TEXT NOT NULL UNIQUE, books INTEGER NOT NULL);
CREATE TABLE near(variant INTEGER NOT NULL, word INTEGER NOT NULL, PRIMARY KEY(variant, word)) WITHOUT ROWID;
CREATE TABLE reading(han TEXT PRIMARY KEY, pinyin TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE gap(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, seen_at INTEGER NOT NULL);
CREATE TABLE meta(k TEXT PRIMARY KEY, v TEXT NOT NULL) WITHOUT ROWID;
"""
# Memory for tokens before they are written: with the default of 1 MB, a build is slower.
BEFORE_FILLING = """
INSERT INTO ft(ft, rank) VALUES('hashsize', 33554432);
INSERT INTO fx(fx, rank) VALUES('hashsize', 33554432);
INSERT INTO fp(fp, rank) VALUES('hashsize', 33554432);
"""
AFTER_FILLING = """
CREATE INDEX doc_title ON doc(title_n);
CREATE INDEX doc_isbn ON doc(isbn);
CREATE INDEX doc_work ON doc(work);
INSERT INTO ft(ft) VALUES('optimize');
INSERT INTO fx(fx) VALUES('optimize');
INSERT INTO fp(fp) VALUES('optimize');
INSERT INTO ft(ft, rank) VALUES('hashsize', 1048576);
INSERT INTO fx(fx, rank) VALUES('hashsize', 1048576);
INSERT INTO fp(fp, rank) VALUES('hashsize', 1048576);
"""

TOP_BUCKET = 31
GIFT_BONUS = 6
_BLOCK_MARK = "\ue000"
_ID_BITS = 32
_BLOCK_BITS = 16
_BUSY_MS = 5_000
_MAPPED_BYTES = 1 << 31


class IndexState(StrEnum):
    """Whether the index can be searched: a `stale` one still can, but needs a rebuild."""

    MISSING = "missing"
    BUILDING = "building"
    STALE = "stale"
    READY = "ready"


class MissingFTS5(Exception):
    """Python's SQLite lacks FTS5, which the search index needs."""


def ensure_fts5() -> None:
    """:raises MissingFTS5: says what is missing and how to mend it."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE probe USING fts5(x)")
    except sqlite3.OperationalError as error:
        raise MissingFTS5(
            f"SQLite {sqlite3.sqlite_version} of this Python has no FTS5; "
            "use a Python whose sqlite3 module is built with ENABLE_FTS5"
        ) from error
    finally:
        connection.close()


def rank_bucket(popularity: int, is_gift: bool = False) -> int:
    """Return the rank class 0–21: the binary logarithm of the popularity, plus six if a copy is on offer."""
    return min(15, max(0, popularity + 1).bit_length() - 1) + (GIFT_BONUS if is_gift else 0)


def row_number(book_id: int, bucket: int) -> int:
    """Return the row number under which a book of that rank is stored; smaller means shown earlier."""
    return (TOP_BUCKET - bucket) << _ID_BITS | book_id


OFFERS_END = row_number(0, GIFT_BONUS - 1)
"""Books with a row number from here on have no copy on offer."""


def book_id_of(rowno: int) -> int:
    """Return the book id inside a row number."""
    return rowno & ((1 << _ID_BITS) - 1)


def book_of(row: str) -> str:
    """Return the expression for the book id inside the row number in a column."""
    return f"{row} & {(1 << _ID_BITS) - 1}"


def block_of(rowno: int) -> int:
    """Return the block of a row: 0 for all popular books, then one for each 65,536 ids, in row order.

    The text tables have a token for each block, so that a long search can run block by block.
    """
    return 1 + (book_id_of(rowno) >> _BLOCK_BITS) if rowno >> _ID_BITS == TOP_BUCKET else 0


def block_token(block: int) -> str:
    """Return the token of a block, which cannot come from a reader's query."""
    return f"{_BLOCK_MARK}{block}"


def possible_rows(book_id: int) -> list[int]:
    """Return every row number a book can have, whatever its rank."""
    return [row_number(book_id, bucket) for bucket in range(15 + GIFT_BONUS + 1)]


def open_reader(path: Path) -> sqlite3.Connection:
    """Open an index file read-only; raises `sqlite3.Error` if that is impossible."""
    uri = f"file:{quote(str(path.resolve()))}?mode=ro"
    if not os.access(path.resolve().parent, os.W_OK):
        uri += "&immutable=1"  # nobody can write there, and WAL mode could not create its side files
    # Used by one thread only, but possibly closed by another.
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        connection.execute(f"PRAGMA mmap_size={_MAPPED_BYTES}")
        connection.execute("PRAGMA query_only=1")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def open_writer(path: Path) -> sqlite3.Connection:
    """Open an existing index file for writing, in autocommit mode: callers begin and end transactions explicitly."""
    connection = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=rw", uri=True, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


def read_meta(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the metadata of the file; raises `sqlite3.DatabaseError` for a file that is no index."""
    return dict(connection.execute("SELECT k, v FROM meta").fetchall())


def run_script(connection: sqlite3.Connection, script: str) -> None:
    """Run statements, one on each line, inside the caller's transaction, which `executescript` would end."""
    for statement in script.strip().splitlines():
        connection.execute(statement)


def write_meta(connection: sqlite3.Connection, **values: object) -> None:
    """Store metadata of the file, inside the caller's transaction."""
    connection.executemany("REPLACE INTO meta(k, v) VALUES(?, ?)", [(k, str(v)) for k, v in values.items()])
