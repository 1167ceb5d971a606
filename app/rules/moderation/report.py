"""What can be reported, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.rules.refusal import Refusal

LONGEST_WORDS = 1_000
"""Most characters of what a reader says about a report."""


class ReportKind(StrEnum):
    """The kinds of what can be reported."""

    MESSAGE = "message"


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
