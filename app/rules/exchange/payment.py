"""When the giver of a book that has arrived is paid: at once, some days later, or when its asker has given a book too.

Both delays hinder one person with several accounts, who could otherwise pass beans between them within seconds.
"""

from __future__ import annotations

from app.rules.clock import DAY
from app.rules.exchange.drift import Way
from app.rules.exchange.undo import UNDO_WINDOW

HASTE = DAY
"""Seconds after mailing in which hardly any book arrives by post, and after asking in which few readers meet."""

DELAY = 3 * DAY
"""Seconds after such an arrival until its giver is paid."""

NEXT_LOOK = DAY
"""Seconds after which a payment that waits for the asker to give a book is checked again."""


def is_hasty(way: Way, asked: int, mailed: int, received: int) -> bool:
    """Return whether a book changed hands so soon that its giver is paid later; times in Unix seconds.

    A book that is handed over in person, or fetched from a place nearby, is on its way for hardly any time, so what
    counts is the time since it was asked for.
    """
    return received - (mailed if way is Way.POST else asked) < HASTE


def pay_time(way: Way, asked: int, mailed: int, received: int) -> int:
    """Return when a giver is paid whose asker says that the book is there; all times in Unix seconds."""
    return received + (DELAY if is_hasty(way, asked, mailed, received) else UNDO_WINDOW)


def waits_for_a_gift(has_given: bool, paid_before: bool) -> bool:
    """Return whether a payment waits until the asker has given a book.

    A giver is paid for one request of a reader who has never given a book; ``paid_before``: this has happened.
    """
    return paid_before and not has_given


def is_put_off(received: int, pay_from: int) -> bool:
    """Return whether a payment was due and now waits for the asker to give a book; times in Unix seconds."""
    return pay_from not in (received + DELAY, received + UNDO_WINDOW)
