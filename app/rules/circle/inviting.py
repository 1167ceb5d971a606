"""Who invites into a circle, how many, and who looks after circles."""

from __future__ import annotations

from app.rules.circle.joining import Standing
from app.rules.circle.refusals import OnlyStewardsInvite, TooManyCircleInvitations, TooManyFounded

MOST_FOUNDED = 5
"""Circles that one reader looks after."""
MOST_OPEN = 3
"""Open invitations of one member to a circle."""
MOST_OPEN_OF_STEWARD = 20
MOST_USES = 10
"""Readers for whom one invitation of a member is."""
MOST_USES_OF_STEWARD = 500
INVITATION_DAYS = 30
"""Days for which an invitation works."""
POSTER_DAYS = 180
"""The same for one of a steward, which may hang on a wall."""


def ensure_may_found(looked_after: int) -> None:
    """Raise `TooManyFounded` if a reader looks after enough circles already."""
    if looked_after >= MOST_FOUNDED:
        raise TooManyFounded(MOST_FOUNDED)


def ensure_may_invite(standing: Standing, members_invite: bool, is_open: int) -> None:
    """Raise `OnlyStewardsInvite` or `TooManyCircleInvitations` unless a member may make one more invitation."""
    if not standing.is_steward and not members_invite:
        raise OnlyStewardsInvite()
    most = MOST_OPEN_OF_STEWARD if standing.is_steward else MOST_OPEN
    if is_open >= most:
        raise TooManyCircleInvitations(most)


def most_uses(standing: Standing) -> int:
    """Return for how many readers one invitation can be."""
    return MOST_USES_OF_STEWARD if standing.is_steward else MOST_USES


def days_of(standing: Standing) -> int:
    """Return for how many days an invitation works."""
    return POSTER_DAYS if standing.is_steward else INVITATION_DAYS
