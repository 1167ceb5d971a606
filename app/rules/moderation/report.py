"""What can be reported, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.rules.clock import DAY
from app.rules.refusal import Refusal

LONGEST_WORDS = 1_000
"""Most characters of what a reader says about a report."""
MOST_COPIED = 12_000
"""Most characters that are copied of a thread, so that they fit in a column when they are encrypted."""

KEPT_DECIDED = 180 * DAY
"""Seconds for which a report is kept after the decision about it: as long as an appeal against it is possible."""
KEPT_ABOUT_LEAVER = 30 * DAY
"""Seconds for which a report is kept that was made about a reader who had just closed the account."""


class ReportKind(StrEnum):
    """The kinds of what can be reported."""

    MESSAGE = "message"
    THREAD = "thread"
    """All that the other side of a drift wrote."""
    LISTING = "listing"
    READER = "reader"
    LINE = "line"
    """A line of thanks."""
    JOURNEY = "journey"
    """A line on the page of a copy."""
    BOOK = "book"
    """What the site says about an edition."""


OPEN_TO_ALL = frozenset({ReportKind.LISTING, ReportKind.READER, ReportKind.BOOK, ReportKind.LINE, ReportKind.JOURNEY})
"""What everybody sees, and can report without an account."""
OF_NOBODY = frozenset({ReportKind.BOOK, ReportKind.JOURNEY})
"""What may belong to no reader, so that a decision about it is about nobody."""
MOST_BY_VISITORS = 3
"""Most reports of one thing by visitors that wait at a time; more would only take time from those who look at them."""


class Reason(StrEnum):
    """Why something is reported; the order is the one of pages."""

    INSULT = "insult"
    THREAT = "threat"
    SPAM = "spam"
    PRIVATE = "private"
    OTHER = "other"


@dataclass(eq=False)
class AlreadyReported(Refusal):
    """The reader has reported this before."""


def ensure_may_report(is_reported: bool) -> None:
    """Raise `AlreadyReported` if the reader has reported it before."""
    if is_reported:
        raise AlreadyReported()


def ensure_visitors_may_report(waiting: int) -> None:
    """Raise `AlreadyReported` if so many reports of this thing by visitors wait that one more says nothing new."""
    if waiting >= MOST_BY_VISITORS:
        raise AlreadyReported()


def newest_within(texts: Sequence[str], most: int) -> list[str]:
    """Return the last of these texts, in order, that have at most `most` characters together with a line break each."""
    first, left = len(texts), most
    while first and len(texts[first - 1]) < left:
        first -= 1
        left -= len(texts[first]) + 1
    return list(texts[first:])
