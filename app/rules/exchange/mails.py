"""When a letter of the exchange goes, and which are overtaken by what has happened since."""

from __future__ import annotations

from app.rules.exchange.drift import DriftState, MailKind

MAIL_DELAY = 600
"""Seconds between a step and its letter, in which the step may be overtaken by the next one."""

TELLS = {
    MailKind.ASKED: DriftState.WAITING,
    MailKind.ACCEPTED: DriftState.ACCEPTED,
    MailKind.REJECTED: DriftState.REJECTED,
    MailKind.WITHDRAWN: DriftState.WITHDRAWN,
    MailKind.EXPIRED: DriftState.EXPIRED,
    MailKind.COPY_HIDDEN: DriftState.EXPIRED,
    MailKind.MAILED: DriftState.MAILED,
    MailKind.REMINDER: DriftState.MAILED,
    MailKind.RECEIVED: DriftState.RECEIVED,
    MailKind.ARRIVED: DriftState.RECEIVED,
    MailKind.ASSUMED_RECEIVED: DriftState.RECEIVED,
    MailKind.MISSING: DriftState.MISSING,
}
"""The state of a drift that a letter tells of; in another one it has nothing to say any more."""


def is_overtaken(kind: MailKind, state: DriftState) -> bool:
    """Tell whether the drift that a letter tells of has moved on."""
    return TELLS[kind] is not state


def was_never_told(since: int, now: int) -> bool:
    """Tell whether what began at ``since`` ends so early that its letter has not gone; times in Unix seconds.

    Who was never told that it began is not told that it ended.
    """
    return now - since < MAIL_DELAY
