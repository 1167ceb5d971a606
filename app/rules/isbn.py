"""ISBN: read what people type, check the digit, convert and hyphenate.

Source of the rules: ISO 2108 and the International ISBN Agency's registration ranges, as kept by
python-stdnum.
"""

import re
import unicodedata

from stdnum import isbn as stdnum_isbn
from stdnum.exceptions import ValidationError

# Hyphens, dashes and blanks that people and PDF files put between the groups.
SEPARATORS = re.compile(r"[\s\-\u00ad\u2010-\u2015\u2212\u200b-\u200f\u2060\ufeff.·]+")
PREFIX = re.compile(r"^(?:urn:)?isbn(?:-?1[03])?[:\s]*", re.IGNORECASE)
# 979-0 is printed music (ISMN).
PLAIN = re.compile(r"97(?:8[0-9]|9[1-9])[0-9]{9}")
SHAPE = re.compile(r"^(?:978|979(?!0))?[0-9]{9}[0-9X]$")


def _bare(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).strip()
    return SEPARATORS.sub("", PREFIX.sub("", folded)).upper()


def is_isbn_like(text: str) -> bool:
    """Tell whether the text has the shape of an ISBN, whatever its check digit."""
    return SHAPE.match(_bare(text)) is not None


def parse(text: str) -> str | None:
    """Return the 13 digits of the ISBN in `text`, or None if it is not a valid one.

    Takes ISBN-10 and ISBN-13, any hyphens and blanks, full-width digits, an `ISBN` prefix and a
    lower-case x.
    """
    if PLAIN.fullmatch(text):
        # The usual form, and imports bring millions of them. Weights of ISO 2108: 1, 3, 1, 3 …; that each
        # ASCII digit is 48 more than its value makes a multiple of ten: 48 * (7 + 3 * 6) = 1200.
        digits = text.encode()
        return text if (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0 else None
    bare = _bare(text)
    if not SHAPE.match(bare):
        return None
    try:
        return stdnum_isbn.to_isbn13(stdnum_isbn.validate(bare))
    except ValidationError:
        return None


def to_isbn10(isbn: str) -> str | None:
    """Return the ten-digit form of a 13-digit ISBN; None for 979 numbers, which have none."""
    if not isbn.startswith("978"):
        return None
    return stdnum_isbn.to_isbn10(isbn)


def hyphenate(isbn: str) -> str:
    """Return a 13-digit ISBN with hyphens between its groups, as printed on books."""
    return stdnum_isbn.format(isbn)
