"""The numbers that this site gives to books without an ISBN, such as `F000000013`.

A number is `F`, the id of the book with at least eight digits, and a check digit by H. M. Damm ("Total
anti-symmetrische Quasigruppen", 2004), which shows every wrong digit and every two that have changed places.
"""

import re

from stdnum import damm

from app.rules.book.isbn import bare_number

_SHAPE = re.compile(r"F([0-9]{8,19})[0-9]")
_IN_LINK = re.compile(r"/book/(F[0-9]{9,20})(?![0-9A-Z])", re.IGNORECASE)


def number_of(isbn: str | None, id: int) -> str:
    """Return what names a book in addresses: its ISBN, or the number made of its id."""
    if isbn:
        return isbn
    digits = f"{id:08}"
    return f"F{digits}{damm.calc_check_digit(digits)}"


def is_like(text: str) -> bool:
    """Return whether a text is shaped like a local number, whether or not its check digit is right."""
    return _SHAPE.fullmatch(bare_number(text)) is not None


def parse(text: str) -> int | None:
    """Return the id in a local number, however it is typed, or in a link to its book; None if there is none."""
    found = _IN_LINK.search(text)
    bare = bare_number(found[1] if found else text)
    number = _SHAPE.fullmatch(bare)
    return int(number[1]) if number and damm.is_valid(bare[1:]) else None
