"""Tables as programs write them: how one is written is found out first, then its rows are read one by one."""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from app.catalogues.files.cells import Cells
from app.catalogues.files.columns import Columns, find_columns
from app.catalogues.files.encodings import EncodingSurvey, UnsureEncoding, mark_of
from app.catalogues.files.list_files import LINE_END, LONGEST_LINE, BadLine, ListFile, UnreadableFile
from app.catalogues.files.records_json import json_names, json_rows
from app.catalogues.files.workbooks import WHOLE, Bounds, find_sheet, sheet_rows
from app.rules.book import isbn as isbn_rules

DELIMITERS = ",;\t|"
LOOKED_AT = 2_000
"""Rows that are looked at to tell whether a spreadsheet has taken the leading zeros off the numbers."""
_SEPARATOR_LINE = re.compile(r"\s*\"?sep=(.)\"?\s*$", re.IGNORECASE)
_SHORT_NUMBER = re.compile(r"\d{5,8}[\dXx](?:\.0)?")
_WIDE = ("utf-16", "utf-32")


class Row(NamedTuple):
    """A row with the numbers of its first and last line; a fault instead of its cells."""

    first: int
    number: int
    cells: Cells | BadLine


class Table(NamedTuple):
    """How a table is written, and which of its columns are which fields."""

    path: Path
    kind: str
    columns: Columns
    encoding: str = "utf-8"
    delimiter: str = ","
    line_end: bytes = LINE_END
    has_lost_zeros: bool = False
    sheet: str = ""
    header_row: int = 0
    unread: tuple[str, ...] = ()
    """The sheets of a workbook that are not read."""
    bounds: Bounds = WHOLE
    """How much of a sheet is read."""


class UnclearEncoding(UnreadableFile):
    """Several readings of the letters are plausible, or none is."""


IsEnough = Callable[[Columns], bool]
"""Whether the columns of a header are those of a table that is looked for."""


def find_table(path: Path, kind: str, encoding: str = "", chosen: Mapping[str, str] | None = None) -> Table:
    """Look at the whole file and tell how it is written.

    :raises UnreadableFile: it is no table of books, or its encoding is not clear.
    """
    table = look_at_table(Table(path, kind, Columns((), {}), encoding), lambda columns: columns.is_complete, chosen)
    if not table.columns.is_complete:
        wanted = "the first line must name the columns isbn13 and title, or name yours by --map isbn=COLUMN"
        raise UnreadableFile(f"{wanted}; {_told(list(table.columns.header))}")
    return with_lost_zeros(table)


def look_at_table(draft: Table, is_enough: IsEnough, chosen: Mapping[str, str] | None = None) -> Table:
    """Look at the whole file and tell how it is written, whether its header is enough or not.

    :raises UnclearEncoding: its encoding is not clear.
    :raises UnreadableFile: it can not be read at all, or a chosen column is not in it.
    """
    if draft.kind == "csv":
        draft = _look_at_lines(draft)
        delimiter, header = _split_header(_find_header(draft), is_enough)
        draft = draft._replace(delimiter=delimiter)
    elif draft.kind == "json":
        header = list(json_names(draft.path, draft.encoding))
    else:
        sheet = find_sheet(draft.path, lambda cells: _is_header(cells, is_enough, chosen), draft.bounds)
        header = list(map(str, sheet.header))
        draft = draft._replace(sheet=sheet.name, header_row=sheet.header_row, unread=sheet.unread)
    try:
        return draft._replace(columns=find_columns(header, chosen))
    except KeyError as error:
        raise UnreadableFile(f"there is no column {error} in it; {_told(header)}") from None


def with_lost_zeros(table: Table) -> Table:
    """Return the table with what its rows tell of the leading zeros of its numbers."""
    return table._replace(has_lost_zeros=_has_lost_zeros(table))


def read_rows(file: ListFile, table: Table) -> Iterator[Row]:
    """Yield the rows behind the header; `file` is that of the table, read here if it is one of lines."""
    if table.kind == "xlsx":
        rows = sheet_rows(table.path, table.sheet, table.header_row, table.bounds)
        yield from (Row(number, number, cells) for number, cells in rows)
    elif table.kind == "json":
        records = json_rows(table.path, table.encoding, table.columns.header)
        yield from (Row(number, number, cells) for number, cells in records)
    else:
        yield from islice(_csv_rows(file, table), 1, None)


