"""Records of ISO 2709 taken apart by their directory, and their text decoded."""

import logging
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pymarc import Field, Indicators, Record, Subfield

from app.catalogues.files.list_files import BadLine
from app.catalogues.files.marc_text import SUBFIELD, Decoder, RawField, find_decoder

LEADER, DIRECTORY_ENTRY = 24, 12
FIELD_END = b"\x1e"

logging.getLogger("pymarc").setLevel(logging.CRITICAL)  # what it says of a character names neither file nor record


class Parsed(NamedTuple):
    """A record, and what had to be repaired to read it, "" if nothing."""

    record: Record
    repair: str


def parse(data: bytes, encoding: str | None = None) -> Parsed:
    """Return the record; a subfield that cannot be decoded is left out, but not one of the fields that matter.

    :raises BadLine: it is damaged, or no reading of it is right.
    """
    return record_of(data[:LEADER], list(_fields(data)), encoding)


def record_of(leader: bytes, fields: Sequence[RawField], encoding: str | None) -> Parsed:
    """Return the record of these fields, as `parse` does.

    :raises BadLine: it has none that matters, or no reading of it is right.
    """
    if not any(tag in (b"245", b"200", b"020", b"010") for tag, _ in fields):
        raise BadLine("the record is damaged: it has no field for a title or an ISBN")
    decoder = find_decoder(leader, fields, encoding)
    record, lost = Record(), False
    for tag, content in fields:
        field, is_whole = _field(tag, content, decoder)
        lost |= not is_whole
        if field is not None:
            record.add_field(field)  # type: ignore[no-untyped-call]
    read = f"read as {decoder.encoding} and not as {decoder.differs_from}" if decoder.differs_from else ""
    return Parsed(record, read or ("subfields left out that can not be decoded" if lost else ""))


def _fields(data: bytes) -> Iterator[RawField]:
    """The fields by the directory, and by their ends where its numbers are wrong."""
    end = data.find(FIELD_END)
    directory = data[LEADER:end]
    if end < LEADER or len(directory) < DIRECTORY_ENTRY:
        raise BadLine("the record is damaged: it has no directory")
    size = 0
    for at in range(0, len(directory) - DIRECTORY_ENTRY + 1, DIRECTORY_ENTRY):
        entry = directory[at : at + DIRECTORY_ENTRY]
        if not entry[3:].isdigit():
            raise BadLine(f"the record is damaged: entry {at // DIRECTORY_ENTRY + 1} of its directory is no number")
        start = end + 1 + int(entry[7:])
        content = data[start : start + int(entry[3:7])]
        size += len(content)
        if size > 4 * len(data):  # they would take more time and memory than the record has bytes
            raise BadLine("the record is damaged: the fields of its directory overlap")
        yield entry[:3], content.rstrip(b"\x1e\x1d")


def _field(tag: bytes, content: bytes, decoder: Decoder) -> tuple[Field | None, bool]:
    """Return the field, None when it holds nothing, and whether all of it could be decoded."""
    name = tag.decode("ascii", "replace")
    if SUBFIELD not in content:
        is_control = name < "010" and name.isdigit()
        return Field(tag=name, data=content.decode("ascii", "replace")) if is_control else None, True
    head, *parts = content.split(SUBFIELD)
    coded = [part for part in parts if part and part[:1].isascii()]
    read = [(part[:1].decode(), decoder.read(part[1:])) for part in coded]
    subfields = [Subfield(code, text) for code, text in read if text is not None]
    signs = (head.decode("ascii", "replace") + "  ")[:2]
    return Field(tag=name, indicators=Indicators(*signs), subfields=subfields), len(subfields) == len(read)
