"""Records of MARCXML, read as the file comes in: memory does not grow with it.

Source: https://www.loc.gov/standards/marcxml/. Elements are known by their names, whatever their prefix: many files
leave the namespace out. A document type is refused, and with it every entity of the file's own.
"""

import re
from collections.abc import Iterator
from typing import NoReturn
from xml.parsers import expat

from pymarc import Field, Indicators, Record, Subfield

from app.catalogues.files.encodings import is_codec
from app.catalogues.files.list_files import LONGEST_LINE, ListFile, UnreadableFile
from app.catalogues.files.marc_text import without_non_sorting

_DECLARED = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
DEEPEST = 100
"""Elements within elements; a record has four."""
_WITH_TEXT = frozenset({"leader", "controlfield", "subfield"})
_READ_BY_EXPAT = frozenset({"utf-8", "utf8", "utf-16", "us-ascii", "iso-8859-1"})


def read_records(file: ListFile, encoding: str | None) -> Iterator[Record]:
    """Yield the records; `encoding` overrules what the file declares.

    :raises UnreadableFile: it is no well-formed XML, from some record on.
    """
    declared = _DECLARED.match(file.peek())
    name = encoding or (declared[1].decode().lower() if declared else "utf-8")
    is_recoded = bool(encoding) or (name not in _READ_BY_EXPAT and is_codec(name))
    if is_recoded:
        file.recode(name)
    parser = _Parser("utf-8" if is_recoded else None)
    number = size = 0
    for chunk in file.chunks():
        fault = parser.feed(chunk)
        found, parser.records = parser.records, []
        yield from found
        number += len(found)
        size = 0 if found else size + len(chunk)
        fault = fault or ("the record is too long to be read" if size > LONGEST_LINE else "")
        if fault:
            raise UnreadableFile(f"after record {number}: {fault}")
    if fault := parser.feed(b"", is_last=True):
        raise UnreadableFile(f"after record {number}: {fault}")


class _Refused(Exception):
    """What is well-formed and not read all the same."""


class _Parser:
    """Collects records until they are fetched from `records`."""

    def __init__(self, encoding: str | None) -> None:
        self.records: list[Record] = []
        self._record: Record | None = None
        self._depth = 0
        self._tag, self._signs, self._code = "", "  ", ""
        self._subfields: list[Subfield] = []
        self._text: list[str] = []
        self._expat = expat.ParserCreate(encoding)
        self._expat.buffer_text = True
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._text_handler
        self._expat.StartDoctypeDeclHandler = self._refuse_doctype

    def feed(self, chunk: bytes, *, is_last: bool = False) -> str:
        """Take a part of the file; return why it cannot be read, "" if it can."""
        try:
            self._expat.Parse(chunk, is_last)
        except (expat.ExpatError, _Refused) as error:
            return str(error)
        except (LookupError, ValueError) as error:  # of what is declared, or of its table
            return f"it declares an encoding that can not be read: {error}"
        return ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = name.rpartition(":")[2]
        self._depth += 1
        if self._depth > DEEPEST:
            raise _Refused(f"its elements are nested deeper than {DEEPEST}")
        if element in _WITH_TEXT:  # others, such as <i>, only stand around a part of it
            self._text = []
        if element == "record":
            self._record = Record()
        elif element in {"controlfield", "datafield"}:
            self._tag, self._subfields = attributes.get("tag", ""), []
            self._signs = f"{attributes.get('ind1') or ' '}{attributes.get('ind2') or ' '}"
        elif element == "subfield":
            self._code = attributes.get("code", "")

    def _end(self, name: str) -> None:
        element, text = name.rpartition(":")[2], "".join(self._text)
        self._depth -= 1
        if element == "record" and self._record is not None:
            self.records.append(self._record)
            self._record = None
        elif element == "subfield" and len(self._code) == 1:
            self._subfields.append(Subfield(self._code, without_non_sorting(text)))
        elif element == "controlfield":
            self._add(Field(tag=self._tag, data=text))
        elif element == "datafield" and self._subfields:
            self._add(Field(tag=self._tag, indicators=Indicators(*self._signs[:2]), subfields=self._subfields))
        if element in _WITH_TEXT:
            self._text = []

    def _add(self, field: Field) -> None:
        if self._record is not None and len(self._tag) == 3:
            self._record.add_field(field)  # type: ignore[no-untyped-call]

    def _text_handler(self, text: str) -> None:
        self._text.append(text)

    def _refuse_doctype(self, *_: object) -> NoReturn:
        raise _Refused("it has a document type (DTD), which is not read: remove it")
