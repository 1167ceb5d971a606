"""Who may ask for a copy.

A reader with a confirmed address and a bean may ask for an open copy of somebody else, as long as
they give one book for every two that they get (books under way count as got), and with few
requests under way at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.rules.beans import PRICE_OF_A_REQUEST
from app.rules.drift import CopyState
from app.rules.refusals import (
    AlreadyAsked,
    CopyAlreadyReserved,
    CopyKeptForAnother,
    CopyNotOpen,
    EmailNotConfirmed,
    GiveBeforeAskingAgain,
    NotEnoughBeans,
    OwnGift,
    Refusal,
    TooManyOpenRequests,
)

RECEIVED_PER_GIVEN = 2
"""Books that a reader may get for each one that they give."""

NEWCOMER_LIMIT = 1
"""Requests under way at a time until the first finished exchange."""

OPEN_LIMIT = 3
"""Requests under way at a time after that."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts about a reader who asks: numbers of beans and of books."""

    confirmed: bool
    beans: int
    received: int = 0
    """Books that arrived."""
    under_way: int = 0
    """Own requests that are waiting, accepted or mailed."""
    given: int = 0
    """Books sent to others that arrived."""

    @property
    def limit(self) -> int:
        """Requests this reader may have under way at a time."""
        return NEWCOMER_LIMIT if self.is_newcomer else OPEN_LIMIT

    @property
    def is_newcomer(self) -> bool:
        """True until the first exchange, in either role, has ended well."""
        return self.received + self.given == 0


@dataclass(frozen=True, slots=True)
class Copy:
    """What counts about the copy asked for; ``offer_until`` is in Unix seconds."""

    giver_id: int
    state: CopyState
    offered_to: int | None = None
    offer_until: int | None = None
    asker_id: int | None = None
    """Who has asked for it, while it is reserved."""

    def is_kept_from(self, reader_id: int, now: int) -> bool:
        """Tell whether a personal offer to somebody else still runs."""
        return self.offered_to not in (None, reader_id) and self.offer_until is not None and now < self.offer_until


def find_standing_refusal(standing: Standing) -> Refusal | None:
    """Return why a reader may ask for no book at present, None if they may."""
    received = standing.received + standing.under_way
    if not standing.confirmed:
        return EmailNotConfirmed()
    if standing.under_way >= standing.limit:
        return TooManyOpenRequests(standing.limit, newcomer=standing.is_newcomer)
    if received // RECEIVED_PER_GIVEN > standing.given:
        return GiveBeforeAskingAgain(received, standing.given)
    if standing.beans < PRICE_OF_A_REQUEST:
        return NotEnoughBeans(standing.beans, PRICE_OF_A_REQUEST)
    return None


def find_copy_refusal(asker_id: int, copy: Copy, now: int) -> Refusal | None:
    """Return why this reader can not get this copy, None if they can. ``now``: Unix seconds."""
    if copy.giver_id == asker_id:
        return OwnGift()
    if copy.state is CopyState.RESERVED:
        return AlreadyAsked() if copy.asker_id == asker_id else CopyAlreadyReserved()
    if copy.state is not CopyState.OPEN:
        return CopyNotOpen(copy.state)
    if copy.is_kept_from(asker_id, now):
        return CopyKeptForAnother(copy.offer_until or now)
    return None


def find_refusal(asker_id: int, standing: Standing, copy: Copy, now: int) -> Refusal | None:
    """Return the first reason against this request, None if it may be made."""
    return find_copy_refusal(asker_id, copy, now) or find_standing_refusal(standing)


def ensure_may_ask(asker_id: int, standing: Standing, copy: Copy, now: int) -> None:
    """Raise the refusal that find_refusal returns, if any."""
    refusal = find_refusal(asker_id, standing, copy, now)
    if refusal is not None:
        raise refusal
