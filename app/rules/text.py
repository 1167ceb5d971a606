"""Cleaning the texts that readers type, and folding them for comparison.

Texts are cut before they are normalised, because Unicode composition takes time that grows with the square of the
combining marks on one letter, and one character can become eighteen.
"""

import re
import unicodedata

LONGEST_TEXT = 4_000
"""Characters that are processed; more than any field allows, so that a text that was cut is refused as too long."""
_BLANK_LINES = re.compile(r"\n{3,}")


def as_typed(text: str | None) -> str:
    """Return a text as one line: composed (NFC), without control characters, with single spaces."""
    composed = unicodedata.normalize("NFC", (text or "")[:LONGEST_TEXT])
    return " ".join("".join(c if c.isprintable() else " " for c in composed).split())


def as_typed_lines(text: str | None) -> str:
    """Return a text with its lines, cleaned in the same way; at most one empty line in a row."""
    lines = [as_typed(line) for line in (text or "")[:LONGEST_TEXT].splitlines()]
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def as_pasted(text: str | None) -> str:
    """Return a text of any length with its lines and tabs, and without other control characters."""
    return "".join(c if c.isprintable() or c in "\t\r\n" else " " for c in text or "")


def fold_width(text: str | None) -> str:
    """Return a text as one line for comparing and searching: NFKC, so that full-width characters equal plain ones."""
    return as_typed(unicodedata.normalize("NFKC", (text or "")[:LONGEST_TEXT]))
