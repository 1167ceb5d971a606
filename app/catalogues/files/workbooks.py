"""Excel workbooks (.xlsx): the sheet of books is found by its header, and read row by row and bounded."""

import re
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import load_workbook
from openpyxl.utils.cell import column_index_from_string

from app.catalogues.files.cells import Cells
from app.catalogues.files.list_files import UnreadableFile

MOST_BYTES = 512 * 1024**2
"""Unpacked. A workbook keeps the texts of all its cells in one part that is held in memory."""
LOOKED_AT = 20
"""Rows of a sheet that may stand above its header: titles, notes."""
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})"')
_LONGEST_MERGE = 60
_CHUNK = 1 << 20  # bytes
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})

NumberedRow = tuple[int, Cells]


class Sheet(NamedTuple):
    """The sheet that is read, the row of its header, and the names of the other sheets that are not empty."""

    name: str
    header_row: int
    header: Cells
    unread: tuple[str, ...]


class Bounds(NamedTuple):
    """How many rows and columns of a sheet are read; None for all."""

    rows: int | None = None
    columns: int | None = None


WHOLE = Bounds()


def list_sheets(path: Path) -> list[str]:
    """Return the names of the sheets, those that are hidden last.

    :raises UnreadableFile: it is no workbook, or larger than `MOST_BYTES`.
    """
    with _opened(path) as book:
        return [sheet.title for sheet in _in_order(book)]


def find_sheet(path: Path, is_header: Callable[[Cells], bool], bounds: Bounds = WHOLE) -> Sheet:
    """Return the first sheet that has a header, those that are hidden last; else the first that is not empty.

    :raises UnreadableFile: it is no workbook, or larger than `MOST_BYTES`.
    """
    with _opened(path) as book:
        begun = {sheet.title: list(islice(_rows(sheet, bounds), LOOKED_AT)) for sheet in _in_order(book)}
    begun = {name: rows for name, rows in begun.items() if rows}
    headers = ((name, row) for name, rows in begun.items() for row in rows if is_header(row[1]))
    firsts = ((name, rows[0]) for name, rows in begun.items())
    name, (number, cells) = next(headers, None) or next(firsts, ("", (0, [])))
    return Sheet(name, number, cells, tuple(other for other in begun if other != name))


def sheet_rows(path: Path, name: str, first: int, bounds: Bounds = WHOLE) -> Iterator[NumberedRow]:
    """Yield the number and the cells of each row behind row `first` that is not empty.

    :raises UnreadableFile: it is no workbook.
    """
    with _opened(path) as book:
        sheet = book[name]
        merged = _merged_down(sheet)
        above: dict[int, tuple[int, object]] = {}
        for number, cells in _rows(sheet, bounds):
            above |= {at: (last, cells[at]) for at, last in merged.get(number, ()) if at < len(cells)}
            if number > first:
                yield number, _filled(number, cells, above) if above else cells


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        with zipfile.ZipFile(path) as parts:
            size = sum(part.file_size for part in parts.infolist())
        if size > MOST_BYTES:
            raise UnreadableFile(f"the workbook has {size} bytes, at most {MOST_BYTES} are read: save it as CSV")
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and other parts that are of no use here
            book = load_workbook(file, read_only=True, data_only=True)
            try:
                yield book
            finally:
                book.close()
    except (UnreadableFile, GeneratorExit):
        raise
    except Exception as error:  # whatever is wrong in its parts, the library finds it in its own way
        raise UnreadableFile(f"it is no workbook that can be read: {error or type(error).__name__}") from error


def _filled(number: int, cells: Cells, above: dict[int, tuple[int, object]]) -> Cells:
    """Return the cells of a row, those in merged ones with what the first of these holds."""
    held = {at: value for at, (last, value) in above.items() if number <= last}
    width = max(len(cells), *(at + 1 for at in held)) if held else len(cells)
    return [cell or held.get(at, "") for at, cell in enumerate(cells + [""] * (width - len(cells)))]


def _merged_down(sheet: Any) -> dict[int, list[tuple[int, int]]]:
    """Return by first rows the columns, from 0, and last rows of cells that are merged over several rows."""
    found: dict[int, set[tuple[int, int]]] = {}
    end = b""
    with sheet.parent._archive.open(sheet._worksheet_path) as part:  # the library does not read it row by row
        while chunk := part.read(_CHUNK):
            for column, first, last in _MERGED.findall(end + chunk):
                if int(first) < int(last):
                    found.setdefault(int(first), set()).add((column_index_from_string(column.decode()) - 1, int(last)))
            end = chunk[-_LONGEST_MERGE:]
    return {first: sorted(columns) for first, columns in found.items()}


def _in_order(book: Any) -> list[Any]:
    return sorted(book.worksheets, key=lambda sheet: sheet.sheet_state != "visible")


def _rows(sheet: Any, bounds: Bounds) -> Iterator[NumberedRow]:
    sheet.reset_dimensions()  # many programs write a wrong size, which would end the reading
    for number, cells in enumerate(sheet.iter_rows(max_row=bounds.rows, max_col=bounds.columns, values_only=True), 1):
        if any(cell is not None for cell in cells):
            yield number, [_plain(cell) for cell in cells]


def _plain(cell: object) -> object:
    """Return the text of a cell as Excel would save it: whole numbers without a point, but dates as ISO 8601."""
    if cell is None or cell in _ERRORS:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    if isinstance(cell, (datetime, date)):
        return f"{cell:%Y-%m-%d}"
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(cell))
