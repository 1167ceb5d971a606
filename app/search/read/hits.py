"""The rows that match one expression, read in rank order."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.search.read.time_limit import TimeLimit
from app.search.schema import block_of, block_token


@dataclass(frozen=True)
class Hits:
    """All rows that match one expression; the last parameter of `condition` is the row number to start after.

    The rows of a heavy full-text expression are read block by block: words that occur in many books but never together
    would keep the engine busy for long, and it can only be stopped between two statements.
    """

    condition: str
    values: tuple[str | int, ...]
    order: str = "1"
    is_heavy: bool = False


def text_hits(table: str, expression: str, is_heavy: bool = False) -> Hits:
    """Return the hits of a full-text expression in one of the text tables."""
    return Hits(f"rowid FROM {table} WHERE {table} MATCH ? AND rowid > ?", (expression,), is_heavy=is_heavy)


def isbn_hits(lowest: int, highest: int) -> Hits:
    """Return the books with an ISBN in a range, ordered by ISBN, so that reading can stop however wide the range is."""
    after = "coalesce((SELECT isbn FROM doc WHERE rowno = ?), 0)"
    return Hits(f"rowno FROM doc WHERE isbn BETWEEN ? AND ? AND isbn > {after}", (lowest, highest), "isbn")


class IndexReading:
    """Reads from one index file within the time limit of one search."""

    def __init__(self, connection: sqlite3.Connection, limit: TimeLimit) -> None:
        self._connection, self._limit = connection, limit

    @property
    def is_over(self) -> bool:
        """Whether the time limit has passed, so that nothing more is read."""
        return self._limit.is_expired

    def select(self, sql: str, *values: str | int) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        return self._limit.fetch(self._connection, sql, values)

    def rows(self, hits: Hits, limit: int, after: int = 0) -> list[int]:
        """Return the row numbers of the first hits after a row."""
        sql = f"SELECT {hits.condition} ORDER BY {hits.order} LIMIT ?"
        if not hits.is_heavy:
            return [row for (row,) in self.select(sql, *hits.values, after, limit)]
        found: list[int] = []
        for block in self._blocks(after):
            expression = f'({hits.values[0]}) AND "{block_token(block)}"'
            found += [row for (row,) in self.select(sql, expression, after, limit - len(found))]
            if len(found) == limit or self.is_over:
                break
        return found

    def _blocks(self, after: int) -> range:
        sql = "SELECT rowno FROM doc WHERE rowno > ? ORDER BY rowno {0} LIMIT 1"
        ends = [row for order in ("ASC", "DESC") for (row,) in self.select(sql.format(order), after)]
        return range(block_of(ends[0]), block_of(ends[-1]) + 1) if ends else range(0)

    def count(self, hits: Hits, most: int) -> int:
        """Return how many hits there are, at most `most`; only called when there are enough to fill several pages."""
        sql = f"SELECT count(*) FROM (SELECT {hits.condition} LIMIT ?)"  # noqa: S608 -- our own text
        return sum(count for (count,) in self.select(sql, *hits.values, 0, most))

    def among(self, hits: Hits, rows: Sequence[int]) -> list[int]:
        """Return those of some rows that match a full-text expression."""
        sql = f"SELECT {hits.condition} AND rowid IN (SELECT value FROM json_each(?))"  # noqa: S608 -- our own text
        return [row for (row,) in self.select(sql, *hits.values, 0, json.dumps(rows))] if rows else []

    def works(self, rows: Iterable[int]) -> dict[int, int]:
        """Return the work of each of some rows."""
        sql = "SELECT rowno, work FROM doc WHERE rowno IN (SELECT value FROM json_each(?))"
        return dict(self.select(sql, json.dumps(list(rows))))

    def editions(self, works: Iterable[int]) -> list[tuple[int, int]]:
        """Return row number and work of all editions of some works, by ascending row number."""
        sql = "SELECT rowno, work FROM doc WHERE work IN (SELECT value FROM json_each(?)) ORDER BY rowno"
        return [(row, work) for row, work in self.select(sql, json.dumps(list(works)))]

    def works_of(self, hits: Hits, most: int) -> set[int]:
        """Return the works of which there are hits, at most `most`."""
        found = f"SELECT {hits.condition}"
        sql = f"SELECT DISTINCT work FROM ({found}) AS hit CROSS JOIN doc ON rowno = hit.rowid LIMIT ?"  # noqa: S608
        return {work for (work,) in self.select(sql, *hits.values, 0, most)}

    def texts(self, rows: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Return the stored title and the other fields of some rows, by ascending row number."""
        sql = "SELECT rowno, title_n, other_n FROM doc WHERE rowno IN (SELECT value FROM json_each(?)) ORDER BY rowno"
        return {row: (title, other) for row, title, other in self.select(sql, json.dumps(rows))}
