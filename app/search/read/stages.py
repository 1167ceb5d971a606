"""The stages of a search, from the exact title to similar sound, each with at most 100 candidates.

If a stage has more hits than that, reading continues with them in plain rank order after all candidates.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.search.read.hits import Hits, IndexReading, isbn_hits, text_hits
from app.search.read.query import Query, prefix_ranges
from app.search.text import pinyin_query
from app.search.text.tokens import index_tokens, is_cjk, stored_runs

MOST_CANDIDATES = 100
COUNTED = 1000
_FEW = 15
_EQUAL_BEFORE_AUTHOR = 2
"""Books called like an author that come before those by the author."""
_MOST_BY_AUTHOR = 60
_LONGEST_NAME = 12
_SHORTEST_WHOLE = 4
_LOOKED_THROUGH = 100
_EQUAL_TITLE = "SELECT rowno FROM doc WHERE title_n = ?{0} ORDER BY rowno LIMIT 100"
_EQUAL_TITLES = """
SELECT doc.rowno FROM json_each(?) AS k CROSS JOIN doc ON doc.title_n = k.value{0} ORDER BY k.key, doc.rowno LIMIT 100
"""
_TITLES_BEGINNING = """
SELECT doc.rowno FROM json_each(?) AS k
CROSS JOIN doc ON doc.title_n >= json_extract(k.value, '$[0]') AND doc.title_n < json_extract(k.value, '$[1]'){0}
LIMIT 100
"""


@dataclass(frozen=True)
class Vocabulary:
    """What an index file knows about its tokens: the pinyin syllables, and the tokens that occur in many books."""

    syllables: frozenset[str]
    common: frozenset[str]


@dataclass
class Staged:
    """Candidates in display order, and the hits that follow them, with a part of those that is read faster."""

    rows: dict[int, None] = field(default_factory=dict)
    rest: Hits | None = None
    fast_rest: Hits | None = None
    has_rows_outside_rest: bool = False  # whether there may be rows outside `rest`


class Stages:
    """Runs the stages for one query."""

    def __init__(self, reading: IndexReading, query: Query, vocabulary: Vocabulary) -> None:
        self._reading, self._query, self._syllables = reading, query, vocabulary.syllables
        self._is_heavy = len(query.tokens) > 1 and vocabulary.common.issuperset(query.tokens)
        self._staged = Staged()

    def run(self) -> Staged:
        """Return the candidates, best first."""
        if self._query.isbn and (rows := self._rows("SELECT rowno FROM doc WHERE isbn = ?{0}", self._query.isbn)):
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
        keys = self._query.title_keys
        equal = self._rows(_EQUAL_TITLES, json.dumps(keys)) if len(keys) > 1 else self._rows(_EQUAL_TITLE, *keys)
        self._add(equal[:_EQUAL_BEFORE_AUTHOR])
        self._authors()
        self._add(equal)
        self._wholes()

    def _wholes(self) -> None:
        query = self._query
        is_one_word = len(query.runs) == 1 and not is_cjk(query.runs[0])
        expressions = [pinyin_query.whole_field(query.letters)] if len(query.letters) >= _SHORTEST_WHOLE else []
        if is_one_word and len(query.runs[0]) >= _SHORTEST_WHOLE:
            expressions.append(pinyin_query.without_spaces(query.runs[0]))
        if expressions:
            self._take(text_hits("fp", " OR ".join(expressions)), goes_on=False, outside_rest=True)

    def _authors(self) -> None:
        """Add the books by an author who is asked for by nothing but the name: 鲁迅, 马尔克斯."""
        runs = self._query.runs
        if len(runs) == 1 and is_cjk(runs[0]) and 2 <= len(runs[0]) <= _LONGEST_NAME:
            self._add(self._reading.rows(text_hits("fp", pinyin_query.author(runs[0])), _MOST_BY_AUTHOR))

    def _isbn_beginning(self) -> None:
        if self._query.isbn_range:
            self._take(isbn_hits(*self._query.isbn_range))

    def _titles_beginning(self) -> None:
        if len(self._staged.rows) == MOST_CANDIDATES:
            return
        ranges = [ends for key in self._query.title_keys for ends in prefix_ranges(key)]
        self._add(sorted(self._rows(_TITLES_BEGINNING, json.dumps(ranges))))

    def _words(self) -> None:
        query = self._query
        everything = text_hits("fx", query.all_words, self._is_heavy)
        if len(query.runs) > 1 and not self._is_heavy:
            rows = self._reading.rows(everything, MOST_CANDIDATES + 1)
            if len(rows) <= MOST_CANDIDATES:  # these are all hits, and their texts show the stage of each
                self._take_rows(rows, everything)
                return
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
            self._take(text_hits("fp", pinyin_query.whole_initials(letters)), outside_rest=True)
        if query.typing:
            self._unfinished(query.typing)
        may_be_pinyin = letters.isalpha() and (len(query.runs) == 1 or not self._staged.rows)
        if may_be_pinyin and (expression := pinyin_query.syllables_expression(query.sounds, self._syllables)):
            self._take(text_hits("fp", expression), outside_rest=True)
        if is_short:
            self._take(text_hits("fp", pinyin_query.initials(letters)), outside_rest=True)

    def _unfinished(self, typing: str) -> None:
        before, last = self._query.before_last, self._query.last_written
        if not before:
            anywhere = text_hits("fx", typing)
            self._take(text_hits("ft", typing), rest=anywhere)
            self._take(anywhere)
            return
        self._take(text_hits("ft", typing))
        if self._staged.rest or len(self._staged.rows) >= _FEW:
            return
        # Only titles have a prefix index: for other fields, the books with the other words are scanned.
        texts = self._reading.texts(self._reading.rows(text_hits("fx", before), _LOOKED_THROUGH))
        self._add(row for row, fields in texts.items() if any(_has_word_beginning(text, last) for text in fields))

    def _take(self, hits: Hits, *, rest: Hits | None = None, goes_on: bool = True, outside_rest: bool = False) -> None:
        """Add the best of `hits`; if there are more than fit, reading continues with `rest` or with `hits`."""
        if self._staged.rest is not None:
            return
        rows = self._reading.rows(hits, MOST_CANDIDATES + 1)
        self._take_rows(rows, hits if goes_on else None, rest, outside_rest)

    def _take_rows(
        self, rows: list[int], hits: Hits | None, rest: Hits | None = None, outside_rest: bool = False
    ) -> None:
        new = [row for row in rows[:MOST_CANDIDATES] if row not in self._staged.rows]
        self._add(self._finest_first(new) if len(new) > 1 and len(self._query.runs) > 1 else new, outside_rest)
        if hits and (len(rows) > MOST_CANDIDATES or not self._staged.rows.keys() >= set(rows)):
            self._staged.rest, self._staged.fast_rest = rest or hits, rest and hits

    def _add(self, rows: Iterable[int], outside_rest: bool = False) -> None:
        new = [row for row in rows if row not in self._staged.rows]
        del new[MOST_CANDIDATES - len(self._staged.rows) :]
        self._staged.rows |= dict.fromkeys(new)
        self._staged.has_rows_outside_rest |= outside_rest and bool(new)

    def _finest_first(self, rows: list[int]) -> list[int]:
        """Sort rows: words adjacent in the title, all words in it, no other words, function words too, then by rank."""
        texts = self._reading.texts(rows)
        asked, words = frozenset(self._query.runs), frozenset(self._query.words)
        han = [word for word in asked if is_cjk(word)]
        latin, latin_words = asked.difference(han), words.difference(han)
        side_by_side = f" {' '.join(self._query.runs)} "

        def looseness(row: int) -> tuple[bool, bool, bool, bool, int]:
            title, _ = texts.get(row, ("", ""))
            if title.isascii():
                is_phrase, runs = side_by_side in f" {title} ", frozenset(title.split())
            else:
                is_phrase, runs = side_by_side in f" {index_tokens(title)} ", frozenset(stored_runs(title))
            has_han = all(word in title for word in han)
            others = runs - asked
            is_covered = bool(runs) and (not others or all(any(run in word for word in han) for run in others))
            is_inside = has_han and runs >= latin_words
            return not is_phrase, not is_inside, not is_covered, not (has_han and runs >= latin), row

        return sorted(rows, key=looseness)

    def _rows(self, sql: str, *values: str | int) -> list[int]:
        kept = self._reading.filter
        return [row for (row,) in self._reading.select(sql.format(kept.condition("doc.rowno")), *values, *kept.values)]


def _has_word_beginning(text: str, letters: str) -> bool:
    return letters in text and any(run.startswith(letters) for run in stored_runs(text))
