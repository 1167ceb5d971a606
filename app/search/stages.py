"""The stages of a search, from "this very title" to "sounds a bit like it", each at most 100 candidates.

What all stages together leave over is read on in plain rank order: the last stage that had more than the rest.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.search import sound
from app.search.guard import TimeGuard
from app.search.query import Query, prefix_ranges
from app.search.tokens import is_cjk, stored_runs

MOST_CANDIDATES = 100
COUNTED = 1000
_FEW = 15
_EQUAL_TITLES = """
SELECT doc.rowno FROM json_each(?) AS k CROSS JOIN doc ON doc.title_n = k.value ORDER BY k.key, doc.rowno LIMIT 100
"""
_TITLES_BEGINNING = """
SELECT doc.rowno FROM json_each(?) AS k
CROSS JOIN doc ON doc.title_n >= json_extract(k.value, '$[0]') AND doc.title_n < json_extract(k.value, '$[1]') LIMIT 100
"""


@dataclass(frozen=True)
class Hits:
    """All rows that answer one expression, readable in rank order from any row on."""

    condition: str
    values: tuple[str | int, ...]

    def after(self, row: int, limit: int) -> tuple[str, tuple[str | int, ...]]:
        """Return the statement for the next rows after `row`."""
        return f"SELECT {self.condition} ORDER BY 1 LIMIT ?", (*self.values, row, limit)


def text_hits(table: str, expression: str) -> Hits:
    """Return the hits of a full-text expression in one of the text tables."""
    return Hits(f"rowid FROM {table} WHERE {table} MATCH ? AND rowid > ?", (expression,))


@dataclass
class Staged:
    """Candidates in the order they are shown, and the hits that go on after them."""

    rows: dict[int, None] = field(default_factory=dict)
    rest: Hits | None = None
    apart: set[int] = field(default_factory=set)  # rows that `rest` may not hold


class Stages:
    """Runs the stages for one query on one connection."""

    def __init__(
        self, connection: sqlite3.Connection, query: Query, guard: TimeGuard, syllables: frozenset[str]
    ) -> None:
        self._connection, self._query, self._guard, self._syllables = connection, query, guard, syllables
        self._staged = Staged()

    def run(self) -> Staged:
        """Return the candidates, best first."""
        if self._query.isbn and (rows := self._rows("SELECT rowno FROM doc WHERE isbn = ?", (self._query.isbn,))):
            self._add(rows)
            return self._staged
        self._equal_titles()
        self._isbn_beginning()
        if self._query.runs:
            self._titles_beginning()
            self._words()
            self._sounds_and_unfinished()
        return self._staged

    def _equal_titles(self) -> None:
        self._add(self._rows(_EQUAL_TITLES, (_as_json(self._query.title_keys),)))
        if len(self._query.letters) >= 4:
            self._take(text_hits("fp", sound.whole_field(self._query.letters)), goes_on=False, apart=True)

    def _isbn_beginning(self) -> None:
        if self._query.isbn_range:
            self._take(Hits("rowno FROM doc WHERE isbn BETWEEN ? AND ? AND rowno > ?", self._query.isbn_range))

    def _titles_beginning(self) -> None:
        ranges = [ends for key in self._query.title_keys for ends in prefix_ranges(key)]
        self._add(sorted(self._rows(_TITLES_BEGINNING, (_as_json(ranges),))))

    def _words(self) -> None:
        query = self._query
        everything = text_hits("fx", query.all_words)
        if query.phrase and query.phrase != query.all_words:
            self._take(text_hits("ft", query.phrase), goes_on=False)
        self._take(text_hits("ft", query.all_words), rest=everything)
        self._take(everything)

    def _sounds_and_unfinished(self) -> None:
        query, letters = self._query, self._query.letters
        if len(self._staged.rows) >= _FEW:
            return
        is_short = len(query.runs) == 1 and letters.isalpha() and 2 <= len(letters) <= 12
        if is_short:
            self._take(text_hits("fp", sound.whole_initials(letters)), apart=True)
        if query.typing:
            unfinished = text_hits("fx", query.typing)
            self._take(text_hits("ft", query.typing), rest=unfinished)
            if len(query.typing) > 5 or len(self._staged.rows) < _FEW:  # two letters begin too many words
                self._take(unfinished)
        may_be_pinyin = letters.isalpha() and (len(query.runs) == 1 or not self._staged.rows)
        if may_be_pinyin and (expression := sound.syllables_expression(query.runs, self._syllables)):
            self._take(text_hits("fp", expression), apart=True)
        if is_short:
            self._take(text_hits("fp", sound.initials(letters)), apart=True)

    def _take(self, hits: Hits, *, rest: Hits | None = None, goes_on: bool = True, apart: bool = False) -> None:
        """Add the best of `hits`; if there are more than fit, reading goes on with `rest` or with them."""
        if self._staged.rest is not None or self._guard.is_expired:
            return
        rows = self._rows(*hits.after(0, MOST_CANDIDATES + 1))
        new = [row for row in rows[:MOST_CANDIDATES] if row not in self._staged.rows]
        self._add(self._finest_first(new) if len(new) > 1 and len(self._query.runs) > 1 else new, apart)
        if goes_on and (len(rows) > MOST_CANDIDATES or any(row not in self._staged.rows for row in rows)):
            self._staged.rest = rest or hits

    def _add(self, rows: Iterable[int], apart: bool = False) -> None:
        for row in rows:
            if row not in self._staged.rows and len(self._staged.rows) < MOST_CANDIDATES:
                self._staged.rows[row] = None
                if apart:
                    self._staged.apart.add(row)

    def _finest_first(self, rows: list[int]) -> list[int]:
        """Sort rows: a title made of nothing but asked words first, then titles with all of them, then by rank."""
        sql = "SELECT rowno, title_n FROM doc WHERE rowno IN (SELECT value FROM json_each(?))"
        titles = dict(self._select(sql, (_as_json(rows),)))
        asked = self._query.runs

        def looseness(row: int) -> tuple[bool, bool, int]:
            title = titles.get(row, "")
            runs = stored_runs(title)
            is_covered = bool(runs) and all(
                any(run == word or (is_cjk(run) and run in word) for word in asked) for run in runs
            )
            has_all = all(word in title if is_cjk(word) else word in runs for word in asked)
            return not is_covered, not has_all, row

        return sorted(rows, key=looseness)

    def _rows(self, sql: str, values: Sequence[str | int]) -> list[int]:
        return [row[0] for row in self._select(sql, values)]

    def _select(self, sql: str, values: Sequence[str | int]) -> list[tuple[Any, ...]]:
        return self._guard.fetch(self._connection, sql, values)


def _as_json(values: Sequence[object]) -> str:
    return json.dumps(values, ensure_ascii=False)
