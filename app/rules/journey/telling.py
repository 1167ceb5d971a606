"""What a copy's journey says, and who may say it. Times are in Unix seconds."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from app.rules.exchange.nearness import near
from app.rules.moderation.hold import NEW_FOR, find_contact
from app.rules.refusal import Refusal

LONGEST_LINE = 200
LONGEST_PLACE = 100
"""Most characters of where a copy is left."""
MOST_LABELS = 240
"""Most labels that are printed at once: ten sheets."""
BLANK_A_DAY = 96
"""Most marks without a copy that one reader gets within a day: four sheets."""
MOST_WAITING = 5
"""Most lines about one copy that wait to be looked at; further ones of strangers are refused."""


class LineState(StrEnum):
    """How far a line on a copy's page has come."""

    HELD = "held"
    """Nobody has looked at it yet."""
    SHOWN = "shown"
    HIDDEN = "hidden"
    """The holder of the copy does not want it."""


class MarkUsed(Refusal):
    """The label is on another copy already, or the copy has another label."""


class TooManyBlankMarks(Refusal):
    """The reader has got as many marks without a copy within a day as is possible."""


class NotFreeAnyMore(Refusal):
    """Somebody else has found the copy, or who left it has taken it back."""


class CopyIsListed(Refusal):
    """A copy that is on offer or promised cannot be left somewhere."""


class TooManyLinesWait(Refusal):
    """So many lines about this copy wait that one more has to be written later."""


class NotTheHolder(Refusal):
    """Only who holds the copy, or looks after the site, decides about lines on its page."""

    status = 403


def month_of(time: int) -> str:
    """Return the month of a time, as `2027-01`: the finest that a journey tells."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m")


def area_to_tell(area: str | None) -> str | None:
    """Return what a station tells of an area: the city at most, and nothing finer."""
    return near(area) if area else None


def first_state(words: str, is_confirmed: bool, registered: int | None, now: int) -> LineState:
    """Return whether a line is shown at once: that of a reader who is here for longer, if it leads nowhere else.

    `registered` is None for somebody without an account.
    """
    is_known = is_confirmed and registered is not None and now - registered > NEW_FOR
    return LineState.SHOWN if is_known and find_contact(words) is None else LineState.HELD


def ensure_room_for_line(state: LineState, waiting: int) -> None:
    """Raise `TooManyLinesWait` if a line has to wait, and so many about the copy wait already."""
    if state is LineState.HELD and waiting >= MOST_WAITING:
        raise TooManyLinesWait()


def ensure_may_print_blank(made_today: int, wanted: int) -> None:
    """Raise `TooManyBlankMarks` if a reader who got so many marks today wants too many more."""
    if made_today + wanted > BLANK_A_DAY:
        raise TooManyBlankMarks()
