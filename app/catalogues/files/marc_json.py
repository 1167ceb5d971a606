"""Records of MARC-in-JSON, as pymarc and library systems write it: a list of records, or one on each line.

Source: https://github.com/marc4j/marc4j/wiki/MARC-in-JSON-Description.
"""

from collections.abc import Iterator
from pathlib import Path

from pymarc import Field, Indicators, Record, Subfield

from app.catalogues.files.iso2709 import Parsed
from app.catalogues.files.list_files import BadLine
from app.catalogues.files.marc_text import without_non_sorting
from app.catalogues.files.records_json import read_records as read_json


def read_records(path: Path, encoding: str | None) -> Iterator[Parsed | BadLine]:
    """Yield the records; a part that is not as it should be costs itself only.

    :raises UnreadableFile: it is no JSON.
    """
    for _, found in read_json(path, encoding or ""):
        yield found if isinstance(found, BadLine) else _record_of(found)


def _record_of(found: dict[str, object]) -> Parsed | BadLine:
    fields = found.get("fields")
    if not isinstance(fields, list):
        return BadLine("the record has no list of fields")
    record = Record()
    for tag, content in (pair for field in fields if isinstance(field, dict) for pair in field.items()):
        if len(tag) == 3 and (field := _field(tag, content)):
            record.add_field(field)  # type: ignore[no-untyped-call]
    return Parsed(record, "")


def _field(tag: str, content: object) -> Field | None:
    if isinstance(content, str):
        return Field(tag=tag, data=content)
    parts = content.get("subfields") if isinstance(content, dict) else None
    if not isinstance(content, dict) or not isinstance(parts, list):
        return None
    pairs = (pair for part in parts if isinstance(part, dict) for pair in part.items())
    subfields = [Subfield(code, without_non_sorting(text)) for code, text in pairs if isinstance(text, str)]
    signs = (str(content.get(name) or " ")[0] for name in ("ind1", "ind2"))
    return Field(tag=tag, indicators=Indicators(*signs), subfields=subfields) if subfields else None
