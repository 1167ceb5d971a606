"""The encoding that a file is written in: what its first bytes say, else the one reading of it that is plausible.

"It decodes" is no evidence: most short Latin lines decode as Chinese. A reading counts when every line decodes and the
letters are such as people write together.
"""

import codecs
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from charset_normalizer import from_bytes

from app.catalogues.files.plausible import evidence, foreign_signs, plausibility

SAMPLE = 200_000
"""Bytes of lines that are not ASCII, which are looked at closely; that a line decodes is tried with all of them."""
ENOUGH = 2_000  # bytes from which on the opinion of a library decides between readings that are all plausible
MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)  # fmt: skip
CANDIDATES = (
    "cp1252", "gb18030", "cp1251", "big5hkscs", "cp932", "cp949", "euc_jp", "cp1250", "iso8859-2", "cp1254", "cp1257",
    "iso8859-15", "koi8-r", "cp866", "iso8859-5", "cp1253", "cp1255", "cp1256", "cp874", "mac-roman", "mac-cyrillic",
    "cp850",
)  # fmt: skip
_PLAUSIBLE = 0.8
_FEW, _AHEAD_WITH_FEW, _AHEAD = 6, 0.35, 0.12  # different foreign letters, and how far a reading must be ahead


class Reading(NamedTuple):
    """A way to read a text, and how plausible what comes out is (0 to 1)."""

    encoding: str
    score: float
    text: str


class UnsureEncoding(Exception):
    """No reading is clearly the right one; `readings` are the likeliest of the first line that is not ASCII."""

    def __init__(self, readings: list[Reading]) -> None:
        super().__init__("the encoding is not clear")
        self.readings = readings


def mark_of(head: bytes) -> str:
    """Return the encoding that a byte order mark or the zeros of UTF-16 name, "" when there is neither."""
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding
    even, odd = head[0:1000:2], head[1:1000:2]
    if len(odd) > 4 and b"\n" in head and 2 * odd.count(0) > len(odd) and not even.count(0):
        return "utf-16-le"
    if len(even) > 4 and b"\n" in head and 2 * even.count(0) > len(even) and not odd.count(0):
        return "utf-16-be"
    return ""


def is_codec(name: str) -> bool:
    """Return whether Python can read text in the encoding of this name."""
    try:
        return bool(codecs.lookup(name)._is_text_encoding)
    except LookupError:
        return False


class EncodingSurvey:
    """Looks at every line of a file, then says how it is encoded."""

    def __init__(self) -> None:
        self._sample: list[bytes] = []
        self._size = 0
        self._right = self._wrong = 0
        self._left = list(CANDIDATES)

    def look_at(self, line: bytes) -> None:
        """Take a line into account, or the lines in it that end in CR alone."""
        if b"\r" in line.rstrip(b"\r\n"):
            for part in line.splitlines():
                self.look_at(part)
            return
        if line.isascii():
            return
        if self._size < SAMPLE:
            self._sample.append(line)
            self._size += len(line)
        if decodes(line, "utf-8"):
            self._right += 1
            return
        self._wrong += 1
        if self._left and self._wrong > self._right:
            self._left = [name for name in self._left if decodes(line, name)]

    def find(self) -> str:
        """Return the encoding; lines that UTF-8 does not take are the fault of these lines when most lines are UTF-8.

        :raises UnsureEncoding: several readings are plausible, or none is.
        """
        if self._right >= self._wrong:
            return "utf-8"
        return find_encoding(self._sample, self._left)


def find_encoding(lines: list[bytes], candidates: Iterable[str] = CANDIDATES) -> str:
    """Return the one encoding in which the lines are plausible.

    :raises UnsureEncoding: several readings are plausible, or none is.
    """
    whole = b"\n".join(line.rstrip(b"\r\n") for line in lines)
    readings = _readings(whole, [name for name in candidates if decodes(whole, name)])
    best = max(readings, key=lambda one: one.score * evidence(one.text, one.encoding), default=None)
    if best and best.score * evidence(best.text, best.encoding) >= _PLAUSIBLE:
        ahead = _AHEAD_WITH_FEW if len(foreign_signs(best.text)) < _FEW else _AHEAD
        rivals = [one for one in readings if one.score > best.score - ahead and one.text != best.text]
        if not rivals:
            return best.encoding
        if len(whole) >= ENOUGH and (said := _said_by_library(whole, [best, *rivals])):
            return said
    raise UnsureEncoding(_first_lines(readings))


def likeliest(data: bytes, count: int = 3) -> list[Reading]:
    """Return the most plausible readings, each other text once."""
    found: dict[str, Reading] = {}
    for reading in _readings(data, [name for name in CANDIDATES if decodes(data, name)]):
        found.setdefault(reading.text, reading)
    return list(found.values())[:count]


def decodes(line: bytes, encoding: str) -> bool:
    """Return whether the bytes are valid in the encoding."""
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _readings(data: bytes, encodings: list[str]) -> list[Reading]:
    found = [_reading(data, name) for name in encodings]
    return sorted(found, key=lambda reading: -reading.score)  # stable: the commoner of equals comes first


@lru_cache(maxsize=64)
def _reading(data: bytes, encoding: str) -> Reading:
    text = data.decode(encoding)
    return Reading(encoding, plausibility(text, encoding), text)


def _first_lines(readings: list[Reading]) -> list[Reading]:
    firsts: dict[str, Reading] = {}
    for reading in readings:
        line = next((line for line in reading.text.split("\n") if not line.isascii()), "")
        firsts.setdefault(line, reading._replace(text=line))
    return list(firsts.values())[:3]


def _said_by_library(data: bytes, readings: list[Reading]) -> str:
    """Return the encoding that charset-normalizer finds by the frequency of letters, if it is one of these."""
    names = [reading.encoding for reading in readings]
    match = from_bytes(data, cp_isolation=names).best()
    if match is None or match.coherence < 0.5:
        return ""
    return next((one.encoding for one in readings if one.text == str(match).removeprefix("\ufeff")), "")
