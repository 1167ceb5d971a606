"""Texts that look alike (Unicode UTS 39, section 4), and characters that are invisible."""

import re
import unicodedata
from functools import cache

# Default_Ignorable_Code_Point (UAX 44, DerivedCoreProperties.txt of Unicode 16).
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)


def drop_unseen(text: str) -> str:
    """Return the text without its invisible characters."""
    return _UNSEEN.sub("", text)


def look_of(text: str) -> str:
    """Return the skeleton shared by all texts that look alike in upper or lower case; for comparison only."""
    return unicodedata.normalize("NFC", _skeleton(_skeleton(text.upper()).casefold()))


def _skeleton(text: str) -> str:
    apart = unicodedata.normalize("NFD", drop_unseen(text))
    return unicodedata.normalize("NFD", apart.translate(_prototypes()))


@cache
def _prototypes() -> dict[int, str]:
    """Return the prototype of each confusable character, from the library's copy of confusables.txt."""
    from confusable_homoglyphs.utils import load  # takes 100 ms with the loop below: only where a name is folded

    pairs: dict[str, list[str]] = {}
    for one, others in load("confusables.json").items():
        # In the Unicode file, right-to-left letters are wrapped in direction marks.
        pairs[one.strip("\u200e")] = [other["c"].strip("\u200e") for other in others]
    return {ord(one): _prototype(one, pairs) for one in pairs if len(one) == 1}


def _prototype(one: str, pairs: dict[str, list[str]]) -> str:
    """Return the prototype of `one`. Pairs are listed both ways; only a prototype has several, or is a string."""
    return max([one, *pairs[one]], key=lambda other: (len(pairs[other]), len(other), other))
