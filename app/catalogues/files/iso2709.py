"""Records of ISO 2709 taken apart, and their text decoded as they say, if what comes out can be read.

Encodings: what the record says (leader 09 of MARC 21; 100 $a 26-29 of UNIMARC) comes first and is checked; then UTF-8,
MARC-8 for MARC 21, and whichever encoding its texts are words in.
"""

import logging
from collections.abc import Callable, Iterator

from pymarc import Field, Indicators, Record, Subfield
from pymarc.marc8 import marc8_to_unicode

from app.catalogues.files import iso5426
from app.catalogues.files.encodings import UnsureEncoding, find_encoding
from app.catalogues.files.list_files import BadLine
from app.catalogues.text.spoilt import is_spoilt

LEADER, DIRECTORY_ENTRY = 24, 12
FIELD_END, SUBFIELD = b"\x1e", b"\x1f"
_UNIMARC_SETS = {b"02": "koi8-r", b"03": "iso5426", b"04": "koi8-r", b"50": "utf-8"}
Decode = Callable[[bytes], str]

logging.getLogger("pymarc").setLevel(logging.CRITICAL)  # what it says of a character names neither file nor record


def parse(data: bytes, encoding: str | None = None) -> Record:
    """Return the record; a subfield that can not be decoded is left out, but not one of the fields that matter.

    :raises BadLine: it is damaged, or no reading of it is right.
    """
    fields = list(_fields(data))
    if not any(tag in (b"245", b"200", b"020", b"010") for tag, _ in fields):
        raise BadLine("the record is damaged: it has no field for a title or an ISBN")
    decode = _decoder(fields, encoding)
    record = Record()
    for tag, content in fields:
        if field := _field(tag, content, decode):
            record.add_field(field)  # type: ignore[no-untyped-call]
    return record


def _fields(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The fields by the directory, and by their ends where its numbers are wrong."""
    end = data.find(FIELD_END)
    directory = data[LEADER:end]
    if end < LEADER or len(directory) < DIRECTORY_ENTRY:
        raise BadLine("the record is damaged: it has no directory")
    for at in range(0, len(directory) - DIRECTORY_ENTRY + 1, DIRECTORY_ENTRY):
        entry = directory[at : at + DIRECTORY_ENTRY]
        if not entry[3:].isdigit():
            raise BadLine(f"the record is damaged: entry {at // DIRECTORY_ENTRY + 1} of its directory is no number")
        start = end + 1 + int(entry[7:])
        yield entry[:3], data[start : start + int(entry[3:7])].rstrip(b"\x1e\x1d")


def _field(tag: bytes, content: bytes, decode: Decode) -> Field | None:
    name = tag.decode("ascii", "replace")
    if SUBFIELD not in content:
        return Field(tag=name, data=content.decode("ascii", "replace")) if name < "010" and name.isdigit() else None
    head, *parts = content.split(SUBFIELD)
    coded = [part for part in parts if part and part[:1].isascii()]
    read = ((part[:1].decode(), _text(part[1:], decode)) for part in coded)
    subfields = [Subfield(code, text) for code, text in read if text is not None]
    signs = (head.decode("ascii", "replace") + "  ")[:2]
    return Field(tag=name, indicators=Indicators(*signs), subfields=subfields)


def _text(data: bytes, decode: Decode) -> str | None:
    if data.isascii() and b"\x1b" not in data:
        return data.decode()
    try:
        return decode(data)
    except UnicodeDecodeError:
        return None


def _decoder(fields: list[tuple[bytes, bytes]], encoding: str | None) -> Decode:
    texts = [part[1:] for _, content in fields for part in content.split(SUBFIELD)[1:] if part[:1].isascii()]
    texts = [text for text in texts if not text.isascii() or b"\x1b" in text]
    if encoding:
        return _checked(encoding, texts)
    is_unimarc = not any(tag == b"245" for tag, _ in fields)
    for name in _said(fields, is_unimarc):
        decode = _BY_NAME.get(name) or _plain(name)
        if _is_right(decode, texts, name):
            return decode
    try:
        return _plain(find_encoding(texts))
    except UnsureEncoding:
        pass
    if is_unimarc and _is_right(_plain("gb18030"), texts, "gb18030"):
        return _plain("gb18030")
    raise BadLine(f"the record's encoding is not clear, name it by --encoding: {texts[0][:60]!r}")


def _said(fields: list[tuple[bytes, bytes]], is_unimarc: bool) -> list[str]:
    """The encodings to try, in the order in which they are believed."""
    if not is_unimarc:
        return ["utf-8", "marc-8"]
    coded = next((content for tag, content in fields if tag == b"100" and SUBFIELD in content), b"")
    sets = coded.partition(b"\x1fa")[2][26:30]
    named = [_UNIMARC_SETS[code] for code in (sets[2:], sets[:2]) if code in _UNIMARC_SETS]
    return ["utf-8", *named]


def _is_right(decode: Decode, texts: list[bytes], name: str) -> bool:
    """Tell whether all texts can be read, or most of them where UTF-8 is meant: a damaged note costs itself only."""
    read = [_text(text, decode) for text in texts]
    right = sum(text is not None and not is_spoilt(text) for text in read)
    return right == len(read) or (name == "utf-8" and right > len(read) / 2)


def _plain(encoding: str) -> Decode:
    return lambda data: data.decode(encoding)


def _checked(encoding: str, texts: list[bytes]) -> Decode:
    for text in texts:
        if _text(text, _plain(encoding)) is None:
            raise BadLine(f"the record is not {encoding}")
    return _plain(encoding)


def _marc8(data: bytes) -> str:
    return str(marc8_to_unicode(data, hide_utf8_warnings=True))


_BY_NAME: dict[str, Decode] = {"iso5426": iso5426.decode, "marc-8": _marc8}
