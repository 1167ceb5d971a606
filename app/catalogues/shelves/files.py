"""A file that a reader brings along, read whole: which program wrote it, and its rows."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from app.catalogues.files.cells import text_of
from app.catalogues.files.columns import Columns, find_columns
from app.catalogues.files.encodings import mark_of
from app.catalogues.files.list_files import ListFile, UnreadableFile, UnsuitableFile
from app.catalogues.files.tables import Table, UnclearEncoding, look_at_table, read_rows, with_lost_zeros
from app.catalogues.files.workbooks import Bounds, list_sheets, sheet_rows
from app.catalogues.shelves import archive, programs
from app.catalogues.shelves.douban import SHEETS
from app.catalogues.shelves.rows import read_row
from app.rules.book.isbn import find_all
from app.rules.shelf.pasted import MOST_ROWS, read_text, read_titles
from app.rules.shelf.refusals import ListTooLarge, ListTooLong, UnknownList, UnreadableList
from app.rules.shelf.row import Intent, ShelfRow

MOST_MEGABYTES = 8
"""Of a file as it is uploaded."""
SHEET_BOUNDS = Bounds(rows=4 * MOST_ROWS, columns=100)

_INSTEAD = (
    ("old Excel", "old_excel"), ("OpenDocument", "opendocument"), ("a packed file", "packed"), ("a PDF", "pdf"),
    ("a web page", "web_page"),
)  # fmt: skip
"""Parts of what `ListFile.find_kind` says of a file, and which of the refusal's kinds it is."""
_NOT_READ = re.compile("[看听玩]")
"""In the names of the sheets of films, music and games."""
_OF_LIBRARYTHING = "cp1252"
"""LibraryThing writes Latin-1, in which a few accents may be those of other encodings as well."""
_TABLES = frozenset({"csv", "json", "xlsx"})
_NO_TEXT = frozenset({"old_excel", "opendocument", "packed", "pdf"})


class ShelfList(NamedTuple):
    """The program that wrote a list, one of those in `programs`, and its rows in their order."""

    program: str
    rows: list[ShelfRow]


def read_upload(content: bytes, name: str = "", intent: Intent = Intent.NOTHING) -> ShelfList:
    """Return what is in an uploaded file, as `read_file` does; `name` is that under which it was uploaded."""
    if len(content) > MOST_MEGABYTES * archive.MEGABYTE:
        raise ListTooLarge(MOST_MEGABYTES)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_bytes(content)
        return read_file(path, name, intent)


def read_file(path: Path, name: str = "", intent: Intent = Intent.NOTHING) -> ShelfList:
    """Return the rows of a file; `intent` is what rows are for that say nothing about it.

    :raises ListTooLarge: it has more than `MOST_MEGABYTES`, or unpacked more than `archive.MOST_UNPACKED`.
    :raises ListTooLong: it has more than `MOST_ROWS` rows.
    :raises UnknownList: it is a table of no known program, and no text with ISBNs or titles.
    :raises UnreadableList: it is damaged, or something else than a list.
    """
    if path.stat().st_size > MOST_MEGABYTES * archive.MEGABYTE:
        raise ListTooLarge(MOST_MEGABYTES)
    try:
        if (names := archive.names_in(path)) is None:
            return _read(path, name or path.name, intent)
        return _read_packed(path, names, intent)
    except UnreadableFile as error:
        raise UnreadableList from error


def _read_packed(path: Path, names: list[str], intent: Intent) -> ShelfList:
    member = archive.find_list(names)
    if member is None:
        raise UnreadableList("packed")
    with TemporaryDirectory() as folder:
        unpacked = archive.unpack(path, member, Path(folder))
        if archive.names_in(unpacked) is not None:
            raise UnreadableList("packed")
        return _read(unpacked, member, intent)


def _read(path: Path, name: str, intent: Intent) -> ShelfList:
    with ListFile(path) as file:
        try:
            kind = file.find_kind()
        except UnsuitableFile as error:
            return _read_plain(path, intent, next((kind for words, kind in _INSTEAD if words in str(error)), None))
    if kind == "xlsx" and (sheets := [sheet for sheet in list_sheets(path) if sheet in SHEETS]):
        rows = (row for sheet in sheets for row in _sheet_rows(path, sheet))
        return ShelfList(programs.DOUBAN, _bounded(rows))
    if kind not in _TABLES:
        return _read_plain(path, intent, None)
    return _read_table(path, kind, name, intent)


