"""Typed pinyin as full-text expressions: syllables, an unfinished last one, and initials."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from app.search.text.pinyin import AUTHOR, INITIALS, JOINED, NEXT, WHOLE, WHOLE_INITIALS

_MOST_SPLITS = 4
_LONGEST = 40
_WINDOW = 4


def whole_field(letters: str) -> str:
    """Return the expression for titles and authors with exactly this pinyin."""
    return f'"{WHOLE}{letters[:_LONGEST]}"'


def without_spaces(word: str) -> str:
    """Return the expression for titles that are this word when their spaces are left out."""
    return f'"{JOINED}{word[:_LONGEST]}"'


def author(name: str) -> str:
    """Return the expression for books by an author with this name, or family name."""
    return f'"{AUTHOR}{name}"'


def whole_initials(letters: str) -> str:
    """Return the expression for titles with exactly these initials."""
    return f'"{WHOLE_INITIALS}{letters}"'


def initials(letters: str) -> str:
    """Return the expression for these initials in a row."""
    if len(letters) < _WINDOW:
        return f'"{INITIALS}{letters}"*'
    windows = [letters[at : at + _WINDOW] for at in range(len(letters) - _WINDOW + 1)]
    return " AND ".join(f'"{INITIALS}{window}"' for window in windows)


def syllables_expression(words: Sequence[str], table: frozenset[str]) -> str | None:
    """Return the expression for words typed in pinyin, with all ways to split them; empty if one cannot be split."""
    joined = _alternatives("".join(words), table)
    apart = [_alternatives(word, table) for word in words] if len(words) > 1 else []
    if apart and all(apart):
        every = " AND ".join(f"({one})" for one in apart)
        return f"({joined}) OR ({every})" if joined else every
    return joined or None


def _alternatives(letters: str, table: frozenset[str]) -> str:
    return " OR ".join(f"({split_expression(split)})" for split in split_syllables(letters, table))


def split_expression(syllables: Sequence[str]) -> str:
    """Return the expression for syllables in a row; a last one ending in `*` is a prefix."""
    if len(syllables) == 1:
        only = syllables[0]
        return f'"{only.removesuffix("*")}"*' if only.endswith("*") else f'"{only}" OR "{only}{NEXT}"*'
    tokens = [
        f'"{first}{NEXT}{second.removesuffix("*")}"{"*" * second.endswith("*")}'
        for first, second in pairwise(syllables)
    ]
    return " AND ".join(dict.fromkeys(tokens))


def split_syllables(letters: str, table: frozenset[str]) -> list[list[str]]:
    """Return up to four ways to split letters into syllables, long syllables first; else one with an unfinished end."""
    letters = letters[:_LONGEST]
    ways = _first(_splits(letters, table, set()), _MOST_SPLITS)
    if ways or len(letters) < 3:
        return ways
    for size in range(1, 6):
        end = letters[-size:]
        is_begun = len(letters) > size and end in _beginnings(table)
        if is_begun and (begins := _first(_splits(letters[:-size], table, set()), 1)):
            return [[*begins[0], end + "*"]]
    return []


@lru_cache(maxsize=2)
def _beginnings(table: frozenset[str]) -> frozenset[str]:
    return frozenset(syllable[:size] for syllable in table for size in range(1, len(syllable) + 1))


def _first(ways: Iterator[list[str]], most: int) -> list[list[str]]:
    return [way for way, _ in zip(ways, range(most), strict=False)]


def _splits(letters: str, table: frozenset[str], dead: set[str]) -> Iterator[list[str]]:
    if not letters:
        yield []
        return
    if letters in dead:
        return
    found = False
    for size in range(min(6, len(letters)), 0, -1):
        if letters[:size] in table:
            for rest in _splits(letters[size:], table, dead):
                found = True
                yield [letters[:size], *rest]
    if not found:
        dead.add(letters)
