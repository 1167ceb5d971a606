"""What is held until somebody at the desk has looked at it. Times are in Unix seconds."""

from __future__ import annotations

import re
from enum import StrEnum

from app.rules.clock import DAY
from app.rules.moderation.report import ReportKind
from app.rules.text import fold_width

NEW_FOR = 3 * DAY
"""Seconds after registering for which the first things that a reader says are looked at."""
REPORTERS_TO_HOLD = 2
"""How many readers, each with a finished exchange, have to report something for it to be held."""
REPORTS_A_DAY = 5
"""Reports of one reader within a day; further ones wait behind those of all others."""
HELD_BY_REPORTS = frozenset({ReportKind.LISTING})
"""What everybody sees, and can be held until it is looked at."""


class HoldReason(StrEnum):
    """Why something is held."""

    LINK = "link"
    """It is the first of a new reader, with a link."""
    PHONE = "phone"
    """It is the first of a new reader, with a phone number."""
    REPORTERS = "reporters"
    """Several readers have reported it."""


_LINK = re.compile(
    r"https?:|www\.|\b[a-z0-9-]{2,}\.(?:com|cn|net|org|top|xyz|io|me|cc|info|shop|link|vip|club|site|app|online|ru)\b",
    re.IGNORECASE,
)
_NO_PHONE = re.compile(r"\b(?:19|20)\d\d[-./年]\d{1,2}(?:[-./月]\d{1,2})?|\b\d{1,2}[:.]\d\d\b|97[89][-\s\d]{10,14}")
"""Days, times of day and ISBNs."""
_PHONE = re.compile(r"(?<![\d.,])\+?\d(?:[\s().-]{0,2}\d){7,14}(?!\d)")


def find_contact(words: str) -> HoldReason | None:
    """Return what in a text leads away from the site: a link or a phone number; None without either."""
    text = fold_width(words)
    if _LINK.search(text):
        return HoldReason.LINK
    return HoldReason.PHONE if _PHONE.search(_NO_PHONE.sub(" ", text)) else None


def find_newcomer_hold(words: str, registered: int, is_first: bool, now: int) -> HoldReason | None:
    """Return why what a reader says for the first time has to wait; None if it need not."""
    return find_contact(words) if is_first and now - registered <= NEW_FOR else None


def is_to_be_held(kind: str, reporters: int) -> bool:
    """Return whether something is held that so many readers with a finished exchange have reported."""
    return kind in HELD_BY_REPORTS and reporters >= REPORTERS_TO_HOLD


def is_late(reports_today: int) -> bool:
    """Return whether a report waits behind all others, after so many of its reader within a day."""
    return reports_today >= REPORTS_A_DAY