def _read_table(path: Path, kind: str, name: str, intent: Intent) -> ShelfList:
    try:
        table = _look_at(path, kind)
    except UnreadableFile:
        if kind == "xlsx":
            raise
        return _read_plain(path, intent, None)
    program = programs.find_program(table.columns)
    if program is None:
        return _read_unnamed(path, table, intent)
    if program == programs.DOUBAN and _NOT_READ.search(table.sheet):
        raise UnknownList(table.sheet)
    rows = _table_rows(with_lost_zeros(table), program, _intent_for(program, name, intent))
    return ShelfList(program, _bounded(rows))


def _look_at(path: Path, kind: str) -> Table:
    draft = Table(path, kind, Columns((), {}), encoding="", bounds=SHEET_BOUNDS)
    try:
        return look_at_table(draft, programs.is_of_books)
    except UnclearEncoding as error:
        table = look_at_table(draft._replace(encoding=_OF_LIBRARYTHING), programs.is_of_books)
        if programs.find_program(table.columns) != programs.LIBRARYTHING:
            raise UnreadableList("encoding") from error
        return table


def _intent_for(program: str, name: str, intent: Intent) -> Intent:
    """Return what rows are for that say nothing: a sheet of 豆伴 that was saved as CSV has its name from it."""
    if program == programs.DOUBAN:
        return next((meant for sheet, meant in SHEETS.items() if sheet in name), intent)
    return intent if program == programs.TABLE else Intent.NOTHING


def _sheet_rows(path: Path, sheet: str) -> Iterator[ShelfRow]:
    """Yield the rows of a sheet of 豆伴, whose header is its first line."""
    number, header = next(sheet_rows(path, sheet, 0, SHEET_BOUNDS), (1, []))
    columns = find_columns([*map(str, header)])
    table = Table(path, "xlsx", columns, sheet=sheet, header_row=number, bounds=SHEET_BOUNDS)
    for row in _table_rows(table, programs.DOUBAN, SHEETS[sheet]) if "title" in columns.used else ():
        yield replace(row, sheet=sheet)


def _table_rows(table: Table, program: str, intent: Intent) -> Iterator[ShelfRow]:
    with ListFile(table.path) as file:
        for row in read_rows(file, table):
            if read := read_row(row, table, program, intent):
                yield read


def _read_unnamed(path: Path, table: Table, intent: Intent) -> ShelfList:
    """Return the rows of a file without a header: its ISBNs, or its lines when they are no cells."""
    if table.kind == "csv":
        text = _text_of(path, table.encoding)
        is_list = len(table.columns.header) <= 1
    elif table.kind == "xlsx":
        with ListFile(path) as file:
            rows = [row.cells for row in read_rows(file, table._replace(header_row=0)) if isinstance(row.cells, list)]
        text = "\n".join("\t".join(map(text_of, cells)) for cells in rows)
        is_list = max((sum(map(bool, cells)) for cells in rows), default=0) <= 1
    else:
        text, is_list = _text_of(path, table.encoding), False
    if any(find_all(line) for line in text.splitlines()):
        return ShelfList(programs.TEXT, [*read_text(text, intent)])
    if is_list and text.strip():
        return ShelfList(programs.TEXT, [*read_titles(text, intent)])
    raise UnknownList(", ".join(filter(None, (name.strip()[:40] for name in table.columns.header[:12]))))


def _read_plain(path: Path, intent: Intent, kind: str | None) -> ShelfList:
    """Return the ISBNs of a file that is no table, if it is a text."""
    if kind not in _NO_TEXT:
        rows = [*read_text(_text_of(path, ""), intent)]
        if any(row.isbn for row in rows):
            return ShelfList(programs.TEXT, rows)
    raise UnreadableList(kind)


def _text_of(path: Path, encoding: str) -> str:
    content = path.read_bytes()
    return content.decode(encoding or mark_of(content[:1000]) or "utf-8", "replace").removeprefix("\ufeff")


def _bounded(rows: Iterable[ShelfRow]) -> list[ShelfRow]:
    kept: list[ShelfRow] = []
    for row in rows:
        if len(kept) == MOST_ROWS:
            raise ListTooLong(MOST_ROWS)
        kept.append(row)
    return kept
