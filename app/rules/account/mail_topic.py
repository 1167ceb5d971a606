"""The kinds of mail that a reader can turn off; mails about the account itself cannot be turned off."""

from enum import StrEnum


class MailTopic(StrEnum):
    """A kind of mail."""

    DRIFT = "drift"
    """Somebody asked, accepted, mailed, received …"""
    REMINDER = "reminder"
    """A deadline is near."""
    OFFER = "offer"
    """A copy of a wished book is kept for the reader."""
