"""Where a page begins: given by its number, or by an opaque cursor that continues after the last page seen."""

import base64
import binascii
import struct
from dataclasses import dataclass
from zlib import crc32

_LAYOUT = struct.Struct(">?QI")
_LARGEST_ROW = 1 << 40
_LARGEST_OFFSET = 10_000


class InvalidCursor(ValueError):
    """The cursor was not made by this search."""


@dataclass(frozen=True)
class Position:
    """A position in the sequence of hits: an offset from its start, or a row in the plain rank order to start after."""

    offset: int = 0
    after_row: int | None = None

    def encode(self, key: str) -> str:
        """Return the cursor for the search with this key."""
        is_row = self.after_row is not None
        number = self.after_row if self.after_row is not None else self.offset
        packed = _LAYOUT.pack(is_row, number, _check(is_row, number, key))
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode_cursor(cursor: str, key: str) -> Position:
    """Return the position of a cursor; raises `InvalidCursor` unless it was made for the same words.

    A cursor holds no secret: the check finds mistakes, and a forged one could only lead to other pages of these hits.
    """
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        is_row, number, check = _LAYOUT.unpack(packed)
    except (ValueError, binascii.Error, struct.error) as error:
        raise InvalidCursor(f"{cursor[:40]!r} is no cursor") from error
    if check != _check(is_row, number, key) or number > (_LARGEST_ROW if is_row else _LARGEST_OFFSET):
        raise InvalidCursor(f"{cursor[:40]!r} is no cursor of this search")
    return Position(after_row=number) if is_row else Position(offset=number)


def _check(is_row: bool, number: int, key: str) -> int:
    return crc32(f"{is_row}:{number}:{key}".encode())
