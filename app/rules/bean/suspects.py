"""Which readers may be one person who passes beans from hand to hand: for a person to look at, never to act on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from app.rules.clock import HOUR

Dealings = Mapping[tuple[int, int], int]
"""How many books arrived, by giver and receiver."""

FEWEST = 2
"""Exchanges below which two readers are no pair."""

LARGEST_RING = 6
"""Readers above which a group that deals only with itself is a community."""

MINUTES = HOUR
"""Seconds from asking to receipt within which no book comes by post."""

RARE_DOMAIN = 20
"""Readers above which a mail domain says nothing."""


def find_pairs(dealings: Dealings) -> list[tuple[int, int, int]]:
    """Return two readers each who deal with each other more than with all others, and their number of exchanges."""
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
    """Return groups of three to six readers who all deal only among themselves, at least one book for each of them."""
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
    """Return everybody who deals with this reader, or with somebody who does, and so on."""
    reached, open_ends = {reader}, [reader]
    while open_ends:
        new = friends[open_ends.pop()] - reached
        reached |= new
        open_ends += new
    return reached


def find_of_one_browser(dealings: Dealings, browsers: Mapping[int, str]) -> list[tuple[int, int]]:
    """Return two readers each who deal with each other and logged in last with the same browser."""
    return [(one, other) for one, other in _pairs(dealings, browsers) if browsers[one] == browsers[other]]


def find_of_one_domain(dealings: Dealings, domains: Mapping[int, str]) -> list[tuple[int, int]]:
    """Return two readers each who deal with each other and have mailboxes of one domain that few others have."""
    readers = Counter(domains.values())
    same = ((one, other) for one, other in _pairs(dealings, domains) if domains[one] == domains[other])
    return [pair for pair in same if readers[domains[pair[0]]] <= RARE_DOMAIN]


def _pairs(dealings: Dealings, known: Mapping[int, str]) -> list[tuple[int, int]]:
    return sorted({(min(pair), max(pair)) for pair in dealings if set(pair) <= known.keys()})
