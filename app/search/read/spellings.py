"""Other spellings of words written with letters, and of numbers."""

import json
from collections.abc import Iterator
from itertools import pairwise

from rapidfuzz.distance import OSA

from app.search.read.probe import Probe
from app.search.text.tokens import han_number, is_cjk
from app.search.write.writer import variants

MOST_SPELLINGS = 4
_SHORTEST_WORD = 4
_LONG_WORD = 8
_HAN_DIGITS = "〇一二三四五六七八九"
_NEAR = (
    "SELECT DISTINCT spelling, books FROM near JOIN word ON word.id = near.word "
    "WHERE variant IN (SELECT value FROM json_each(?)) AND books > 0"
)


def words_like(word: str, probe: Probe) -> list[str]:
    """Return the word if books contain it, then the nearest words, the more frequent first."""
    if len(word) < _SHORTEST_WORD or not word.isalpha():
        return [word]
    marks = json.dumps(sorted(variants(word)))
    found = [(str(spelling), int(books)) for spelling, books in probe.reading.select(_NEAR, marks)]
    near = sorted((OSA.distance(word, spelling), -books, spelling) for spelling, books in found)
    nearest = [spelling for distance, _, spelling in near if distance <= 1]
    wider = [spelling for distance, _, spelling in near if distance == 2 and len(word) >= _LONG_WORD]
    return (nearest or wider)[: MOST_SPELLINGS + 1] or _with_space(word, probe) or [word]


def _with_space(word: str, probe: Probe) -> list[str]:
    """Return the two words that are adjacent in a title: harrypotter → harry potter."""
    parts = (f"{word[:at]} {word[at:]}" for at in range(2, len(word) - 2))
    return next(([two] for two in parts if probe.has_hits(f'"{two}"', "ft")), [])


def joined(runs: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Return the words with each two neighbours joined: mocking bird → mockingbird."""
    for at, (first, second) in enumerate(pairwise(runs)):
        if not is_cjk(first) and not is_cjk(second):
            yield (*runs[:at], first + second, *runs[at + 2 :])


def other_numbers(runs: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Return the words with a number behind Chinese written the other way: 昆仑二 → 昆仑 2, 昆仑 2 → 昆仑二."""
    for at, run in enumerate(runs):
        digit = _HAN_DIGITS.find(run[-1])
        if digit > 0 and len(run) > 1:
            yield (*runs[:at], run[:-1], str(digit), *runs[at + 1 :])
        if at and run.isdecimal() and len(run) <= 2 and is_cjk(runs[at - 1]):
            yield (*runs[: at - 1], runs[at - 1] + han_number(int(run)), *runs[at + 1 :])
