"""Which of two lists of people is the better one: a longer one may only be one that was taken apart."""

import re
import unicodedata
from collections.abc import Sequence

_FAULT = re.compile(
    r"\d{3,4}|\ufffd|[\[\]](?!\s)|[^\W\d_]{3,}\.(?:\s|$)|^(?:edited|translated|by|with)\b|\b(?:by|translated)\]?\s|[;/]|"
    r"\s(?:&|and)\s",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(r"^[^\W\d_][\w.'’-]*(?:\s[^\W\d_]\.)+$")
"""`Ursula K.`: a given name whose surname stands apart."""


def is_better(names: Sequence[str], stored: Sequence[str]) -> bool:
    """Return whether the names are those stored with fewer faults, or with further people and no more faults."""
    faults, stored_faults = count_faults(names), count_faults(stored)
    words, stored_words = _words(names), _words(stored)
    if faults < stored_faults:
        return stored_words <= words or words <= stored_words
    return faults == stored_faults and len(names) > len(stored) and stored_words < words


def count_faults(names: Sequence[str]) -> int:
    """Count what is no name in a list of names: dates, stops, role words, halves of a name."""
    faults = sum(bool(_FAULT.search(name.partition("] ")[2] or name)) for name in names)
    return faults + sum(bool(_FRAGMENT.match(name)) for name in names if len(names) > 1)


def _words(names: Sequence[str]) -> set[str]:
    text = unicodedata.normalize("NFKD", " ".join(names)).casefold()
    return set(re.findall(r"[^\W\d_]{2,}", "".join(c for c in text if not unicodedata.combining(c))))
