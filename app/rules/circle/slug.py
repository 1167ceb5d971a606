"""What stands for a circle in addresses, made of its name."""

import re
import unicodedata

from app.rules.circle.circle import LONGEST_SLUG

RESERVED = frozenset(
    {"new", "join", "steward", "members", "feed", "edit", "circles", "circle", "desk", "all", "mine", "admin"}
)
"""Words that mean something else in addresses, or could be taken for a page of the site."""
NAMELESS = "circle"
ROOM_FOR_NUMBER = 6
_GAPS = re.compile(r"[^a-z0-9]+")


def slug_of(name: str) -> str:
    """Return the slug for a name whose Chinese characters are replaced by their syllables, with blanks between them.

    Other scripts are left out; a name of nothing else gets a word for any circle.
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _GAPS.sub("-", letters).strip("-")[: LONGEST_SLUG - ROOM_FOR_NUMBER].strip("-") or NAMELESS


def is_reserved(slug: str) -> bool:
    """Return whether no circle can have this slug."""
    return slug in RESERVED
