"""When a mail of the exchange is sent, and when it is out of date."""

from __future__ import annotations

from app.rules.exchange.drift import DriftState, MailKind

MAIL_DELAY = 600
"""Seconds between a transition and its mail, in which the next transition can make the mail unnecessary."""

TELLS = {
    MailKind.ASKED: DriftState.WAITING,
    MailKind.ACCEPTED: DriftState.ACCEPTED,
    MailKind.WILL_MEET: DriftState.ACCEPTED,
    MailKind.MEETING_REMINDER: DriftState.ACCEPTED,
    MailKind.MET: DriftState.MAILED,
    MailKind.HANDED_OVER: DriftState.RECEIVED,
    MailKind.NOT_MET: DriftState.EXPIRED,
    MailKind.WILL_LEAVE: DriftState.ACCEPTED,
    MailKind.LEFT: DriftState.MAILED,
    MailKind.PLACE_REMINDER: DriftState.MAILED,
    MailKind.NO_ASKER: DriftState.NO_ASKER,
    MailKind.NO_GIVER: DriftState.NO_GIVER,
    MailKind.STILL_ON: DriftState.ACCEPTED,
    MailKind.NO_SHOW: DriftState.EXPIRED,
    MailKind.NOT_HEARD: DriftState.EXPIRED,
    MailKind.REJECTED: DriftState.REJECTED,
    MailKind.WITHDRAWN: DriftState.WITHDRAWN,
    MailKind.EXPIRED: DriftState.EXPIRED,
    MailKind.COPY_HIDDEN: DriftState.EXPIRED,
    MailKind.CANCELLED: DriftState.CANCELLED,
    MailKind.ADDRESS_CHANGED: DriftState.ACCEPTED,
    MailKind.MAILED: DriftState.MAILED,
    MailKind.REMINDER: DriftState.MAILED,
    MailKind.RECEIVED: DriftState.RECEIVED,
    MailKind.ARRIVED: DriftState.RECEIVED,
    MailKind.ASSUMED_RECEIVED: DriftState.RECEIVED,
    MailKind.MISSING: DriftState.MISSING,
    MailKind.THANKED: DriftState.RECEIVED,
    MailKind.COMPLAINED: DriftState.RECEIVED,
    MailKind.BEAN_BACK: DriftState.RECEIVED,
    MailKind.DISAGREED: DriftState.RECEIVED,
    MailKind.COMPLAINT_PAID: DriftState.RECEIVED,
    MailKind.COMPLAINT_LEFT: DriftState.RECEIVED,
    MailKind.LENT: DriftState.LENT,
    MailKind.BORROWED: DriftState.LENT,
    MailKind.LOAN_ASKED: DriftState.WAITING,
    MailKind.LOAN_MAILED: DriftState.MAILED,
    MailKind.LOAN_MET: DriftState.MAILED,
    MailKind.LOAN_ARRIVED: DriftState.MAILED,
    MailKind.LOAN_REMINDER: DriftState.LENT,
    MailKind.LOAN_EXTENDED: DriftState.LENT,
    MailKind.LOAN_GIVEN_BACK: DriftState.GIVEN_BACK,
    MailKind.LOAN_NOT_BACK: DriftState.LENT,
    MailKind.LOAN_ENDED: DriftState.RETURNED,
    MailKind.LOAN_ASSUMED_BACK: DriftState.RETURNED,
    MailKind.LOAN_KEPT: DriftState.RECEIVED,
    MailKind.LOAN_NOT_RETURNED: DriftState.RECEIVED,
    MailKind.LOAN_LOST: DriftState.LOST,
    MailKind.LOAN_FORGIVEN: DriftState.LOST,
    MailKind.LENDER_LEFT: DriftState.RECEIVED,
    MailKind.LOAN_PASSED_ON: DriftState.RETURNED,
    MailKind.LOAN_WENT_ON: DriftState.LENT,
    MailKind.LOAN_TAKEN_ON: DriftState.LENT,
}
"""The state of a drift that a mail is about; in any other state the mail is out of date."""

OF_A_LOAN = {
    MailKind.ASKED: MailKind.LOAN_ASKED,
    MailKind.MAILED: MailKind.LOAN_MAILED,
    MailKind.MET: MailKind.LOAN_MET,
    MailKind.REMINDER: MailKind.LOAN_ARRIVED,
}
"""What is said instead if the book is lent."""


def is_overtaken(kind: MailKind, told_since: int | None, state: DriftState, since: int) -> bool:
    """Return whether the drift has left the state that a mail is about, even if it is in the same state again.

    ``told_since``: when the drift entered that state, in Unix seconds; None if the mail does not say so.
    """
    return TELLS[kind] is not state or (told_since is not None and told_since != since)


def was_never_told(since: int, now: int) -> bool:
    """Return whether what began at ``since`` ends before its mail was sent; times in Unix seconds.

    A reader who was never notified of the beginning is not notified of the end.
    """
    return now - since < MAIL_DELAY
