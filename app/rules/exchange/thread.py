"""What the two sides of a drift may write to each other, and the phrases that both read in their own language."""

from __future__ import annotations

import re
from enum import StrEnum

from app.rules.clock import DAY
from app.rules.exchange.drift import CAME_TO_NOTHING, UNDER_WAY, DriftState
from app.rules.exchange.refusals import ThreadClosed, ThreadFull

LONGEST_MESSAGE = 1_000
LONGEST_QUOTE = 400
"""Most characters of a note that a mail quotes."""
LEFT_OUT = "[…]"
"""Stands in a quote for what only the site shows."""
_CONTACT = re.compile(
    r"[a-z0-9_.+-]+\s?[@\uff20]\s?[a-z0-9-]+(?:\.[a-z0-9-]+)*"  # an e-mail address
    r"|(?:[a-z]+://|www\.)\S+|(?<![a-z0-9-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/\S*)?"  # a link
    r"|\+?\d(?:[\s./()-]?\d){6,}",  # a telephone number
    re.IGNORECASE,
)
MOST_MESSAGES = 30
"""Most messages of one side of a drift."""
HIDDEN_FOR = 2 * DAY
"""Seconds for which messages are kept, shown to nobody, when nothing came of a drift or their author has left.

Otherwise nobody could report a threat of somebody who withdraws at once.
"""


class Withheld(StrEnum):
    """Why a message is shown only to its author."""

    BLOCKED = "blocked"
    """Its reader has blocked the author, who is not told."""
    UNCHECKED = "unchecked"
    """Somebody at the desk has to look at it first."""


class Phrase(StrEnum):
    """What is said with one press; the order is the one of pages."""

    WHEN = "when"
    WHERE = "where"
    TOMORROW = "tomorrow"
    AGREED = "agreed"
    NOT_POSSIBLE = "not_possible"
    ON_MY_WAY = "on_my_way"
    LATE = "late"
    HERE = "here"
    MAILED_SOON = "mailed_soon"
    HAS_IT_COME = "has_it_come"
    A_FEW_DAYS = "a_few_days"
    THANKS = "thanks"


def quoted(words: str) -> str:
    """Return what a reader wrote as a mail quotes it: cut, and without addresses of e-mail, links and numbers to call.

    What is in a mail cannot be hidden or erased any more, and a link would seem to be one of the site's.
    """
    said = _CONTACT.sub(LEFT_OUT, words)
    return said if len(said) <= LONGEST_QUOTE else said[: LONGEST_QUOTE - 1].rstrip() + "…"


def is_open(state: DriftState, erase_time: int | None, now: int) -> bool:
    """Return whether the sides of a drift can write: while it is under way, and until what was written is erased."""
    if state in CAME_TO_NOTHING:
        return False
    return state in UNDER_WAY or (erase_time is not None and now < erase_time)


def kept_until(state: DriftState, undo_until: int | None, *ends: int | None) -> int | None:
    """Return until when a message of a drift is kept; None as long as nothing says so.

    `ends` are when the message, or what is private in the drift, is erased, as far as that is stored.
    """
    known = [time for time in ends if time is not None]
    if state in CAME_TO_NOTHING and undo_until is not None:
        known.append(undo_until + HIDDEN_FOR)
    return min(known, default=None)


def ensure_may_write(is_open: bool, is_other_there: bool, written: int) -> None:
    """Raise `ThreadClosed` if the thread is over or the other side has left, `ThreadFull` if enough is written."""
    if not is_open or not is_other_there:
        raise ThreadClosed(has_left=not is_other_there)
    if written >= MOST_MESSAGES:
        raise ThreadFull(MOST_MESSAGES)
