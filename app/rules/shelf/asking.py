"""Whether a reader is asked for a private copy that somebody waits for, and how often. All times are Unix seconds."""

from __future__ import annotations

from enum import StrEnum

from app.rules.clock import DAY
from app.rules.exchange.mails import MAIL_DELAY

SILENCE = 7 * DAY
"""How long one holder is waited for before the next one is asked for the same wish."""

MAIL_GAP = 7 * DAY
"""Time from one mail about private copies to the reader's next one."""

MOST_A_WEEK = 5
"""Copies for which a reader is asked within seven days."""

READ_FIRST = 30 * DAY
"""How long nobody is asked for a copy that has come from another reader."""


class Answer(StrEnum):
    """What a holder has said about a copy."""

    NONE = ""
    NO = "no"
    LISTED = "listed"


def mail_time(last: int | None, now: int) -> int:
    """Return when the mail about a question of ``now`` is sent.

    A mail that is planned tells of it, too; otherwise it is sent as soon as it is seven days since the last one.

    ``last``: when the reader's last such mail was sent, or will be; None if there was none.
    """
    soon = now + MAIL_DELAY
    if last is None:
        return soon
    return last if last > now else max(soon, last + MAIL_GAP)
