"""Compares an index with the book table, and repairs differences."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.search.schema import book_id_of, open_writer
from app.search.text.pinyin import load_readings, sound_tokens
from app.search.text.tokens import index_tokens
from app.search.write.document import Document, make_document
from app.search.write.lock import writer_lock
from app.search.write.source import BookSource
from app.search.write.update import RebuildNeeded, apply_books, update_index

_PAGE = 2_000
_SAMPLE = 200


@dataclass(frozen=True)
class Differences:
    """Ids of books that the index lacks or has otherwise, ids that it has too many, and faults of its text tables."""

    wrong: tuple[int, ...]
    extra: tuple[int, ...]
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.wrong or self.extra or self.text)


def check_index(path: Path, source: BookSource, *, mend: bool = False) -> Differences:
    """Apply the waiting changes, then compare every book; raises `IndexBusy` or `RebuildNeeded`.

    With `mend`, differing books are rewritten; faulty text tables can only be repaired by a rebuild.
    """
    update_index(path, source)
    with writer_lock(path):
        connection = open_writer(path)
        try:
            differences = Differences(
                tuple(_wrong(connection, source)), tuple(_extra(connection, source)), _text_fault(connection)
            )
            if mend:
                _mend(connection, source, [*differences.wrong, *differences.extra])
            return differences
        except sqlite3.OperationalError:  # full disk, lock: a rebuild would not help
            raise
        except sqlite3.DatabaseError as error:
            raise RebuildNeeded(f"the index is damaged: {error}") from error
        finally:
            connection.close()


def _wrong(connection: sqlite3.Connection, source: BookSource) -> Iterator[int]:
    sql = "SELECT * FROM doc WHERE rowno IN (SELECT value FROM json_each(?))"
    for page in source.all_books():
        expected = [make_document(row) for row in page]
        rows = json.dumps([document.rowno for document in expected])
        stored = {Document(*row) for row in connection.execute(sql, (rows,))}
        yield from (book_id_of(document.rowno) for document in expected if document not in stored)


def _extra(connection: sqlite3.Connection, source: BookSource) -> Iterator[int]:
    last = -1
    sql = "SELECT rowno FROM doc WHERE rowno > ? ORDER BY rowno LIMIT ?"
    while rows := [row for (row,) in connection.execute(sql, (last, _PAGE))]:
        last = rows[-1]
        ids = [book_id_of(row) for row in rows]
        live = source.live_ids(ids)
        yield from (id for id in ids if id not in live)
    twice = "SELECT rowno & 4294967295 AS id FROM doc GROUP BY id HAVING count(*) > 1"
    yield from (id for (id,) in connection.execute(twice))


def _text_fault(connection: sqlite3.Connection) -> str:
    """Return what is wrong with the text tables, by checking their structure and a sample of books."""
    for statement in (
        "INSERT INTO ft(ft) VALUES('integrity-check')",
        "INSERT INTO fx(fx) VALUES('integrity-check')",
        "INSERT INTO fp(fp) VALUES('integrity-check')",
    ):
        try:
            connection.execute(statement)
        except sqlite3.DatabaseError as error:
            return f"{statement}: {error}"
    count = connection.execute("SELECT count(*) FROM doc").fetchone()[0]
    step = max(1, count // _SAMPLE)
    sql = "SELECT * FROM doc ORDER BY rowno LIMIT 1 OFFSET ?"
    for at in range(0, count, step):
        document = Document(*connection.execute(sql, (at,)).fetchone())
        if table := _table_without(connection, document):
            return f"the table {table} does not find book {book_id_of(document.rowno)}"
    return ""


def _table_without(connection: sqlite3.Connection, document: Document) -> str:
    readings = load_readings(connection, [document.title, *document.people])
    title = index_tokens(document.title)
    sound = sound_tokens(document.title, document.people, document.original, document.joined, readings)
    for table, sql, tokens in (
        ("ft", "SELECT 1 FROM ft WHERE ft MATCH ? AND rowid = ?", title),
        ("fx", "SELECT 1 FROM fx WHERE fx MATCH ? AND rowid = ?", f"{title} {index_tokens(document.searched)}"),
        ("fp", "SELECT 1 FROM fp WHERE fp MATCH ? AND rowid = ?", sound),
    ):
        expression = " AND ".join(f'"{token}"' for token in dict.fromkeys(filter(str.isalnum, tokens.split()[:30])))
        if expression and not connection.execute(sql, (expression, document.rowno)).fetchone():
            return table
    return ""


def _mend(connection: sqlite3.Connection, source: BookSource, ids: Sequence[int]) -> None:
    for start in range(0, len(ids), _PAGE):
        connection.execute("BEGIN IMMEDIATE")
        try:
            apply_books(connection, source, ids[start : start + _PAGE])
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise
