"""How the text of a MARC record is encoded: what the record says, if what comes out can be read, else what can.

What it says is leader 09 and field 066 of MARC 21, and 100 $a 26-29 of UNIMARC. Then come UTF-8, MARC-8 for MARC
21, and whichever encoding its texts are words in.
"""

import re
import sys
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr
from io import StringIO
from typing import NamedTuple

from pymarc.marc8 import MARC8ToUnicode

from app.catalogues.files import iso5426, unimarc_sets
from app.catalogues.files.encodings import UnsureEncoding, find_encoding
from app.catalogues.files.list_files import BadLine
from app.catalogues.text.spoilt import is_spoilt

# How MARC 21 writes a sign that MARC-8 does not have.
_REFERENCE = re.compile(r"&([\u0300-\u036f]*)#x([0-9A-Fa-f]{1,6});")
"""With the accents of the sign, which MARC-8 writes before it."""
SUBFIELD, ESCAPE = b"\x1f", b"\x1b"
_UNIMARC_SETS = {b"02": "iso5427", b"03": "iso5426", b"04": "iso5427", b"05": "iso5428", b"50": "utf-8"}
_NON_SORTING = str.maketrans("", "", "\x88\x89\x98\x9c")
"""Signs of ISO 6630 and MARC 21 around what is not sorted by, such as an article at the beginning."""

Decode = Callable[[bytes], str]
RawField = tuple[bytes, bytes]
"""A tag, and what stands in the field."""


class Decoder(NamedTuple):
    """The decoding of a record; `differs_from` is what the record says instead, "" when that is right."""

    decode: Decode
    encoding: str
    differs_from: str = ""
    is_ascii_plain: bool = True
    """A text of ASCII alone is what it seems to be."""

    def read(self, data: bytes) -> str | None:
        """Return the text, None when it cannot be read."""
        is_plain = self.is_ascii_plain and data.isascii() and ESCAPE not in data
        text = data.decode() if is_plain else _decoded(data, self.decode)
        return _REFERENCE.sub(_sign, text) if text and "#x" in text else text


def _sign(reference: re.Match[str]) -> str:
    code = int(reference[2], 16)
    if code < sys.maxunicode and chr(code).isprintable():
        return unicodedata.normalize("NFC", chr(code) + reference[1])
    return reference[0]


def find_decoder(leader: bytes, fields: Sequence[RawField], encoding: str | None) -> Decoder:
    """Return how the texts of a record are read; `encoding` is one that the user names.

    :raises BadLine: no reading of them is right.
    """
    g0, g1 = _first_sets(fields)
    is_ascii_plain = g0 == MARC8ToUnicode.basic_latin
    parts = (part[1:] for _, content in fields for part in content.split(SUBFIELD)[1:] if part[:1].isascii())
    texts = [text for text in parts if not text.isascii() or ESCAPE in text or not is_ascii_plain]
    if encoding:
        return _named(encoding, texts)
    is_unimarc = not any(tag == b"245" for tag, _ in fields)
    said = _said_by_unimarc(fields) if is_unimarc else _said_by_marc21(leader)
    for name in _candidates(said, is_unimarc, is_ascii_plain):
        decode = _marc8(g0, g1) if name == "marc-8" else _plain(name)
        if _is_right(decode, texts, name):
            return Decoder(decode, name, _difference(name, said, texts), is_ascii_plain)
    if name := _found_by_words(texts, is_unimarc):
        return Decoder(_plain(name), name, _difference(name, said, texts))
    if said == ["marc-8"] and _is_right(decode := _marc8(g0, g1), texts, "marc-8", may_lose=True):
        return Decoder(decode, "marc-8", is_ascii_plain=is_ascii_plain)
    raise BadLine(f"the record's encoding is not clear, name it by --encoding: {texts[0][:60]!r}")


def _decoded(data: bytes, decode: Decode) -> str | None:
    try:
        return decode(data)
    except UnicodeDecodeError:
        return None


def _said_by_marc21(leader: bytes) -> list[str]:
    return ["utf-8" if leader[9:10] == b"a" else "marc-8"]


