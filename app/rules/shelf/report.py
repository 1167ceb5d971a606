"""What became of a row of a list, in one word for the report."""

from enum import StrEnum

from app.rules.shelf.basket import Done, LineState, Plan


class Outcome(StrEnum):
    """What became of a row."""

    LISTED = "listed"
    KEPT = "kept"
    WISHED = "wished"
    DROPPED = "dropped"
    HAD = "had"
    """It was on the shelf or the wish list before."""
    LEFT = "left"
    """It is in the basket, with its book."""
    NOT_WANTED = "not_wanted"
    """The same, and the list says neither that the reader owns the book nor that they wish for it."""
    LOOKING = "looking"
    SEVERAL = "several"
    NOT_FOUND = "not_found"


_DONE = {
    Done.LIST: Outcome.LISTED,
    Done.PRIVATE: Outcome.KEPT,
    Done.WISH: Outcome.WISHED,
    Done.DROP: Outcome.DROPPED,
    Done.HAD: Outcome.HAD,
}
_STATES = {
    LineState.LOOKING: Outcome.LOOKING,
    LineState.SEVERAL: Outcome.SEVERAL,
    LineState.UNKNOWN: Outcome.NOT_FOUND,
    LineState.WRONG: Outcome.NOT_FOUND,
}


def outcome_of(done: Done, state: LineState | None, plan: Plan) -> Outcome:
    """Return what became of a row with which so much is done; `state` and `plan` are those of its line in the basket.

    There is no line of a row with which something is done.
    """
    if done:
        return _DONE[done]
    if state in _STATES:
        return _STATES[state]
    return Outcome.NOT_WANTED if plan is Plan.OPEN else Outcome.LEFT
