"""Did you mean: other words for a query without hits, tried until one has some.

Latin words: one letter wrong, missing, too many or swapped. Chinese: another character of the same sound, one wrong
character, or title and author written without a space between them.
"""

import json
from collections.abc import Iterable
from itertools import chain, islice, product

from rapidfuzz.distance import OSA

from app.search.hits import IndexReading, text_hits
from app.search.pinyin import READINGS_OF, Readings, pieces_of, readings_from
from app.search.query import Query, parse_query
from app.search.sound import split_expression, whole_field
from app.search.tokens import FIELD_END, is_cjk
from app.search.writer import variants

_MOST_TRIES = 16
_MOST_SPELLINGS = 4
_SHORTEST_WORD = 4
_LOOKED_AT = 20


class Suggester:
    """Finds other words on one connection, within the time of one search."""

    def __init__(self, reading: IndexReading) -> None:
        self._reading = reading

    def suggest(self, query: Query) -> Query | None:
        """Return a query with hits that is near the given one, or nothing."""
        if not query.runs or all(run.isdecimal() for run in query.runs):
            return None
        choices = [self._other_spellings(run) for run in query.runs[:8]]
        tries = [words for words in islice(product(*choices), _MOST_TRIES) if words != query.runs]
        others = [parse_query(" ".join(words)) for words in tries]
        for table in ("ft", "fx"):  # words that stand together in a title are the likelier ones
            for other in others:
                if self._has_hits(other.all_words, table):
                    return other
        return None

    def _has_hits(self, expression: str, table: str = "fx") -> bool:
        return bool(expression) and bool(self._reading.rows(text_hits(table, expression), 1))

    def _other_spellings(self, run: str) -> list[str]:
        if is_cjk(run):
            known = [run] if self._has_hits(parse_query(run).all_words) else []
            return list(dict.fromkeys(chain(known, self._other_characters(run)))) or [run]
        if len(run) < _SHORTEST_WORD or not (run.isascii() and run.isalpha()):
            return [run]
        return self._other_words(run)

    def _other_words(self, word: str) -> list[str]:
        """Return the word if books have it, then the nearest words, the more frequent first."""
        sql = (
            "SELECT DISTINCT spelling, books FROM near JOIN word ON word.id = near.word "
            "WHERE variant IN (SELECT value FROM json_each(?)) AND books > 0"
        )
        marks = json.dumps(sorted(variants(word)))
        found = [(str(spelling), int(books)) for spelling, books in self._reading.select(sql, marks)]
        near = sorted((OSA.distance(word, spelling), -books, spelling) for spelling, books in found)
        nearest = [spelling for distance, _, spelling in near if distance <= 1]
        wider = [spelling for distance, _, spelling in near if distance == 2 and len(word) >= 8]
        return (nearest or wider)[: _MOST_SPELLINGS + 1] or [word]

    def _other_characters(self, run: str) -> list[str]:
        """Return near spellings of a Chinese run that stand in some book."""
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

    def _texts(self, table: str, expression: str) -> list[str]:
        rows = self._reading.rows(text_hits(table, expression), _LOOKED_AT)
        return [f"{title}{FIELD_END}{other}" for title, other in self._reading.texts(rows).values()]


def _pieces(text: str, size: int) -> list[str]:
    """Return the Chinese fragments of that length in stored text."""
    fragments = (text[at : at + size] for at in range(len(text) - size + 1))
    return [piece for piece in fragments if all(is_cjk(character) for character in piece)]
