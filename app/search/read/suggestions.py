"""Suggestions while a reader types: titles and authors with what is typed so far, whose last word may be unfinished.

Each source gives its best rows; only of these few the texts and sounds are compared with what was typed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from app.search.read.hits import IndexReading, isbn_hits, text_hits
from app.search.read.query import Query, parse_query
from app.search.schema import OFFERS_END, book_id_of
from app.search.text import pinyin_query
from app.search.text.pinyin import READINGS_OF, Readings, name_readings, pieces_of, readings_from
from app.search.text.tokens import is_cjk
from app.search.write.document import people_of

MOST_TITLES = 24
MOST_AUTHORS = 2
_ROWS = 40
_ROWS_OF_AUTHOR = 100
_FEWEST_LETTERS = 2
_FEWEST_ANYWHERE = 3
_FEWEST_INITIALS = 3
"""Two initials occur somewhere in most titles."""
_TITLES_BEGINNING = """
SELECT doc.rowno FROM json_each(?) AS k
CROSS JOIN doc ON doc.title_n >= k.value AND doc.title_n < k.value || char(1114111) ORDER BY doc.rowno LIMIT ?
"""
_TITLES_EQUAL = """
SELECT doc.rowno FROM json_each(?) AS k CROSS JOIN doc ON doc.title_n = k.value ORDER BY doc.rowno LIMIT ?
"""


@dataclass(frozen=True)
class SuggestedAuthor:
    """An author: a book, the author's place among its authors, and books by the author that may be on offer."""

    book_id: int
    place: int
    offered: tuple[int, ...]


@dataclass(frozen=True)
class Suggested:
    """Titles, the best first, each as the ids of its editions, and authors.

    `leads_with_authors` is true if no title begins with what was typed, or if it is an author's name.
    """

    titles: tuple[tuple[int, ...], ...] = ()
    authors: tuple[SuggestedAuthor, ...] = ()
    leads_with_authors: bool = False


class _Match(IntEnum):
    """What of a book was typed, the best first."""

    EQUAL = 0
    BEGINNING = 1
    TITLE = 2
    AUTHOR = 3


@dataclass(frozen=True)
class _Found:
    """A row with the fields that are compared and shown."""

    row: int
    match: _Match
    title: str
    people: list[str]
    typed: list[int]
    """The places of the authors whose names were typed."""

    @property
    def rank(self) -> tuple[bool, _Match, int]:
        """What may be on offer comes first, then the better match, then the better row."""
        return self.row >= OFFERS_END, self.match, self.row


