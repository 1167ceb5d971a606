"""What a circle is: its door, its rules, its members; and how long what is said of it may be."""

from enum import StrEnum

LONGEST_SLUG = 40
LONGEST_NAME = 40
LONGEST_ABOUT = 500
LONGEST_ANNOUNCEMENT = 500
LONGEST_REQUEST = 200
"""Most characters of the words with which a reader asks to be let in."""
LONGEST_DOMAIN = 100
"""Most characters of the part of a mail address after the @."""


class Door(StrEnum):
    """How readers get in; the order is the one of forms."""

    OPEN = "open"
    """Whoever wants to."""
    ASK = "ask"
    """Whoever is let in by a steward."""
    LINK = "link"
    """Whoever has an invitation, or a mail address of the circle's domain."""
    CLOSED = "closed"
    """Nobody more."""


class CircleState(StrEnum):
    """Whether a circle goes on."""

    ALIVE = "alive"
    ENDED = "ended"


class CircleNews(StrEnum):
    """What is mailed about a circle, and told in notices."""

    REQUEST = "request"
    """Somebody asks to be let in."""
    LET_IN = "let_in"
    TURNED_AWAY = "turned_away"
    EXCLUDED = "excluded"
    SUCCESSION = "succession"
    """The circle has no steward any more, and this member is asked to be it."""
    STEWARD = "steward"
    """The reader looks after the circle now."""

    @property
    def notice(self) -> str:
        """Return the kind of the notice about it."""
        return f"circle_{self}"


class MemberRole(StrEnum):
    """What a member does in a circle."""

    MEMBER = "member"
    STEWARD = "steward"


class MemberState(StrEnum):
    """How a reader stands to a circle."""

    ASKED = "asked"
    """Waits to be let in."""
    IN = "in"
    LEFT = "left"
    OUT = "out"
    """Was turned away or excluded."""
