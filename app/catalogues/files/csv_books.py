"""Books from the rows of a table; our own export has the names of a cell split by `|`, others as they write them."""

from collections.abc import Iterator

from app.catalogues.files.cells import COLUMNS, OLDER_COLUMNS, Cells
from app.catalogues.files.list_files import BadLine, BookLine, ListFile, ListLine, PassedLine, RejectedLine
from app.catalogues.files.table_records import OwnRow, TableRow
from app.catalogues.files.tables import Row, Table, read_rows


def read_books(file: ListFile, table: Table, source: str, start: int = 0) -> Iterator[ListLine]:
    """Yield the rows behind line `start` (1 is the header); a row over several lines has the number of its last."""
    reader = OwnRow if is_own(table) else TableRow
    for row in read_rows(file, table):
        if row.number > start:
            yield _read_row(row, table, reader, source)


def is_own(table: Table) -> bool:
    """Return whether the table was written by `flask books export`: its cells are what was stored."""
    return table.columns.header in (COLUMNS, OLDER_COLUMNS)


def _read_row(row: Row, table: Table, reader: type[TableRow], source: str) -> ListLine:
    try:
        if isinstance(row.cells, BadLine):
            raise row.cells
        if not any(cell not in (None, "") for cell in row.cells):
            return PassedLine(row.number)
        cells = _fitting_cells(row.cells, len(table.columns.header))
        read = reader(cells, table)
        return BookLine(row.number, (read.record(source),), read.text("modified")[:10])
    except BadLine as reason:
        lines = f" (lines {row.first} to {row.number})" if row.number > row.first else ""
        return RejectedLine(row.number, f"{reason}{lines}")


def _fitting_cells(cells: Cells, width: int) -> Cells:
    """As many cells as there are columns: empty ones at the end may be missing or too many."""
    if any(cell not in (None, "") for cell in cells[width:]):
        raise BadLine(f"{len(cells)} cells, more cells than the header has columns ({width})")
    return cells[:width] + [""] * (width - len(cells))
