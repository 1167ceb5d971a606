"""ISBNs: parse what people type, verify the check digit, convert and hyphenate.

Source of the rules: ISO 2108 and the International ISBN Agency's registration ranges, as shipped with
python-stdnum.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from stdnum import isbn as stdnum_isbn
from stdnum.exceptions import ValidationError

LONG = 13
"""Digits; older numbers have ten."""
LONGEST_TEXT = 2000
"""Characters of a text that are searched; even the longest links contain their number within these."""

# Hyphens, dashes and spaces that people and PDF files put between the groups.
_DASH = r"\-\u00ad\u2010-\u2015\u2212"
_BLANK = r"\s\u200b-\u200f\u2060\ufeff.·"
SEPARATORS = re.compile(rf"[{_DASH}{_BLANK}]+")
PREFIX = re.compile(r"^(?:urn:)?isbn(?:-?1[03])?[:\s]*", re.IGNORECASE)
# 979-0 is printed music (ISMN).
PLAIN = re.compile(r"97(?:8[0-9]|9[1-9])[0-9]{9}")
SHAPE = re.compile(r"^(?:978|979(?!0))?[0-9]{9}[0-9X]$")

# Numbers inside a text: 13 digits in any grouping; ten only when grouped by dashes or called an ISBN; and the
# 13 of a bar code directly followed by its add-on of two or five digits.
_THIRTEEN = rf"(?<!\d)97[89](?:[{_DASH}{_BLANK}]{{0,2}}\d){{10}}(?![0-9A-Za-z])"
_TEN = rf"(?<![0-9A-Za-z])\d(?:[{_DASH}]?\d){{8}}[{_DASH}]?[\dXx](?![0-9A-Za-z])"
_NAMED_TEN = rf"\d(?:[{_DASH}{_BLANK}]{{0,2}}\d){{8}}[{_DASH}{_BLANK}]{{0,2}}[\dXx](?![0-9A-Za-z])"
_BAR_CODE = r"(?<!\d)97[89]\d{10}(?=(?:\d{2}|\d{5})(?!\d))"
_INSIDE = re.compile(
    rf"(?=(?P<number>{_THIRTEEN}|{_BAR_CODE}|{_TEN}))|(?<=isbn)(?=(?:-?10)?[:\s]*(?P<named>{_NAMED_TEN}))",
    re.IGNORECASE,
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SCIENTIFIC = re.compile(r"\d[.,]\d+e\+?\d{1,2}", re.IGNORECASE)


class Number(NamedTuple):
    """What is shaped like an ISBN in a text: as bare digits, and its 13 digits; None if its check digit is wrong."""

    bare: str
    isbn: str | None


def _folded(text: str) -> str:
    return with_plain_digits(text[:LONGEST_TEXT])


def with_plain_digits(text: str) -> str:
    """Return the text with the digits of every script replaced by ASCII digits."""
    folded = unicodedata.normalize("NFKC", text)
    return folded if folded.isascii() else "".join(str(unicodedata.digit(c, c)) for c in folded)


@lru_cache(4_096)
def _plain_digit(character: str) -> str:
    plain = with_plain_digits(character)
    return plain if len(plain) == 1 else character


def bare_number(text: str) -> str:
    """Return a number without what people put before and between its digits."""
    return SEPARATORS.sub("", PREFIX.sub("", _folded(text).strip())).upper()


def is_isbn_like(text: str) -> bool:
    """Return whether the text contains something shaped like an ISBN, whether or not its check digit is right."""
    return SHAPE.match(bare_number(text)) is not None or any(map(SHAPE.match, _numbers_in(text)))


def parse(text: str) -> str | None:
    """Return the 13 digits of the first valid ISBN in `text`, or None if there is none.

    Accepts ISBN-10 and ISBN-13, any hyphens and spaces, digits of any script, an `ISBN` prefix and a lower-case x,
    and ignores what surrounds a number: `="978…"`, `[978…]`, `978….0`, `978… (pbk.)`, a price add-on, a link, other
    numbers. Reads the first `LONGEST_TEXT` characters.
    """
    if PLAIN.fullmatch(text):
        # A fast path for the usual form, of which imports have millions. Weights of ISO 2108: 1, 3, 1, 3 …; ASCII
        # codes serve as well as digits, because their surplus is a multiple of ten: 48 * (7 + 3 * 6) = 1200.
        digits = text.encode()
        return text if (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0 else None
    return next(filter(None, map(_valid, (bare_number(text), *_numbers_in(text)))), None)


def find_all(line: str) -> list[Number]:
    """Return what is shaped like an ISBN in a line of any length, in its order, also with a wrong check digit.

    Ten digits within thirteen are no number of their own, so that a mistyped one never becomes another book.
    """
    # Character by character: the normal form of a whole text takes time that grows with the square of its marks.
    text = line if line.isascii() else _NOT_ASCII.sub(lambda found: _plain_digit(found[0]), line)
    spans = [at.span("number" if at["number"] else "named") for at in _INSIDE.finditer(text)]
    bare = {span: SEPARATORS.sub("", text[slice(*span)]).upper() for span in spans}
    long = _apart(span for span in spans if len(bare[span]) == LONG)
    starts = [start for start, _ in long]
    short = [span for span in spans if len(bare[span]) < LONG and not _overlaps(span, long, starts)]
    numbers = [bare[span] for span in sorted(long + _apart(short))]
    return [Number(number, _valid(number)) for number in numbers if SHAPE.match(number)]


def _apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _overlaps(span: tuple[int, int], others: Sequence[tuple[int, int]], starts: Sequence[int]) -> bool:
    at = bisect_left(starts, span[1])
    return at > 0 and others[at - 1][1] > span[0]


def restore_zeros(text: str) -> str | None:
    """Return the 13 digits of an ISBN-10 whose leading zeros a spreadsheet dropped, or None.

    One number in eleven fits by chance: trust the result only where most of a column fits.
    """
    bare = bare_number(text).removesuffix("0") if text.strip().endswith(".0") else bare_number(text)
    return _valid(bare.zfill(10)) if 6 <= len(bare) < 10 else None


def is_scientific(text: str) -> bool:
    """Return whether a spreadsheet has rounded the number to something like `9.78E+12`, so that its digits are lost."""
    return _SCIENTIFIC.search(text[:LONGEST_TEXT]) is not None


def _numbers_in(text: str) -> Iterator[str]:
    for found in _INSIDE.finditer(_folded(text)):
        yield SEPARATORS.sub("", found["number"] or found["named"]).upper()


def _valid(bare: str) -> str | None:
    if not SHAPE.match(bare):
        return None
    try:
        return str(stdnum_isbn.to_isbn13(stdnum_isbn.validate(bare)))
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
