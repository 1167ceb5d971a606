"""The code that the asker of a book shows and the giver enters when they meet; it proves the hand-over to the site."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from app.rules.clock import HOUR
from app.rules.exchange.refusals import CodeRests, WrongHandOverCode
from app.rules.text import fold_width

DIGITS = 6
MOST_WRONG_TRIES = 5
"""Wrong codes after which no code is accepted for a while."""
REST = HOUR
"""Seconds of that while."""


@dataclass(frozen=True, slots=True)
class Tries:
    """How often a wrong code was entered since the last rest, and until when codes rest, in Unix seconds."""

    wrong: int
    rest_until: int | None

    def after_a_wrong_one(self, now: int) -> Tries:
        """Return the tries after one more wrong code."""
        wrong = self.wrong + 1
        return Tries(0, now + REST) if wrong >= MOST_WRONG_TRIES else Tries(wrong, None)


def new_code() -> str:
    """Return a random code."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def is_same(typed: str, code: str) -> bool:
    """Return whether what was typed, in digits of any width and with blanks or hyphens between them, is the code."""
    digits = fold_width(typed).replace(" ", "").replace("-", "")
    return secrets.compare_digest(digits.encode(), code.encode())


def ensure_may_try(tries: Tries, now: int) -> None:
    """Raise `CodeRests` after too many wrong codes."""
    if tries.rest_until is not None and now < tries.rest_until:
        raise CodeRests(tries.rest_until)


def refusal_of(tries: Tries) -> WrongHandOverCode | CodeRests:
    """Return what is said after a wrong code, of which these are the tries."""
    if tries.rest_until is not None:
        return CodeRests(tries.rest_until)
    return WrongHandOverCode(MOST_WRONG_TRIES - tries.wrong)
