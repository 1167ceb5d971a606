"""Marks: what is printed on the label of a copy, and found in its address.

A mark has eight characters of 32: the letters without I and O, and the digits without 0 and 1, so that no two of them
are taken for each other. Seven are random, which makes 35 bits; the last one checks the others. They are elements of
the field with 32 elements, and a mark is the coefficients of a polynomial that has a zero at the field's generator:
so every wrong character, and every two neighbours that are swapped, are noticed.
"""

import secrets

from app.rules.text import fold_width

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 8
RANDOM_BITS = 5 * (LENGTH - 1)
LONGEST_TYPED = 40
"""Most characters of what is looked at as a typed mark."""
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_VALUES |= dict.fromkeys("1I", _VALUES["L"])
_FIELD = 0b100101
"""x⁵ + x² + 1, by which the field's products are reduced."""
_BETWEEN = str.maketrans("", "", " -‐‑–—_.·")


def make_mark() -> str:
    """Return a new mark that nobody can guess."""
    return with_check(secrets.randbits(RANDOM_BITS))


def with_check(number: int) -> str:
    """Return the mark of a number of `RANDOM_BITS` bits, with its check character."""
    values = [number >> 5 * place & 31 for place in reversed(range(LENGTH - 1))]
    return "".join(ALPHABET[value] for value in [*values, _times_generator(_remainder(values))])


def read_mark(typed: str) -> str | None:
    """Return the mark that is meant by what somebody typed or scanned; None for what can be none.

    Small letters, blanks and hyphens do not matter, and the digit 1 and the letter I are read as L.
    """
    text = fold_width(typed[:LONGEST_TYPED]).upper().translate(_BETWEEN).strip()
    values = [_VALUES.get(character, -1) for character in text]
    if len(values) != LENGTH or min(values) < 0 or _remainder(values):
        return None
    return "".join(ALPHABET[value] for value in values)


def spaced(mark: str) -> str:
    """Return a mark as it is printed: in two halves."""
    return f"{mark[: LENGTH // 2]} {mark[LENGTH // 2 :]}"


def _remainder(values: list[int]) -> int:
    """Return the value of the polynomial at the field's generator, by Horner's rule."""
    sum_so_far = 0
    for value in values:
        sum_so_far = _times_generator(sum_so_far) ^ value
    return sum_so_far


def _times_generator(value: int) -> int:
    doubled = value << 1
    return doubled ^ _FIELD if doubled & 32 else doubled
