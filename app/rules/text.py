"""What is kept of a text that a reader types, and what is compared of it.

Everything is cut before it is normalised: Unicode's composing takes time that grows with the square of the marks behind
one letter, and one character can become eighteen.
"""

import re
import unicodedata

LONGEST_TEXT = 4_000
"""Characters that are looked at; more than any field takes, so that what is cut is refused as too long."""
_BLANK_LINES = re.compile(r"\n{3,}")


def as_typed(text: str | None) -> str:
    """Return one line as it was typed: composed (NFC), without control characters, with single blanks."""
    composed = unicodedata.normalize("NFC", (text or "")[:LONGEST_TEXT])
    return " ".join("".join(c if c.isprintable() else " " for c in composed).split())


def as_typed_lines(text: str | None) -> str:
    """Return several lines as they were typed; at most one of them is empty between two others."""
    lines = [as_typed(line) for line in (text or "")[:LONGEST_TEXT].splitlines()]
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def fold_width(text: str | None) -> str:
    """Return one line for comparing and searching: NFKC, so that full-width signs are like the others."""
    return as_typed(unicodedata.normalize("NFKC", (text or "")[:LONGEST_TEXT]))
