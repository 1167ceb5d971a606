"""Whom a reader may block."""

from __future__ import annotations

from dataclasses import dataclass

from app.rules.refusal import Refusal

MOST_BLOCKED = 200
"""Most readers whom one reader blocks; who is pestered by more needs the people who run the site."""


class OwnAccount(Refusal):
    """A reader wants to block themselves."""


@dataclass(eq=False)
class TooManyBlocked(Refusal):
    """A reader has blocked as many as possible."""

    most: int


def ensure_may_block(reader_id: int, other_id: int, blocked: int) -> None:
    """Raise `OwnAccount`, or `TooManyBlocked` if the reader has blocked as many as possible."""
    if reader_id == other_id:
        raise OwnAccount()
    if blocked >= MOST_BLOCKED:
        raise TooManyBlocked(MOST_BLOCKED)
