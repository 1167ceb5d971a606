"""What an asker says about how the book gets to them; proposals are encrypted in the row like an address."""

import json
from dataclasses import dataclass

from app.models.encrypted import seal
from app.rules.exchange.drift import Way
from app.services.delivery.postal_address import PostalAddress, find_text, seal_address


@dataclass(frozen=True)
class Meeting:
    """When and where the asker could come to get the book."""

    proposals: tuple[str, ...]


@dataclass(frozen=True)
class AtPlace:
    """The meeting place from which the asker gets the book."""

    place_id: int


Delivery = PostalAddress | Meeting | AtPlace
"""What an asker says about how the book gets to them; the way follows from it."""
WAY_OF = {PostalAddress: Way.POST, Meeting: Way.MEET, AtPlace: Way.PLACE}


def way_of(delivery: Delivery) -> Way:
    """Return the way in which the book gets to the asker."""
    return WAY_OF[type(delivery)]


def delivery_columns(delivery: Delivery) -> dict[str, str | int]:
    """Return the column of a drift in which it is stored, encrypted unless it is a public place."""
    if isinstance(delivery, AtPlace):
        return {"place_id": delivery.place_id}
    if isinstance(delivery, PostalAddress):
        return {"address": seal_address(delivery)}
    return {"proposals": seal(json.dumps(delivery.proposals, ensure_ascii=False))}


def unseal_proposals(sealed: str | None) -> tuple[str, ...]:
    """Decrypt what an asker proposed; empty if it is erased or no key decrypts it."""
    return tuple(json.loads(find_text(sealed) or "[]"))
