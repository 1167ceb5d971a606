"""Facts about a reader's past exchanges, for others to know before they ask or accept. Times are in Unix seconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from app.rules.clock import DAY
from app.rules.exchange.drift import Action, DriftState
from app.rules.trust.complaint import PATTERN

MOST_COUNTED = 100
"""Most books that are counted, because higher numbers create no more trust."""
ENOUGH = 3
"""From how many exchanges, and answers, on others are told more than their number."""
LAST_REQUESTS = 20
"""Of how many requests, the last ones, the time of the answers is told."""
ANSWERS = frozenset({Action.ACCEPT, Action.REJECT, Action.LAPSE})
"""What ends the wait of an asker; a request that lapses counts with the time until then."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A reader's past exchanges: each number is at most `MOST_COUNTED`, a step that can be undone does not count."""

    since: int
    """When the reader registered."""
    given: int = 0
    received: int = 0
    sent: int = 0
    """Books that the reader promised to mail, and did."""
    unsent: int = 0
    """Books that the reader promised to mail, and did not."""
    kept: int = 0
    """Books that changed hands in person or at a place, in either role."""
    missed: int = 0
    """Exchanges in which the reader did not come, or left no book, and did not answer either."""
    lost: int = 0
    """Books of the reader that were reported missing and have not arrived since."""
    not_arrived: int = 0
    """Books that the reader reported missing and that have not arrived since."""
    not_described: int = 0
    """Readers who said that a book of the reader was not as described; 0 if fewer than `PATTERN` of them."""
    answer_seconds: int | None = None
    """How long the reader takes to answer: the median; None if there were fewer answers than `ENOUGH`."""

    @property
    def exchanges(self) -> int:
        """Return in how many exchanges the reader's part came to an end that says something."""
        return self.given + self.received + self.lost + self.not_arrived + self.missed

    @property
    def is_new(self) -> bool:
        """Return whether there were too few exchanges to say more than their number."""
        return self.exchanges < ENOUGH

    @property
    def promised(self) -> int:
        """Return how many books the reader promised to mail."""
        return min(MOST_COUNTED, self.sent + self.unsent)

    @property
    def answer_days(self) -> int | None:
        """Return the same as `answer_seconds` in whole days, at least one."""
        return None if self.answer_seconds is None else max(1, round(self.answer_seconds / DAY))


class Counts(NamedTuple):
    """In how many exchanges what ended, each counted up to `MOST_COUNTED`; none of them is counted twice."""

    given_by_post: int = 0
    given_in_person: int = 0
    received_by_post: int = 0
    received_in_person: int = 0
    lost_by_post: int = 0
    lost_in_person: int = 0
    not_arrived: int = 0
    cancelled: int = 0
    """Promises to mail a book that their giver cancelled."""
    lapsed: int = 0
    """Such promises whose time ran out."""
    absent_as_giver: int = 0
    absent_as_asker: int = 0
    not_described: int = 0
    """Different readers who said so of a book; those whom the desk did not follow are left out."""


def count_facts(since: int, counts: Counts) -> Facts:
    """Return the facts that these numbers make, without how soon the reader answers."""
    return Facts(
        since,
        given=_shown(counts.given_by_post + counts.given_in_person),
        received=_shown(counts.received_by_post + counts.received_in_person),
        sent=_shown(counts.given_by_post + counts.lost_by_post),
        unsent=_shown(counts.cancelled + counts.lapsed),
        kept=_shown(counts.given_in_person + counts.received_in_person),
        missed=_shown(counts.absent_as_giver + counts.absent_as_asker),
        lost=_shown(counts.lost_by_post + counts.lost_in_person),
        not_arrived=_shown(counts.not_arrived),
        not_described=counts.not_described if counts.not_described >= PATTERN else 0,
    )


def _shown(count: int) -> int:
    return min(count, MOST_COUNTED)


class RequestEvent(NamedTuple):
    """An event of a request."""

    drift_id: int
    action: str
    to_state: str
    time: int


def find_answer_seconds(asked: Mapping[int, int], events: Iterable[RequestEvent]) -> int | None:
    """Return the median of the seconds from asking to the answer; None if there are too few answers.

    ``asked`` says when each drift was asked for; ``events`` are those which began or ended a wait, in their order.
    An answer that was undone is none.
    """
    answers: dict[int, int] = {}
    for event in events:
        if event.to_state == DriftState.WAITING:
            answers.pop(event.drift_id, None)
        elif event.action in ANSWERS:
            answers[event.drift_id] = max(0, event.time - asked[event.drift_id])
    return int(median(answers.values())) if len(answers) >= ENOUGH else None
