"""When the beans are earned that a newcomer gets for giving: for the first request, and for the first book.

Both need a reader who is somebody else than the giver under another name, so that accounts cannot earn beans by dealing
with each other. Nothing is taken back when such a request comes to nothing: the giver may have spent the bean, and an
asker must not be able to take it away.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.rules.bean.economy import IN_FORCE, Economy


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRequest:
    """What decides whether a request brings its giver the bean for the first one."""

    giver_confirmed: bool
    """The giver got the bean for confirming; nobody gets it who has closed an account with the same mailbox."""
    giver_rewarded: bool
    """The giver has had the bean for a first request."""
    have_dealt: bool
    """The two have dealt with each other before, or tried to."""
    has_finished: bool
    """The asker has finished an exchange."""
    confirmed_at: int | None
    """When the asker confirmed the address, in Unix seconds."""
    has_brought_one: bool
    """A request of the asker has brought a giver the bean before."""


def earns_for_request(request: FirstRequest, now: int, economy: Economy = IN_FORCE) -> bool:
    """Return whether a request brings its giver the bean; `now` is in Unix seconds.

    An asker who has finished no exchange brings it to one giver, and only some days after confirming.
    """
    if not request.giver_confirmed or request.giver_rewarded or request.have_dealt:
        return False
    if request.has_finished:
        return True
    is_known = request.confirmed_at is not None and now - request.confirmed_at >= economy.known_after
    return is_known and not request.has_brought_one
