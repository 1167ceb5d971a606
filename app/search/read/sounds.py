"""Pinyin with a slip of the keyboard, and pinyin mixed with characters."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from rapidfuzz.distance import OSA

from app.search.read.probe import Probe
from app.search.read.query import Query
from app.search.text.pinyin_query import syllables_expression, whole_field
from app.search.text.tokens import is_cjk

_SHORTEST, _LONGEST = 5, 40
_LONGEST_SYLLABLE = 6
_AT_ONCE = 64
_MOST_TRIES = 8 * _AT_ONCE


def letters_of_mixed(query: Query, probe: Probe, syllables: frozenset[str]) -> str:
    """Return the pinyin of characters and letters together if some book sounds so: 堂吉hede → tangjihede."""
    runs = query.runs
    if not any(map(is_cjk, runs)) or not any(run.isascii() and run.isalpha() for run in runs):
        return ""
    readings = probe.readings(runs)
    letters = "".join("".join(readings.of(run)) if is_cjk(run) else run for run in runs)
    if not letters.isascii() or not letters.isalpha():
        return ""
    expressions = (whole_field(letters), syllables_expression((letters,), syllables))
    return letters if any(probe.has_hits(one, "fp") for one in expressions) else ""


def letters_without_slip(letters: str, probe: Probe, syllables: frozenset[str]) -> str:
    """Return the pinyin of a whole title or name that differs by one letter, or by two that are swapped."""
    if not letters.isalpha() or not _SHORTEST <= len(letters) <= _LONGEST:
        return ""
    tries = islice(dict.fromkeys(_spellings(letters, syllables)), _MOST_TRIES)
    while some := list(islice(tries, _AT_ONCE)):
        if probe.has_hits(" OR ".join(map(whole_field, some)), "fp"):
            return next((one for one in some if probe.has_hits(whole_field(one), "fp")), "")
    return ""


def _spellings(letters: str, syllables: frozenset[str]) -> Iterator[str]:
    """Return the spellings without one slip; before it and behind it are whole syllables."""
    begun, ended = _borders(letters, syllables), _borders(letters[::-1], _reversed(syllables))
    ends = sorted(len(letters) - size for size in ended)
    for start in sorted(begun):
        for end in ends:
            if 0 < end - start <= 2 * _LONGEST_SYLLABLE:
                middle = letters[start:end]
                around = letters[:start], letters[end:]
                yield from (around[0] + one + around[1] for one in _near(middle, syllables))
                yield from (around[0] + one + around[1] for one in _swapped(middle, syllables))


def _borders(letters: str, syllables: frozenset[str]) -> set[int]:
    """Return where the letters can be cut so that those before it are syllables."""
    found = {0}
    for end in range(1, len(letters) + 1):
        sizes = range(1, min(_LONGEST_SYLLABLE, end) + 1)
        if any(end - size in found and letters[end - size : end] in syllables for size in sizes):
            found.add(end)
    return found


@lru_cache(maxsize=4)
def _reversed(syllables: frozenset[str]) -> frozenset[str]:
    return frozenset(one[::-1] for one in syllables)


def _near(middle: str, syllables: frozenset[str]) -> list[str]:
    if len(middle) > _LONGEST_SYLLABLE + 1:
        return []
    known = _by_shortened(syllables)
    near = {one for short in _shortened(middle) for one in known.get(short, ())}
    return sorted(one for one in near if OSA.distance(one, middle) == 1)


@lru_cache(maxsize=2)
def _by_shortened(syllables: frozenset[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in syllables:
        for short in _shortened(one):
            found.setdefault(short, []).append(one)
    return found


def _shortened(letters: str) -> set[str]:
    return {letters} | {letters[:at] + letters[at + 1 :] for at in range(len(letters))}


def _swapped(middle: str, syllables: frozenset[str]) -> Iterator[str]:
    """Return two syllables whose last and first letters were swapped."""
    for at in range(1, len(middle) - 2):
        one, other = middle[:at] + middle[at + 1], middle[at] + middle[at + 2 :]
        if one in syllables and other in syllables:
            yield one + other
