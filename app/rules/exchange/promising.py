"""How many readers' addresses a giver may see at a time.

Accepting a request reveals the asker's address, so a giver whose books nobody has received yet sees one at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.rules.clock import DAY
from app.rules.exchange.asking import NEWCOMER_LIMIT, OPEN_LIMIT
from app.rules.exchange.refusals import TooManyPromises

CANCELLED_COUNTS = 7 * DAY
"""Seconds for which a promise to mail a book counts after it was cancelled, as the giver has seen the address."""


@dataclass(frozen=True, slots=True)
class GiverFacts:
    """What decides whether a reader may accept a request: numbers of books."""

    given: int = 0
    """Books sent to others that arrived."""
    promised: int = 0
    """Books that are accepted or mailed and have not arrived, and those of promises cancelled lately."""

    @property
    def limit(self) -> int:
        """Most books this giver may have promised at a time: as many as a reader may ask for."""
        return OPEN_LIMIT if self.given else NEWCOMER_LIMIT


def ensure_may_accept(facts: GiverFacts) -> None:
    """Raise `TooManyPromises` if the giver has already promised as many books as allowed at a time."""
    if facts.promised >= facts.limit:
        raise TooManyPromises(facts.limit, newcomer=not facts.given)
