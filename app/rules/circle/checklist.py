"""From which numbers on what works in a circle: what its stewards see on their checklist."""

from enum import StrEnum
from typing import NamedTuple


class Item(StrEnum):
    """What is counted."""

    READERS = "readers"
    COPIES = "copies"
    WISHES = "wishes"


TARGETS = {Item.READERS: 30, Item.COPIES: 300, Item.WISHES: 50}
"""From here on a circle lives by itself: in models of communities, 30 readers with 20 copies each serve
more wishes than 60 with 10, so that shelves count for more than heads."""


class Line(NamedTuple):
    """A line of the checklist."""

    item: Item
    there: int
    target: int

    @property
    def is_done(self) -> bool:
        """Return whether there are enough."""
        return self.there >= self.target


def checklist(readers: int, copies: int, wishes: int) -> list[Line]:
    """Return the lines, in their order."""
    counts = {Item.READERS: readers, Item.COPIES: copies, Item.WISHES: wishes}
    return [Line(item, counts[item], target) for item, target in TARGETS.items()]