def _said_by_unimarc(fields: Sequence[RawField]) -> list[str]:
    """The sets of field 100 $a, that of the bytes from 0xA1 on first."""
    coded = next((content for tag, content in fields if tag == b"100" and SUBFIELD in content), b"")
    sets = coded.partition(b"\x1fa")[2][26:30]
    return [_UNIMARC_SETS[code] for code in (sets[2:], sets[:2]) if code in _UNIMARC_SETS]


def _candidates(said: list[str], is_unimarc: bool, is_ascii_plain: bool) -> list[str]:
    """What is tried in turn; UTF-8 first, because no other text looks like it by accident."""
    if not is_ascii_plain:
        return said
    old = ["koi8-r"] if "iso5427" in said else []
    return list(dict.fromkeys(["utf-8", *said, *old] if is_unimarc else ["utf-8", "marc-8"]))


def _difference(name: str, said: list[str], texts: list[bytes]) -> str:
    return "" if not texts or not said or name in said else said[0]


def _is_right(decode: Decode, texts: list[bytes], name: str, may_lose: bool = False) -> bool:
    """Return whether all texts can be read, or most of them where UTF-8 is meant: a damaged note costs itself only.

    `may_lose`: most of them are enough, too, when the others cannot be decoded at all.
    """
    read = [_decoded(text, decode) for text in texts]
    right = sum(text is not None and not is_spoilt(text) for text in read)
    if may_lose and right < len(read) - read.count(None):
        return False
    return right == len(read) or ((may_lose or name == "utf-8") and right > len(read) / 2)


def _found_by_words(texts: list[bytes], is_unimarc: bool) -> str:
    try:
        return find_encoding(texts)
    except UnsureEncoding:
        if is_unimarc and _is_right(_plain("gb18030"), texts, "gb18030"):
            return "gb18030"
    return ""


def _plain(encoding: str) -> Decode:
    return _BY_NAME.get(encoding) or (lambda data: data.decode(encoding))


def _utf8(data: bytes) -> str:
    return without_non_sorting(data.decode())


def without_non_sorting(text: str) -> str:
    """Return the text without the signs around what is not sorted by."""
    return text if text.isprintable() else text.translate(_NON_SORTING)


def _named(encoding: str, texts: list[bytes]) -> Decoder:
    for text in texts:
        if _decoded(text, _plain(encoding)) is None:
            raise BadLine(f"the record is not {encoding}: {text[:60]!r}")
    return Decoder(_plain(encoding), encoding)


def _first_sets(fields: Sequence[RawField]) -> tuple[int, int]:
    """The sets that field 066 of MARC 21 says a text begins with, else ASCII and ANSEL."""
    coded = next((content for tag, content in fields if tag == b"066"), None)
    if coded is None:
        return MARC8ToUnicode.basic_latin, MARC8ToUnicode.ansel
    said = {part[:1]: part[-1] for part in coded.split(SUBFIELD)[1:] if len(part) > 1}
    return said.get(b"a", MARC8ToUnicode.basic_latin), said.get(b"b", MARC8ToUnicode.ansel)


def _marc8(g0: int, g1: int) -> Decode:
    def decode(data: bytes) -> str:
        try:
            with redirect_stderr(StringIO()) as told:  # it names neither file nor record
                text = str(MARC8ToUnicode(g0, g1, quiet=True).translate(data))  # type: ignore[no-untyped-call]
        except (IndexError, TypeError) as error:  # cut within a sign or a change of set
            raise UnicodeDecodeError("marc-8", data, 0, len(data), "cut short") from error
        if told.getvalue() or text.count(" ") > data.count(b" "):  # what a set does not have comes out as a blank
            raise UnicodeDecodeError("marc-8", data, 0, len(data), "the set has no such sign")
        return without_non_sorting(text)

    return decode


_BY_NAME: dict[str, Decode] = {
    "utf-8": _utf8,
    "iso5426": iso5426.decode,
    "iso5427": unimarc_sets.cyrillic,
    "iso5428": unimarc_sets.greek,
}
