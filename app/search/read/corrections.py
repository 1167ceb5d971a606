"""Did you mean: another spelling of a query without hits, the first that has some.

What stands around a title is left out first (brackets, a subtitle, words such as pdf), then numbers are written the
other way, then characters and pinyin are read together, then each word is corrected: letters, characters, pinyin.
Finally words are left out, those that no book has and the commonest first, if the others are a title or occur together
in one ("100 years of solitude").
"""

from collections.abc import Iterator
from itertools import combinations, islice, product

from app.search.read.characters import runs_like
from app.search.read.hits import IndexReading
from app.search.read.probe import Probe
from app.search.read.query import FUNCTION_WORDS, Query, parse_query
from app.search.read.sounds import letters_of_mixed, letters_without_slip
from app.search.read.spellings import joined, other_numbers, words_like
from app.search.read.surroundings import without_additions, without_noise
from app.search.text.tokens import is_cjk

_MOST_TRIES = 16
_MOST_WORDS = 8
_MOST_LEFT_OUT = 2


class Corrections:
    """Finds corrections on one connection, within the time limit of one search."""

    def __init__(self, reading: IndexReading, syllables: frozenset[str]) -> None:
        self._probe, self._syllables = Probe(reading), syllables

    def find(self, query: Query) -> Query | None:
        """Return a similar query that has hits, or nothing."""
        if not query.runs or all(run.isdecimal() for run in query.runs):
            return None
        ways = (self._without_surroundings, self._other_numbers, self._mixed, self._spelt, self._slip, self._fewer)
        return next((other for way in ways for other in way(query)), None)

    def _without_surroundings(self, query: Query) -> Iterator[Query]:
        probe = self._probe
        yield from (one for one in _others(query, without_additions(query.text)) if probe.begins_title(one))
        for one in _others(query, without_noise(query.text)):
            if probe.is_title(one) or probe.has_hits(one.all_words):
                yield one

    def _other_numbers(self, query: Query) -> Iterator[Query]:
        others = (parse_query(" ".join(runs)) for runs in other_numbers(query.runs))
        yield from (other for other in others if self._probe.has_hits(other.all_words, "ft"))

    def _mixed(self, query: Query) -> Iterator[Query]:
        if letters := letters_of_mixed(query, self._probe, self._syllables):
            yield parse_query(letters)

    def _spelt(self, query: Query) -> Iterator[Query]:
        """Return corrected words: likeliest are those side by side in a title, then those in one title, or one book."""
        runs = query.runs[:_MOST_WORDS]
        choices = [(runs_like if is_cjk(run) else words_like)(run, self._probe) for run in runs]
        tries = [*islice(product(*choices), _MOST_TRIES), *joined(runs)]
        others = [parse_query(" ".join(words)) for words in tries if words != query.runs]
        yield from (other for other in others if other.phrase and self._probe.has_hits(other.phrase, "ft"))
        for table in ("ft", "fx"):
            yield from (other for other in others if self._probe.has_hits(other.all_words, table))

    def _slip(self, query: Query) -> Iterator[Query]:
        if letters := letters_without_slip(query.letters, self._probe, self._syllables):
            yield parse_query(letters)

    def _fewer(self, query: Query) -> Iterator[Query]:
        """Return the titles that remain without some words, or without one end of a Chinese run."""
        runs = query.runs[:_MOST_WORDS]
        for left_out in self._left_out(runs):
            other = parse_query(" ".join(run for at, run in enumerate(runs) if at not in left_out))
            is_much = len(FUNCTION_WORDS.union(other.words)) > len(FUNCTION_WORDS) + 1
            if self._probe.is_title(other) or (is_much and self._probe.has_hits(other.all_words, "ft")):
                yield other
        if len(runs) == 1 and is_cjk(runs[0]):
            yield from (end for end in map(parse_query, _ends(runs[0])) if self._probe.is_title(end))

    def _left_out(self, runs: tuple[str, ...]) -> Iterator[tuple[int, ...]]:
        """Return which words to leave out: all that no book has, else the commonest one first, then two."""
        books = [self._probe.count(parse_query(run).all_words) for run in runs]
        unknown = tuple(at for at, count in enumerate(books) if not count)
        if unknown and len(unknown) < len(runs):
            yield unknown
        order = sorted(range(len(runs)), key=lambda at: (books[at] > 0, -books[at]))
        yield from ((at,) for at in order if len(runs) > 1)
        if len(runs) > _MOST_LEFT_OUT + 1:
            yield from combinations(order[: _MOST_LEFT_OUT + 1], _MOST_LEFT_OUT)


def _others(query: Query, texts: Iterator[str]) -> Iterator[Query]:
    """Return the queries for texts that are shorter than the query."""
    seen = {query.runs, ()}
    for other in map(parse_query, texts):
        if other.runs not in seen:
            seen.add(other.runs)
            yield other


def _ends(run: str) -> Iterator[str]:
    """Return the prefixes and suffixes of a run that are at least half of it, the longest first."""
    for size in range(len(run) - 1, max(1, (len(run) - 1) // 2), -1):
        yield from (run[:size], run[-size:])
