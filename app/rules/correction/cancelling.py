"""Why a giver cannot keep a promise, which the asker is told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LONGEST_EXPLANATION = 200
"""Most characters of a giver's own words."""


class CancelReason(StrEnum):
    """The reasons to choose from, in the order of the page."""

    NO_TIME = "no_time"
    GONE = "gone"
    """The copy is lost, damaged, or given to somebody else."""
    NO_ANSWER = "no_answer"
    """The two could not agree on how to hand it over."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Cancelling:
    """What a giver says when cancelling a promise."""

    reason: CancelReason
    words: str = ""
    is_copy_withdrawn: bool = False
    """Take the copy off the list, instead of opening it again."""
