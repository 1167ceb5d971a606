"""The basket: the books that a reader brings along, until the reader has said what becomes of each."""

from enum import StrEnum

from app.rules.shelf.refusals import BasketFull

MOST_LINES = 2_000
"""Most lines in the basket of one reader."""


class LineState(StrEnum):
    """What is known of the book of a line."""

    FOUND = "found"
    LOOKING = "looking"
    """The catalogues outside have still to be asked."""
    SEVERAL = "several"
    """More than one book may be meant; the reader chooses."""
    UNKNOWN = "unknown"
    WRONG = "wrong"
    """The line names no book, so that there is nothing to look for."""


class Plan(StrEnum):
    """What becomes of a line when the basket is sent."""

    OPEN = ""
    """What becomes of all lines for which nothing else is chosen."""
    LEAVE = "leave"
    """Nothing: it stays in the basket."""
    LIST = "list"
    PRIVATE = "private"
    WISH = "wish"
    DROP = "drop"
    """It goes out of the basket."""


NEEDS_BOOK = frozenset({Plan.LIST, Plan.PRIVATE, Plan.WISH})


class Done(StrEnum):
    """What a reader has done with a row that they brought."""

    NOT_YET = ""
    LIST = "list"
    PRIVATE = "private"
    WISH = "wish"
    DROP = "drop"
    HAD = "had"
    """It was on their shelf or their wish list before."""


class Missing(StrEnum):
    """Why the book of a line with a right number or a title is not found."""

    NOT_KNOWN = "not_known"
    """Every catalogue has answered, and none knows it."""
    NO_ANSWER = "no_answer"
    """A catalogue did not answer, however often it was asked."""


def ensure_room(lines: int, more: int) -> None:
    """Raise `BasketFull` if a basket with so many lines cannot take as many more."""
    if more and lines + more > MOST_LINES:
        raise BasketFull(MOST_LINES, lines)
