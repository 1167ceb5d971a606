"""Why something in a circle is refused. Times are in Unix seconds."""

from __future__ import annotations

from dataclasses import dataclass

from app.rules.refusal import Refusal


class CircleClosed(Refusal):
    """Nobody more gets into the circle."""

    status = 403


class CircleByInvitation(Refusal):
    """Only invited readers get into the circle."""

    status = 403


class CircleInvitationGone(Refusal):
    """The invitation never was one, or it is used up, taken back or too old, or its circle has ended."""

    status = 403


class NotBackByThemselves(Refusal):
    """Whoever was turned away or excluded comes back by a steward only."""

    status = 403


@dataclass(eq=False)
class AskedBefore(Refusal):
    """Whoever was turned away or excluded can ask again only after some days."""

    days: int


class MemberAlready(Refusal):
    """The reader is in the circle, or has left or was let in meanwhile."""


@dataclass(eq=False)
class TooManyCircles(Refusal):
    """A reader can be in so many circles, or wait before them."""

    most: int


@dataclass(eq=False)
class TooManyFounded(Refusal):
    """A reader can look after so many circles."""

    most: int


@dataclass(eq=False)
class TooManyCircleInvitations(Refusal):
    """One member can have so many open invitations to a circle."""

    most: int


class OnlyStewardsInvite(Refusal):
    """The stewards of the circle have kept inviting to themselves."""

    status = 403


class LastSteward(Refusal):
    """A circle with members needs a steward."""


class CircleFull(Refusal):
    """A circle holds no more members."""


class DomainNotYours(Refusal):
    """A steward opens a circle only to the domain of their own confirmed address."""

    status = 403


class PublicDomain(Refusal):
    """Anybody can get an address of this domain."""


class LinksNotYet(Refusal):
    """New readers cannot write links and phone numbers where many read them."""

    status = 403


@dataclass(eq=False)
class TooManyTitles(Refusal):
    """A reading list has so many titles."""

    most: int


class DayNotAhead(Refusal):
    """The day by which a title is wanted has passed."""


class DayTooFar(Refusal):
    """The day by which a title is wanted is years away."""