def _look_at_lines(table: Table) -> Table:
    with ListFile(table.path) as file:
        encoding = table.encoding or mark_of(file.peek())
    survey, returns, breaks = EncodingSurvey(), 0, 0
    with ListFile(table.path) as file:
        if is_wide(encoding):
            file.recode(encoding)
        try:
            for line in file.lines():
                breaks += 1
                returns += 0 if line is None else line.count(b"\r")
                if line is not None and not encoding:
                    survey.look_at(line)
        except UnreadableFile:
            pass  # the reading of the rows comes to the same place and says so
    try:
        encoding = encoding or survey.find()
    except UnsureEncoding as error:
        raise UnclearEncoding(_told_readings(error)) from None
    return table._replace(encoding=encoding, line_end=b"\r" if breaks <= 1 < returns else LINE_END)


def is_wide(encoding: str) -> bool:
    """Return whether the lines of the encoding cannot be split as bytes."""
    return encoding.lower().replace("_", "-").startswith(_WIDE)


def _told_readings(error: UnsureEncoding) -> str:
    if not error.readings:
        return "its encoding is not clear; name it by --encoding NAME"
    readings = "; ".join(f"{one.encoding}: {one.text.strip()[:60]!r}" for one in error.readings)
    return f"its encoding is not clear. Choose by --encoding NAME how its first line beyond ASCII reads: {readings}"


def _is_header(cells: Cells, is_enough: IsEnough, chosen: Mapping[str, str] | None) -> bool:
    try:
        return is_enough(find_columns(list(map(str, cells)), chosen))
    except KeyError:
        return False


def _told(header: list[str]) -> str:
    names = [name.strip()[:40] for name in header if name.strip()][:30]
    return f"it has {', '.join(names)}" if names else "it has none"


def _find_header(table: Table) -> list[str]:
    """The first line of a CSV file as a whole."""
    with ListFile(table.path) as file:
        texts = _TextLines(file, table)
        quoted = ""
        try:
            for line in texts:
                quoted += line
                if quoted.strip() and not quoted.count('"') % 2:
                    return [quoted]
                if texts.number > 50:
                    break
        except BadLine as reason:
            raise UnreadableFile(f"the first line: {reason}") from None
    return [quoted]


def _split_header(lines: list[str], is_enough: IsEnough) -> tuple[str, list[str]]:
    """Return the delimiter by which the header names most columns that are known, and the names."""
    found = []
    for delimiter in DELIMITERS:
        try:
            names = next(csv.reader([lines[0].strip("\r\n")], delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        columns = find_columns(names)
        found.append((is_enough(columns), len(columns.used), len(names), delimiter, names))
    if not found:
        raise UnreadableFile("the first line: its quotes do not close")
    _, _, _, delimiter, names = max(found, key=lambda one: one[:3])
    return delimiter, names


class _TextLines:
    """The lines of a CSV file as text, from the header on; `number` is that of the line read last."""

    def __init__(self, file: ListFile, table: Table) -> None:
        if is_wide(table.encoding):
            file.recode(table.encoding)
        self._lines = file.lines(end=table.line_end)
        self._encoding = "utf-8" if is_wide(table.encoding) else table.encoding
        self._is_before_header = True
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        text = self._next()
        while self._is_before_header and (not text.strip() or _SEPARATOR_LINE.match(text)):
            text = self._next()
        self._is_before_header = False
        return text

    def _next(self) -> str:
        line = next(self._lines)
        self.number += 1
        if line is None:
            raise BadLine("the line is too long to be read")
        try:
            text = line.decode(self._encoding)
        except UnicodeDecodeError:
            raise BadLine(f"the line is not {self._encoding}") from None
        return text.removeprefix("\ufeff") if self.number == 1 else text


def _csv_rows(file: ListFile, table: Table) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_LINE)
    texts = _TextLines(file, table)
    # strict: a quote left open is an error and not the rest of the file in one cell
    rows = csv.reader(texts, strict=True, delimiter=table.delimiter)
    first = 1
    while (cells := _next_row(rows)) is not None:
        yield Row(first, texts.number, cells)
        first = texts.number + 1


def _next_row(rows: Iterator[list[str]]) -> Cells | BadLine | None:
    try:
        row = next(rows, None)
    except BadLine as reason:
        return reason
    except csv.Error as error:
        return BadLine(str(error))
    return None if row is None else [*row]


def _has_lost_zeros(table: Table) -> bool:
    """Return whether most short numbers of the table are right once they have their leading zeros back."""
    with ListFile(table.path) as file:
        rows = islice(read_rows(file, table), LOOKED_AT)
        whole = [row.cells for row in rows if not isinstance(row.cells, BadLine)]
    texts = [str(cells[at]).strip() for cells in whole for at in table.columns.used.get("isbn", ()) if at < len(cells)]
    short = [text for text in texts if _SHORT_NUMBER.fullmatch(text) and not isbn_rules.parse(text)]
    fits = sum(isbn_rules.restore_zeros(text) is not None for text in short)
    return fits >= 3 and 5 * fits >= 4 * len(short)
