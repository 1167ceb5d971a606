"""Other spellings of a run of Chinese: one wrong, missing or surplus character, two swapped, parts without a space."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import chain, islice

from app.search.read.probe import Probe
from app.search.read.query import parse_query
from app.search.read.spellings import MOST_SPELLINGS
from app.search.text.pinyin_query import split_expression, whole_field

_LONGEST = 24
_SHORTEST_CHANGED = 4
"""Characters: the neighbours of shorter runs are too many."""


def runs_like(run: str, probe: Probe) -> list[str]:
    """Return the run if some book has it, then similar ones that some book has; the run alone if there are none."""
    known = [run] if probe.has_hits(parse_query(run).all_words) else []
    return list(dict.fromkeys(chain(known, _others(run, probe)))) or [run]


def _others(run: str, probe: Probe) -> list[str]:
    if not 2 <= len(run) <= _LONGEST:
        return []
    if same := _same_sound(run, probe):
        return same[:MOST_SPELLINGS]
    places = _places(run, probe)
    ways: tuple[Callable[[str, range, Probe], Iterator[str]], ...]
    ways = (_taken_apart, _swapped, _one_less, _one_more, _one_wrong)
    return list(islice(chain.from_iterable(way(run, places, probe) for way in ways), MOST_SPELLINGS))


def _places(run: str, probe: Probe) -> range:
    """Return where the slip can be: some book has the characters before it, and some book those behind it."""
    sizes = range(2, len(run) + 1)
    before = 1 + bisect_left(sizes, True, key=lambda size: not probe.has_hits(parse_query(run[:size]).all_words))
    behind = 1 + bisect_left(sizes, True, key=lambda size: not probe.has_hits(parse_query(run[-size:]).all_words))
    return range(max(0, len(run) - behind - 2), min(len(run), before + 1))


def _same_sound(run: str, probe: Probe) -> list[str]:
    sounds = probe.readings([run]).of(run)
    if len(sounds) != len(run):
        return []
    for expression in (whole_field("".join(sounds)), split_expression(sounds)):
        pieces = list(probe.fragments("fp", expression, len(run)))
        readings = probe.readings(pieces)
        if found := [piece for piece in pieces if piece != run and readings.of(piece) == sounds]:
            return found
    return []


def _taken_apart(run: str, places: range, probe: Probe) -> Iterator[str]:
    """Return title and author written without a space, or with 的 between them."""
    for at in places:
        before, after = run[:at], run[at:].removeprefix("的")
        parts = f"{before} {after}"
        if len(before) > 1 and len(after) > 1 and probe.has_hits(parse_query(parts).all_words):
            yield parts


def _swapped(run: str, places: range, probe: Probe) -> Iterator[str]:
    for at in places if len(run) >= _SHORTEST_CHANGED else ():
        other = run[:at] + run[at + 1 : at + 2] + run[at] + run[at + 2 :]
        if other != run and probe.has_hits(parse_query(other).all_words):
            yield other


def _one_less(run: str, places: range, probe: Probe) -> Iterator[str]:
    """Return the run without a surplus character; at its ends, only if a title begins with what is left."""
    for at in places if len(run) >= _SHORTEST_CHANGED else ():
        other = parse_query(run[:at] + run[at + 1 :])
        is_within = 0 < at < len(run) - 1
        if probe.has_hits(other.all_words, "ft") if is_within else probe.begins_title(other):
            yield other.key


def _one_more(run: str, places: range, probe: Probe) -> Iterator[str]:
    """Return the run with a character that is missing within it."""
    for at in places:
        before, after = run[:at], run[at:]
        for piece in _around(before, after, len(run) + 1, probe) if before else ():
            if piece[:at] == before and piece[at + 1 :] == after:
                yield piece


def _one_wrong(run: str, places: range, probe: Probe) -> Iterator[str]:
    for at in places:
        before, after = run[:at], run[at + 1 :]
        for piece in _around(before, after, len(run), probe):
            if piece[:at] + piece[at + 1 :] == before + after:
                yield piece


def _around(before: str, after: str, size: int, probe: Probe) -> Iterator[str]:
    kept = " ".join(part for part in (before, after) if len(part) > 1)
    return probe.fragments("fx", parse_query(kept).all_words, size) if kept else iter(())
