"""Meeting in person: what the asker proposes, encrypted in the row like an address."""

import json
from dataclasses import dataclass

from app.models.encrypted import seal
from app.rules.exchange.drift import Way
from app.services.delivery.postal_address import PostalAddress, find_text, seal_address


@dataclass(frozen=True)
class Meeting:
    """When and where the asker could come to get the book."""

    proposals: tuple[str, ...]


Delivery = PostalAddress | Meeting
"""What an asker says about how the book gets to them; the way follows from it."""


def way_of(delivery: Delivery) -> Way:
    """Return the way in which the book gets to the asker."""
    return Way.POST if isinstance(delivery, PostalAddress) else Way.MEET


def sealed_delivery(delivery: Delivery) -> dict[str, str]:
    """Return the column of a drift in which it is stored, encrypted."""
    if isinstance(delivery, PostalAddress):
        return {"address": seal_address(delivery)}
    return {"proposals": seal(json.dumps(delivery.proposals, ensure_ascii=False))}


def unseal_proposals(sealed: str | None) -> tuple[str, ...]:
    """Decrypt what an asker proposed; empty if it is erased or no key decrypts it."""
    return tuple(json.loads(find_text(sealed) or "[]"))
