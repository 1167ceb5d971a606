"""Readers who may be one person passing beans between accounts; for a person to look at, never acted on by the site."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from app.rules.clock import HOUR

Dealings = Mapping[tuple[int, int], int]
"""Numbers of books that arrived, by giver and receiver."""

FEWEST = 2
"""Fewest exchanges that make two readers a pair."""

LARGEST_RING = 6
"""Most readers of a ring; a larger group that deals only with itself is a community."""

MINUTES = HOUR
"""Seconds from request to receipt in which no book can have come by post."""

RARE_DOMAIN = 20
"""Most readers of a mail domain that still suggests one person."""


def find_pairs(dealings: Dealings) -> list[tuple[int, int, int]]:
    """Return the pairs of readers who deal more with each other than with all others, and how many times."""
    together: defaultdict[tuple[int, int], int] = defaultdict(int)
    alone: defaultdict[int, int] = defaultdict(int)
    for (giver, receiver), books in dealings.items():
        together[min(giver, receiver), max(giver, receiver)] += books
        alone[giver] += books
        alone[receiver] += books
    return sorted(
        (one, other, books)
        for (one, other), books in together.items()
        if books >= FEWEST and 2 * books > alone[one] and 2 * books > alone[other]
    )


def find_rings(dealings: Dealings) -> list[list[int]]:
    """Return the groups of three to six readers who deal only among themselves, with at least one book a reader."""
    friends: defaultdict[int, set[int]] = defaultdict(set)
    given: Counter[int] = Counter()
    for (giver, receiver), books in dealings.items():
        given[giver] += books
        friends[giver].add(receiver)
        friends[receiver].add(giver)
    rings, seen = [], set[int]()
    for reader in sorted(friends):
        group = set() if reader in seen else _reached_from(reader, friends)
        seen |= group
        if FEWEST < len(group) <= LARGEST_RING and sum(given[member] for member in group) >= len(group):
            rings.append(sorted(group))
    return rings


def _reached_from(reader: int, friends: Mapping[int, set[int]]) -> set[int]:
    """Return all readers connected with this one by exchanges, directly or through others."""
    reached, open_ends = {reader}, [reader]
    while open_ends:
        new = friends[open_ends.pop()] - reached
        reached |= new
        open_ends += new
    return reached


def find_of_one_browser(dealings: Dealings, browsers: Mapping[int, str]) -> list[tuple[int, int]]:
    """Return the pairs of readers who deal with each other and last logged in with the same browser."""
    return [(one, other) for one, other in _pairs(dealings, browsers) if browsers[one] == browsers[other]]


def find_of_one_domain(dealings: Dealings, domains: Mapping[int, str]) -> list[tuple[int, int]]:
    """Return the pairs of readers who deal with each other and whose mailboxes share a domain that few others use."""
    readers = Counter(domains.values())
    same = ((one, other) for one, other in _pairs(dealings, domains) if domains[one] == domains[other])
    return [pair for pair in same if readers[domains[pair[0]]] <= RARE_DOMAIN]


def _pairs(dealings: Dealings, known: Mapping[int, str]) -> list[tuple[int, int]]:
    return sorted({(min(pair), max(pair)) for pair in dealings if set(pair) <= known.keys()})
