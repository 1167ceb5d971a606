"""The stages of a search, from "this very title" to "sounds a bit like it", each at most 100 candidates.

What all stages together leave over is read on in plain rank order: the last stage that had more than the rest.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.search import sound
from app.search.hits import Hits, IndexReading, isbn_hits, text_hits
from app.search.query import Query, prefix_ranges
from app.search.tokens import is_cjk, stored_runs

MOST_CANDIDATES = 100
COUNTED = 1000
_FEW = 15
_LOOKED_THROUGH = 100
_EQUAL_TITLES = """
SELECT doc.rowno FROM json_each(?) AS k CROSS JOIN doc ON doc.title_n = k.value ORDER BY k.key, doc.rowno LIMIT 100
"""
_TITLES_BEGINNING = """
SELECT doc.rowno FROM json_each(?) AS k
CROSS JOIN doc ON doc.title_n >= json_extract(k.value, '$[0]') AND doc.title_n < json_extract(k.value, '$[1]') LIMIT 100
"""


@dataclass(frozen=True)
class Vocabulary:
    """What an index file knows of its tokens: the syllables of pinyin, and the tokens that stand in many books."""

    syllables: frozenset[str]
    common: frozenset[str]


@dataclass
class Staged:
    """Candidates in the order they are shown, and the hits that go on after them, with a part that is read faster."""

    rows: dict[int, None] = field(default_factory=dict)
    rest: Hits | None = None
    inside_rest: Hits | None = None
    has_apart: bool = False  # whether there are rows that `rest` may not hold


class Stages:
    """Runs the stages for one query."""

    def __init__(self, reading: IndexReading, query: Query, vocabulary: Vocabulary) -> None:
        self._reading, self._query, self._syllables = reading, query, vocabulary.syllables
        self._is_heavy = len(query.tokens) > 1 and vocabulary.common.issuperset(query.tokens)
        self._staged = Staged()

    def run(self) -> Staged:
        """Return the candidates, best first."""
        if self._query.isbn and (rows := self._rows("SELECT rowno FROM doc WHERE isbn = ?", self._query.isbn)):
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
        self._add(self._rows(_EQUAL_TITLES, json.dumps(self._query.title_keys)))
        if len(self._query.letters) >= 4:
            self._take(text_hits("fp", sound.whole_field(self._query.letters)), goes_on=False, apart=True)

    def _isbn_beginning(self) -> None:
        if self._query.isbn_range:
            self._take(isbn_hits(*self._query.isbn_range))

    def _titles_beginning(self) -> None:
        ranges = [ends for key in self._query.title_keys for ends in prefix_ranges(key)]
        self._add(sorted(self._rows(_TITLES_BEGINNING, json.dumps(ranges))))

    def _words(self) -> None:
        query = self._query
        everything = text_hits("fx", query.all_words, self._is_heavy)
        if query.phrase and query.phrase != query.all_words:
            self._take(text_hits("ft", query.phrase), goes_on=False)
        self._take(text_hits("ft", query.all_words, self._is_heavy), rest=everything)
        self._take(everything)

    def _sounds_and_unfinished(self) -> None:
        query, letters = self._query, self._query.letters
        if len(self._staged.rows) >= _FEW:
            return
        is_short = len(query.runs) == 1 and letters.isalpha() and 2 <= len(letters) <= 12
        if is_short:
            self._take(text_hits("fp", sound.whole_initials(letters)), apart=True)
        if query.typing:
            self._unfinished(query.typing)
        may_be_pinyin = letters.isalpha() and (len(query.runs) == 1 or not self._staged.rows)
        if may_be_pinyin and (expression := sound.syllables_expression(query.runs, self._syllables)):
            self._take(text_hits("fp", expression), apart=True)
        if is_short:
            self._take(text_hits("fp", sound.initials(letters)), apart=True)

    def _unfinished(self, typing: str) -> None:
        before, last = self._query.before_last, self._query.runs[-1]
        if not before:
            anywhere = text_hits("fx", typing)
            self._take(text_hits("ft", typing), rest=anywhere)
            self._take(anywhere)
            return
        self._take(text_hits("ft", typing))
        if self._staged.rest or len(self._staged.rows) >= _FEW:
            return
        # Only titles are indexed by beginnings of words: elsewhere, books with the other words are looked through.
        texts = self._reading.texts(self._reading.rows(text_hits("fx", before), _LOOKED_THROUGH))
        self._add(row for row, fields in texts.items() if any(_has_word_beginning(text, last) for text in fields))

    def _take(self, hits: Hits, *, rest: Hits | None = None, goes_on: bool = True, apart: bool = False) -> None:
        """Add the best of `hits`; if there are more than fit, reading goes on with `rest` or with them."""
        if self._staged.rest is not None:
            return
        rows = self._reading.rows(hits, MOST_CANDIDATES + 1)
        new = [row for row in rows[:MOST_CANDIDATES] if row not in self._staged.rows]
        self._add(self._finest_first(new) if len(new) > 1 and len(self._query.runs) > 1 else new, apart)
        if goes_on and (len(rows) > MOST_CANDIDATES or any(row not in self._staged.rows for row in rows)):
            self._staged.rest, self._staged.inside_rest = rest or hits, rest and hits

    def _add(self, rows: Iterable[int], apart: bool = False) -> None:
        for row in rows:
            if row not in self._staged.rows and len(self._staged.rows) < MOST_CANDIDATES:
                self._staged.rows[row] = None
                self._staged.has_apart |= apart

    def _finest_first(self, rows: list[int]) -> list[int]:
        """Sort rows: a title made of nothing but asked words first, then titles with all of them, then by rank."""
        texts = self._reading.texts(rows)
        asked = frozenset(self._query.runs)
        han = [word for word in asked if is_cjk(word)]

        def looseness(row: int) -> tuple[bool, bool, int]:
            title, _ = texts.get(row, ("", ""))
            runs = frozenset(title.split() if title.isascii() else stored_runs(title))
            others = runs - asked
            is_covered = bool(runs) and all(is_cjk(run) and any(run in word for word in han) for run in others)
            has_all = all(word in title for word in han) and runs.issuperset(asked.difference(han))
            return not is_covered, not has_all, row

        return sorted(rows, key=looseness)

    def _rows(self, sql: str, *values: str | int) -> list[int]:
        return [row for (row,) in self._reading.select(sql, *values)]


def _has_word_beginning(text: str, letters: str) -> bool:
    return letters in text and any(run.startswith(letters) for run in stored_runs(text))
