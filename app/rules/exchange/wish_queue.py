"""Who is offered a copy first: the reader who has waited longest and may ask now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.rules.exchange.asking import AskerFacts, find_asker_refusal
from app.rules.exchange.refusals import (
    EditionNotWanted,
    OfferedBefore,
    OfferedToday,
    OwnWish,
    WisherMayNotAsk,
    WishGone,
    WishHasAnOffer,
)
from app.rules.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Wisher:
    """One wish for a book; ``since`` is in Unix seconds."""

    wish_id: int
    reader_id: int
    since: int
    facts: AskerFacts
    is_open: bool = True
    has_offer: bool = False
    """Another copy is on offer for this wish."""
    had_this_copy: bool = False
    """This copy was offered to this reader before, for this wish or an earlier one."""
    had_one_today: bool = False
    """A copy of the work and of the same giver was offered to this reader within the last day."""
    asked_lately: bool = False
    """The reader's last request for this copy ended lately, so that the reader cannot ask for it again yet."""
    is_getting_one: bool = False
    """A copy that grants the wish is already on its way to this reader."""
    is_free: bool = False
    """The copy costs the reader no bean."""
    refused_edition: bool = False
    """The reader was offered a copy of this edition for the wish, and waits for another."""

    @property
    def has_to_rest(self) -> bool:
        """Return whether time alone may make the copy one for this reader."""
        return self.had_one_today or self.asked_lately


def find_offer_refusal(wisher: Wisher, giver_id: int) -> Refusal | None:
    """Return why a copy of ``giver_id`` cannot be offered for a wish, or None if it can."""
    if wisher.reader_id == giver_id:
        return OwnWish()
    if not wisher.is_open:
        return WishGone()
    if wisher.has_offer:
        return WishHasAnOffer()
    if wisher.had_this_copy:
        return OfferedBefore()
    if wisher.refused_edition:
        return EditionNotWanted()
    if wisher.had_one_today:
        return OfferedToday()
    if (
        wisher.facts.is_away
        or wisher.asked_lately
        or wisher.is_getting_one
        or find_asker_refusal(wisher.facts, is_free=wisher.is_free) is not None
    ):
        return WisherMayNotAsk()
    return None


def find_next(wishers: Iterable[Wisher], giver_id: int) -> Wisher | None:
    """Return the longest-waiting reader to whom the copy can be offered, or None.

    Readers who are passed over keep their place for the next copy.
    """
    able = (wisher for wisher in wishers if find_offer_refusal(wisher, giver_id) is None)
    return min(able, key=lambda wisher: (wisher.since, wisher.wish_id), default=None)
