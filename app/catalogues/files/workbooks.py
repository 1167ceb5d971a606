"""The first table of an Excel workbook (.xlsx), read row by row and bounded."""

import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook

from app.catalogues.files.list_files import UnreadableFile

MOST_BYTES = 512 * 1024**2
"""Unpacked. A workbook keeps the texts of all its cells in one part that is held in memory."""
MOST_COLUMNS = 500


def workbook_rows(path: Path) -> Iterator[tuple[int, list[object]]]:
    """Yield the number and the cells of each row, from the first that is not empty on.

    :raises UnreadableFile: it is no workbook, or larger than `MOST_BYTES`.
    """
    try:
        with zipfile.ZipFile(path) as parts:
            size = sum(part.file_size for part in parts.infolist())
        if size > MOST_BYTES:
            raise UnreadableFile(f"the workbook has {size} bytes, at most {MOST_BYTES} are read: save it as CSV")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and other parts that are of no use here
            book = load_workbook(path, read_only=True, data_only=True)
            try:
                yield from _rows(book.worksheets[0])
            finally:
                book.close()
    except (OSError, KeyError, ValueError, IndexError, TypeError, zipfile.BadZipFile, SyntaxError) as error:
        raise UnreadableFile(f"it is no workbook that can be read: {error or type(error).__name__}") from error


def _rows(sheet: object) -> Iterator[tuple[int, list[object]]]:
    has_begun = False
    rows = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS)  # type: ignore[attr-defined]
    for number, cells in enumerate(rows, 1):
        has_begun = has_begun or any(cell is not None for cell in cells)
        if has_begun:
            yield number, [_plain(cell) for cell in cells]


def _plain(cell: object) -> object:
    """Return the text of a cell: whole numbers without a point, dates as ISO 8601."""
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    if isinstance(cell, (datetime, date)):
        return f"{cell:%Y-%m-%d}"
    return str(cell)
