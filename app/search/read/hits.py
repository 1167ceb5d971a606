"""The rows that match one expression, read in rank order."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.search.read.time_limit import TimeLimit
from app.search.schema import OFFERS_END, block_of, block_token, book_of

NAMED_LANGUAGES = ("zh", "en")
OTHER_LANGUAGES = "other"
IS_KEPT = "is_kept_book"


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


@dataclass(frozen=True)
class Filter:
    """Which books are searched: those to be had, or in a language: a code, or `other` than `NAMED_LANGUAGES`.

    `books` are the ids of those to be had near a reader, if only they are searched, or of those on a shelf that others
    do not see, which are not `are_public`; `but` of those to be left out.
    """

    is_had: bool = False
    language: str = ""
    books: frozenset[int] | None = field(default=None, repr=False)
    are_public: bool = True
    but: frozenset[int] = field(default=frozenset(), repr=False)

    @property
    def is_by_book(self) -> bool:
        """Whether `keeps` has to be asked about each book."""
        return self.books is not None or bool(self.but)

    def keeps(self, book_id: int) -> bool:
        """Return whether a book may be found, as far as that depends on which one it is."""
        return (self.books is None or book_id in self.books) and book_id not in self.but

    def condition(self, row: str) -> str:
        """Return the condition, to be appended to others, for the row number in the column `row`."""
        parts = ["is_had"] if self.is_had else []
        if self.language == OTHER_LANGUAGES:
            parts.append("language NOT IN (SELECT value FROM json_each(?))")
        elif self.language:
            parts.append("language = ?")
        sql = f" AND EXISTS (SELECT 1 FROM doc AS kept WHERE kept.rowno = {row}"  # noqa: S608 -- our own text
        found = " AND ".join([sql, *parts]) + ")" if parts else ""
        if self.is_by_book:
            found += f" AND {IS_KEPT}({book_of(row)})"
        are_on_offer = self.is_had or (self.books is not None and self.are_public)
        return found + (f" AND {row} < {OFFERS_END}" if are_on_offer else "")

    @property
    def values(self) -> tuple[str, ...]:
        """The values of the condition."""
        if self.language == OTHER_LANGUAGES:
            return (json.dumps(NAMED_LANGUAGES),)
        return (self.language,) if self.language else ()


EVERYTHING = Filter()


class IndexReading:
    """Reads from one index file within the time limit of one search; hits are those that the filter lets through."""

    def __init__(self, connection: sqlite3.Connection, limit: TimeLimit, kept: Filter = EVERYTHING) -> None:
        self._connection, self._limit, self.filter = connection, limit, kept
        if kept.is_by_book:
            # A function and no list of values, which SQLite would read again for each of the statements of a search.
            connection.create_function(IS_KEPT, 1, kept.keeps, deterministic=True)

    def _condition(self, hits: Hits) -> str:
        table = hits.condition.split(maxsplit=3)[2]
        return hits.condition + self.filter.condition(f"{table}.rowid")

    @property
    def is_over(self) -> bool:
        """Whether the time limit has passed, so that nothing more is read."""
        return self._limit.is_expired

    def select(self, sql: str, *values: str | int) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        return self._limit.fetch(self._connection, sql, values)

    def rows(self, hits: Hits, limit: int, after: int = 0) -> list[int]:
        """Return the row numbers of the first hits after a row."""
        sql = f"SELECT {self._condition(hits)} ORDER BY {hits.order} LIMIT ?"
        kept = self.filter.values
        if not hits.is_heavy:
            return [row for (row,) in self.select(sql, *hits.values, after, *kept, limit)]
        found: list[int] = []
        for block in self._blocks(after):
            expression = f'({hits.values[0]}) AND "{block_token(block)}"'
            found += [row for (row,) in self.select(sql, expression, after, *kept, limit - len(found))]
            if len(found) == limit or self.is_over:
                break
        return found

    def _blocks(self, after: int) -> range:
        sql = "SELECT rowno FROM doc WHERE rowno > ? ORDER BY rowno {0} LIMIT 1"
        ends = [row for order in ("ASC", "DESC") for (row,) in self.select(sql.format(order), after)]
        return range(block_of(ends[0]), block_of(ends[-1]) + 1) if ends else range(0)

    def count(self, hits: Hits, most: int) -> int:
        """Return how many hits there are, at most `most`; only called when there are enough to fill several pages."""
        sql = f"SELECT count(*) FROM (SELECT {self._condition(hits)} LIMIT ?)"  # noqa: S608 -- our own text
        return sum(count for (count,) in self.select(sql, *hits.values, 0, *self.filter.values, most))

    def among(self, hits: Hits, rows: Sequence[int]) -> list[int]:
        """Return those of some rows that match a full-text expression."""
        sql = f"SELECT {self._condition(hits)} AND rowid IN (SELECT value FROM json_each(?))"  # noqa: S608 -- our own text
        values = (*hits.values, 0, *self.filter.values, json.dumps(rows))
        return [row for (row,) in self.select(sql, *values)] if rows else []

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
        found = f"SELECT {self._condition(hits)}"
        sql = f"SELECT DISTINCT work FROM ({found}) AS hit CROSS JOIN doc ON rowno = hit.rowid LIMIT ?"  # noqa: S608 -- our own text
        return {work for (work,) in self.select(sql, *hits.values, 0, *self.filter.values, most)}

    def texts(self, rows: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Return the stored title and the other fields of some rows, by ascending row number."""
        sql = "SELECT rowno, title_n, other_n FROM doc WHERE rowno IN (SELECT value FROM json_each(?)) ORDER BY rowno"
        return {row: (title, other) for row, title, other in self.select(sql, json.dumps(rows))}
