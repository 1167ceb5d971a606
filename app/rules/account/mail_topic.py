"""The kinds of mail, and how often a reader wants each; mails about the account itself cannot be turned off."""

from collections.abc import Mapping
from enum import StrEnum

from app.rules.exchange.drift import MailKind


class MailTopic(StrEnum):
    """A kind of mail."""

    TURN = "turn"
    """Somebody waits for the reader: for an answer, at a meeting, or in a message."""
    REMINDER = "reminder"
    """A deadline is near."""
    OFFER = "offer"
    """A copy of a wished book is kept for the reader."""
    WANTED = "wanted"
    """Somebody waits for a copy that the reader keeps private; at most one such mail a week."""
    DRIFT = "drift"
    """What else happens: somebody accepted, mailed, received …"""
    CIRCLE = "circle"
    """Which wishes of members could be granted today, once a week, for who looks after a circle."""
    DIGEST = "digest"
    """The summary of what is not mailed at once; its link turns off all kinds that it tells of."""


class Pace(StrEnum):
    """How often a reader wants mails of a kind."""

    NOW = "now"
    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"


DEFAULT_PACES = {
    MailTopic.TURN: Pace.NOW,
    MailTopic.REMINDER: Pace.NOW,
    MailTopic.OFFER: Pace.NOW,
    MailTopic.WANTED: Pace.NOW,
    MailTopic.DRIFT: Pace.WEEKLY,
    MailTopic.CIRCLE: Pace.NOW,
}
"""What a reader gets who has chosen nothing."""

_TOPICS = {
    MailTopic.REMINDER: (MailKind.REMINDER, MailKind.MEETING_REMINDER, MailKind.PLACE_REMINDER, MailKind.LOAN_REMINDER),
    MailTopic.OFFER: (MailKind.OFFERED,),
    MailTopic.WANTED: (MailKind.WANTED,),
    MailTopic.TURN: (
        *(MailKind.ASKED, MailKind.WILL_MEET, MailKind.MET, MailKind.LEFT, MailKind.NO_ASKER, MailKind.NO_GIVER),
        *(MailKind.STILL_ON, MailKind.ADDRESS_CHANGED, MailKind.WRITTEN, MailKind.COMPLAINED),
        *(MailKind.LOAN_GIVEN_BACK, MailKind.LOAN_NOT_BACK),
    ),
}
TOPIC_OF = {kind: topic for topic, kinds in _TOPICS.items() for kind in kinds}


def topic_of(kind: str) -> MailTopic:
    """Return the topic of a mail of the exchange."""
    return TOPIC_OF.get(MailKind(kind), MailTopic.DRIFT)


def paces_of(topic: MailTopic) -> list[Pace]:
    """Return how often a reader can want mails of a kind.

    Those about private copies never come each day; the one to stewards comes once a week by itself, or not at all.
    """
    if topic is MailTopic.CIRCLE:
        return [Pace.NOW, Pace.OFF]
    return [pace for pace in Pace if not (topic is MailTopic.WANTED and pace is Pace.DAILY)]


def read_paces(words: str) -> dict[MailTopic, Pace]:
    """Return how often each kind is wanted, from words such as `turn:daily`; those not named have the default."""
    chosen = (word.partition(":") for word in words.split())
    return DEFAULT_PACES | {MailTopic(topic): Pace(pace) for topic, _, pace in chosen}


def write_paces(paces: Mapping[MailTopic, Pace]) -> str:
    """Return the words for what differs from the default."""
    return " ".join(f"{topic}:{pace}" for topic, pace in sorted(paces.items()) if DEFAULT_PACES[topic] is not pace)


def turn_off(paces: Mapping[MailTopic, Pace], topic: MailTopic) -> dict[MailTopic, Pace]:
    """Return the paces without mails of one kind; for the summary, without all that it tells of."""
    told = {one for one in paces if paces[one] in (Pace.DAILY, Pace.WEEKLY)} if topic is MailTopic.DIGEST else {topic}
    return {**paces, **dict.fromkeys(told, Pace.OFF)}
