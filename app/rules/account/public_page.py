"""What a reader's public page shows besides name and facts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LONGEST_ABOUT = 200
"""Most characters of what a reader says of themselves."""


class Part(StrEnum):
    """A part of the page that is shown only if its reader says so; the order is the one of the page."""

    SHELF = "shelf"
    WISHES = "wishes"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class PublicPage:
    """What a reader says of themselves, and which parts are shown."""

    about: str = ""
    parts: tuple[Part, ...] = (Part.SHELF, Part.WISHES)


DEFAULT_PARTS = " ".join(PublicPage().parts)


def read_parts(words: str) -> tuple[Part, ...]:
    """Return the parts that a stored text names."""
    named = words.split()
    return tuple(part for part in Part if part.value in named)
