"""Did you mean: corrections of a query without hits, tried until one has some.

Latin words: one letter wrong, missing, extra or transposed, a space missing or extra. Chinese: a homophone, one wrong
character, or title and author written without a space between them. Finally one word less, when the others are a title
or occur together in one ("三体 pdf", "三体全集", "100 years of solitude").
"""

import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice, pairwise, product

from rapidfuzz.distance import OSA

from app.search.read.hits import IndexReading, text_hits
from app.search.read.query import FUNCTION_WORDS, Query, parse_query
from app.search.text.pinyin import READINGS_OF, Readings, pieces_of, readings_from
from app.search.text.pinyin_query import split_expression, whole_field
from app.search.text.tokens import FIELD_END, is_cjk
from app.search.write.writer import variants

_MOST_TRIES = 16
_MOST_SPELLINGS = 4
_SHORTEST_WORD = 4
_LOOKED_AT = 20


class Suggester:
    """Finds corrections on one connection, within the time limit of one search."""

    def __init__(self, reading: IndexReading) -> None:
        self._reading = reading

    def suggest(self, query: Query) -> Query | None:
        """Return a similar query that has hits, or nothing."""
        if not query.runs or all(run.isdecimal() for run in query.runs):
            return None
        runs = query.runs[:8]
        choices = [self._other_spellings(run) for run in runs]
        tries = [*islice(product(*choices), _MOST_TRIES), *_joined(runs)]
        others = [parse_query(" ".join(words)) for words in tries if words != query.runs]
        for table in ("ft", "fx"):  # words that occur together in a title are more likely
            for other in others:
                if self._has_hits(other.all_words, table):
                    return other
        return next(self._one_word_less(runs), None)

    def _has_hits(self, expression: str, table: str = "fx") -> bool:
        return bool(expression) and bool(self._reading.rows(text_hits(table, expression), 1))

    def _other_spellings(self, run: str) -> list[str]:
        if is_cjk(run):
            known = [run] if self._has_hits(parse_query(run).all_words) else []
            return list(dict.fromkeys(chain(known, self._other_characters(run)))) or [run]
        if len(run) < _SHORTEST_WORD or not run.isalpha():
            return [run]
        return self._other_words(run)

    def _other_words(self, word: str) -> list[str]:
        """Return the word if books contain it, then the nearest words, the more frequent first."""
        sql = (
            "SELECT DISTINCT spelling, books FROM near JOIN word ON word.id = near.word "
            "WHERE variant IN (SELECT value FROM json_each(?)) AND books > 0"
        )
        marks = json.dumps(sorted(variants(word)))
        found = [(str(spelling), int(books)) for spelling, books in self._reading.select(sql, marks)]
        near = sorted((OSA.distance(word, spelling), -books, spelling) for spelling, books in found)
        nearest = [spelling for distance, _, spelling in near if distance <= 1]
        wider = [spelling for distance, _, spelling in near if distance == 2 and len(word) >= 8]
        return (nearest or wider)[: _MOST_SPELLINGS + 1] or self._with_space(word) or [word]

    def _with_space(self, word: str) -> list[str]:
        """Return the two words that are adjacent in a title: harrypotter → harry potter."""
        parts = (f"{word[:at]} {word[at:]}" for at in range(2, len(word) - 2))
        return next(([two] for two in parts if self._has_hits(f'"{two}"', "ft")), [])

    def _other_characters(self, run: str) -> list[str]:
        """Return similar spellings of a Chinese run that occur in some book."""
        if len(run) < 2 or len(run) > 24:
            return []
        same_sound = self._same_sound(run)
        if same_sound:
            return same_sound[:_MOST_SPELLINGS]
        return list(islice(chain(self._taken_apart(run), self._one_wrong(run)), _MOST_SPELLINGS))

    def _same_sound(self, run: str) -> list[str]:
        sounds = self._readings([run]).of(run)
        if len(sounds) != len(run):
            return []
        for expression in (whole_field("".join(sounds)), split_expression(sounds)):
            texts = self._texts("fp", expression)
            pieces = dict.fromkeys(piece for text in texts for piece in _pieces(text, len(run)))
            readings = self._readings(pieces)
            if found := [piece for piece in pieces if piece != run and readings.of(piece) == sounds]:
                return found
        return []

    def _readings(self, texts: Iterable[str]) -> Readings:
        return readings_from(self._reading.select(READINGS_OF, pieces_of(texts)))

    def _taken_apart(self, run: str) -> Iterable[str]:
        for at in range(2, len(run) - 1):
            parts = f"{run[:at]} {run[at:]}"
            if self._has_hits(parse_query(parts).all_words):
                yield parts

    def _one_wrong(self, run: str) -> Iterable[str]:
        for at in range(len(run)):
            kept = " ".join(part for part in (run[:at], run[at + 1 :]) if len(part) > 1)
            if not kept:
                continue
            for text in self._texts("fx", parse_query(kept).all_words):
                pieces = _pieces(text, len(run))
                yield from (piece for piece in pieces if piece[:at] + piece[at + 1 :] == run[:at] + run[at + 1 :])

    def _one_word_less(self, runs: tuple[str, ...]) -> Iterator[Query]:
        """Return the titles that remain without one word, or without one end of a Chinese run."""
        for at in range(len(runs)):
            other = parse_query(" ".join((*runs[:at], *runs[at + 1 :])))
            is_much = len(FUNCTION_WORDS.union(other.words)) > len(FUNCTION_WORDS) + 1
            if self._is_title(other.key) or (is_much and self._has_hits(other.all_words, "ft")):
                yield other
        if len(runs) == 1 and is_cjk(runs[0]):
            yield from (parse_query(end) for end in _ends(runs[0]) if self._is_title(end))

    def _is_title(self, key: str) -> bool:
        return bool(self._reading.select("SELECT 1 FROM doc WHERE title_n = ? LIMIT 1", key))

    def _texts(self, table: str, expression: str) -> list[str]:
        rows = self._reading.rows(text_hits(table, expression), _LOOKED_AT)
        return [f"{title}{FIELD_END}{other}" for title, other in self._reading.texts(rows).values()]


def _joined(runs: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Return the words with each two neighbours joined: mocking bird → mockingbird."""
    for at, (first, second) in enumerate(pairwise(runs)):
        if (first + second).isascii():
            yield (*runs[:at], first + second, *runs[at + 2 :])


def _ends(run: str) -> Iterator[str]:
    """Return the prefixes and suffixes of a run that are at least half of it, the longest first."""
    for size in range(len(run) - 1, max(1, (len(run) - 1) // 2), -1):
        yield from (run[:size], run[-size:])


def _pieces(text: str, size: int) -> list[str]:
    """Return the Chinese fragments of that length in stored text."""
    fragments = (text[at : at + size] for at in range(len(text) - size + 1))
    return [piece for piece in fragments if all(is_cjk(character) for character in piece)]
