"""Records in the text of MarcEdit (`.mrk`): `=245  10$aTitle`, a line a field, records apart by blank lines.

Source: https://www.loc.gov/marc/makrbrkr.html; its names of signs are those of HTML but for the accents, which stand
before their letters.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from html.entities import html5

from pymarc import Record

from app.catalogues.files.iso2709 import Parsed, record_of
from app.catalogues.files.list_files import LONGEST_LINE, BadLine
from app.catalogues.files.marc_text import SUBFIELD, RawField

_ACCENTS = {
    "grave": "\u0300", "acute": "\u0301", "circ": "\u0302", "tilde": "\u0303", "macr": "\u0304", "breve": "\u0306",
    "dot": "\u0307", "uml": "\u0308", "hooka": "\u0309", "ring": "\u030a", "dblac": "\u030b", "caron": "\u030c",
    "candra": "\u0310", "commau": "\u0326", "dotb": "\u0323", "dbldotb": "\u0324", "ringb": "\u0325", "cedil": "\u0327",
    "ogon": "\u0328", "under": "\u0332", "hornb": "\u031b",
}  # fmt: skip
_SIGNS = {
    "Ostrok": "Ø",
    "ostrok": "ø",
    "mllhring": "ʻ",
    "mlrhring": "ʼ",
    "softsign": "ʹ",
    "hardsign": "ʺ",
    "phono": "℗",
}
_NAMED = re.compile(r"\{([A-Za-z]{2,8})\}")
_ACCENTED = re.compile(rf"((?:\{{(?:{'|'.join(_ACCENTS)})\}})+)(.)", re.DOTALL)
_LINE = re.compile(rb"=([0-9A-Z]{3})(?: +(.*)|$)", re.DOTALL)


def read_records(lines: Iterable[bytes | None], encoding: str | None) -> Iterator[Parsed | BadLine]:
    """Yield the records, or why one cannot be read; None stands for a line that is too long."""
    fields: list[RawField] = []
    size = 0
    for line in lines:
        text = (line or b"").removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n")
        if (not text.strip() and line is not None) or text.startswith(b"=LDR"):
            if fields:
                yield _parse(fields, size, encoding)
            fields, size = [], 0
        size += LONGEST_LINE + 1 if line is None else len(text)
        if text.strip() and size <= LONGEST_LINE:
            _add(fields, text)
    if fields:
        yield _parse(fields, size, encoding)


def _add(fields: list[RawField], text: bytes) -> None:
    """Take a line; what does not begin like a field goes on with the one before."""
    if found := _LINE.match(text):
        fields.append((found[1], found[2] or b""))
    elif fields:
        fields[-1] = fields[-1][0], fields[-1][1] + b" " + text.strip()


def _parse(fields: list[RawField], size: int, encoding: str | None) -> Parsed | BadLine:
    if size > LONGEST_LINE:
        return BadLine("the record is too long to be read")
    try:
        # The program writes UTF-8 whatever the leader says.
        parsed = record_of(b" " * 9 + b"a", [(tag, _raw(tag, content)) for tag, content in fields], encoding)
    except BadLine as reason:
        return reason
    _spell_out(parsed.record)
    return parsed


def _raw(tag: bytes, content: bytes) -> bytes:
    """Return what stands in the field, as ISO 2709 has it."""
    if tag < b"010":
        return content.replace(b"\\", b" ")
    signs, mark, rest = content.partition(b"$")
    return signs.replace(b"\\", b" ") + mark.replace(b"$", SUBFIELD) + rest.replace(b"$", SUBFIELD)


def _spell_out(record: Record) -> None:
    for field in (field for field in record if not field.control_field):
        field.subfields = [part._replace(value=_without_names(part.value)) for part in field.subfields]


def _without_names(text: str) -> str:
    if "{" not in text:
        return text
    accented = _ACCENTED.sub(
        lambda found: found[2] + "".join(_ACCENTS[name] for name in _NAMED.findall(found[1])), text
    )
    named = _NAMED.sub(lambda found: _SIGNS.get(found[1]) or html5.get(found[1] + ";", found[0]), accented)
    return unicodedata.normalize("NFC", named)