class Suggestions:
    """Finds what to suggest for one query, within the time limit of one search."""

    def __init__(self, reading: IndexReading, query: Query, syllables: frozenset[str]) -> None:
        self._reading, self._query, self._syllables = reading, query, syllables
        letters = query.letters
        self._letters = letters if letters.isalpha() and len(letters) >= _FEWEST_LETTERS else ""

    def find(self) -> Suggested:
        """Return suggestions; none for less than one Chinese character or two letters."""
        runs = self._query.runs
        if not any(map(is_cjk, runs)) and sum(map(len, runs)) < _FEWEST_LETTERS:
            return Suggested()
        found = sorted(self._found(), key=lambda one: one.rank)
        return Suggested(
            titles=tuple(_editions(found)),
            authors=tuple(self._authors(found)),
            leads_with_authors=not any(one.match <= _Match.BEGINNING for one in found)
            or any(self._query.key in one.people for one in found),
        )

    def _found(self) -> Iterator[_Found]:
        written, sounding = self._written(), self._sounding()
        anywhere = self._reading.rows(text_hits("fx", self._typed_anywhere), _ROWS) if self._typed_anywhere else []
        texts = self._reading.texts([*{*written, *sounding, *anywhere}])
        people = {row: people_of(other) for row, (_, other) in texts.items()}
        readings = self._readings({name for row in sounding.keys() & people.keys() for name in people[row]})
        for row, names in people.items():
            typed = [place for place, name in enumerate(names) if self._is_typed(name, readings)]
            match = written.get(row, _Match.AUTHOR if typed else sounding.get(row))
            if match is not None:
                yield _Found(row, match, texts[row][0], names, typed)

    @property
    def _typed(self) -> str:
        """The expression for all words, the last one as a prefix."""
        query, last = self._query, self._query.runs[-1]
        if is_cjk(last):
            return query.all_words
        return f"{query.before_last} AND {query.beginning}" if query.before_last else query.beginning

    @property
    def _typed_anywhere(self) -> str:
        """The same for all fields, which have no index of prefixes: a word of few letters is left out."""
        last = self._query.runs[-1]
        return self._typed if is_cjk(last) or len(last) >= _FEWEST_ANYWHERE else self._query.before_last

    def _written(self) -> dict[int, _Match]:
        """Return the rows whose title or ISBN has what was typed."""
        query, reading = self._query, self._reading
        keys = json.dumps(query.title_keys)
        rows = dict.fromkeys(reading.rows(text_hits("ft", self._typed), _ROWS), _Match.TITLE)
        for match, sql in ((_Match.BEGINNING, _TITLES_BEGINNING), (_Match.EQUAL, _TITLES_EQUAL)):
            rows |= {row: match for (row,) in reading.select(sql, keys, _ROWS)}
        if numbers := query.isbn_range or (query.isbn and (query.isbn, query.isbn)):
            rows |= dict.fromkeys(reading.rows(isbn_hits(*numbers), _ROWS), _Match.BEGINNING)
        return rows

    def _sounding(self) -> dict[int, _Match]:
        """Return the rows with a title or a name of which it is the pinyin, or the initials."""
        letters = self._letters
        if not letters:
            return {}
        whole, initials = pinyin_query.whole_field(letters), pinyin_query.whole_initials(letters)
        expressions = [
            (_Match.TITLE, pinyin_query.syllables_expression(self._query.sounds, self._syllables)),
            (_Match.TITLE, pinyin_query.initials(letters) if len(letters) >= _FEWEST_INITIALS else None),
            (_Match.BEGINNING, f"{initials}*"),
            (_Match.BEGINNING, f"{whole}*"),
            (_Match.EQUAL, whole),
        ]
        return {
            row: match
            for match, expression in expressions
            if expression
            for row in self._reading.rows(text_hits("fp", expression), _ROWS)
        }

    def _readings(self, names: set[str]) -> Readings:
        return readings_from(self._reading.select(READINGS_OF, pieces_of(names)) if names else ())

    def _is_typed(self, name: str, readings: Readings) -> bool:
        words = name.split()
        if all(run in name if is_cjk(run) else _begins_one(words, run) for run in self._query.runs):
            return True
        letters = self._letters
        return bool(letters) and any(
            "".join(sounds[at:]).startswith(letters) or "".join(one[0] for one in sounds[at:]).startswith(letters)
            for sounds in name_readings(name, readings)
            for at in range(len(sounds))
        )

    def _authors(self, found: list[_Found]) -> Iterator[SuggestedAuthor]:
        books: dict[str, list[tuple[int, int]]] = {}
        for one in found:
            for place in one.typed:
                books.setdefault(one.people[place], []).append((one.row, place))
        names = sorted(books, key=lambda name: (min(books[name])[0] >= OFFERS_END, -len(books[name])))
        for name in names[:MOST_AUTHORS]:
            row, place = min(books[name])
            yield SuggestedAuthor(book_id_of(row), place, tuple(self._offered_by(name)))

    def _offered_by(self, name: str) -> Iterator[int]:
        rows = self._reading.rows(text_hits("fx", parse_query(name).all_words), _ROWS_OF_AUTHOR)
        for row, (_, other) in self._reading.texts([row for row in rows if row < OFFERS_END]).items():
            if name in people_of(other):
                yield book_id_of(row)


def _begins_one(words: list[str], run: str) -> bool:
    return any(word.startswith(run) for word in words)


def _editions(found: list[_Found]) -> list[tuple[int, ...]]:
    """Return the books by title and first author; an edition without author is one of a title's."""
    titles: dict[str, dict[str, list[int]]] = {}
    order: list[list[int]] = []
    for one in found:
        by_author, author = titles.setdefault(one.title, {}), one.people[0]
        ids = by_author.get(author) or by_author.get("") or (not author and next(iter(by_author.values()), None))
        if not ids:
            ids = []
            order.append(ids)
        by_author.setdefault(author, ids)
        ids.append(book_id_of(one.row))
    return [tuple(ids) for ids in order[:MOST_TITLES]]
