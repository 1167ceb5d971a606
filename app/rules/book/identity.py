"""What makes two books without an ISBN one: the same title, subtitle, authors and year."""

import json
import unicodedata
from collections.abc import Sequence
from hashlib import blake2b

from rapidfuzz import fuzz

from app.rules.book.normalise import normalise

ALIKE = 70
"""Per cent of the letters of two titles that agree when they may be of one book."""


def identity_of(title: str, subtitle: str, authors: Sequence[str], year: int | None) -> str:
    """Return 32 characters that are equal for books with the same title, subtitle, authors and year.

    Case, width and blanks make no difference; signs do, as in "C" and "C++". Stored, so it must never change.
    """
    parts = [_folded(title), _folded(subtitle), [_folded(name) for name in authors], year]
    return blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def may_be_same_title(title: str, other: str) -> bool:
    """Return whether two titles may be of one book: one is a part of the other, or most of their letters agree."""
    one, two = normalise(title), normalise(other)
    return one in two or two in one or fuzz.ratio(one, two) >= ALIKE
