"""Books from a CSV file whose header names the columns; several names in a cell are split by `|`."""

import csv
from collections.abc import Callable, Iterable, Iterator

from app.catalogues.base import BookRecord
from app.catalogues.cleaning import clean_date, clean_language, clean_names, clean_pages, clean_price
from app.catalogues.list_files import (
    LIMITS,
    LINE_LIMIT,
    LONGEST_LINE,
    BadLine,
    BookLine,
    ListLine,
    PassedLine,
    RejectedLine,
    UnreadableFile,
    fitting,
)
from app.catalogues.names import MOST_NAMES
from app.catalogues.text import clean_line, clean_text
from app.rules import isbn as isbn_rules

COLUMNS = (
    "isbn13", "title", "subtitle", "authors", "translators", "publisher", "pubdate", "pages",
    "price", "binding", "language", "summary",
)  # fmt: skip
ISBN_COLUMNS = ("isbn13", "isbn", "isbn10")
CHANGED_COLUMN = "modified"

_UTF8_MARK = b"\xef\xbb\xbf"


class _TextLines:
    """Lines decoded: in `encoding`, else UTF-8 or GB18030, whichever the first line that is not ASCII is in."""

    def __init__(self, lines: Iterable[bytes | None], encoding: str | None) -> None:
        self._lines = iter(lines)
        self._encoding = encoding
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        if line is None:
            raise BadLine("the line is too long to be read")
        if self.number == 1:
            line = line.removeprefix(_UTF8_MARK)
        if self._encoding is None and not line.isascii():
            self._encoding = next((name for name in ("utf-8", "gb18030") if _is_in(line, name)), "utf-8")
        try:
            return line.decode(self._encoding or "ascii")
        except UnicodeDecodeError:
            raise BadLine(f"the line is not {self._encoding}") from None


def read_books(
    lines: Iterable[bytes | None], source: str, encoding: str | None = None, start: int = 0
) -> Iterator[ListLine]:
    """Yield the lines behind line `start` (1 is the header); a row over several lines has the number of its last.

    :raises UnreadableFile: the header has no column for ISBN or title.
    """
    csv.field_size_limit(LONGEST_LINE)
    texts = _TextLines(lines, encoding)
    # strict: a quote left open is an error and not the rest of the file in one cell
    rows = csv.reader(texts, strict=True)
    header = _read_header(rows)
    first = texts.number + 1
    while (read := _next_row(rows)) is not None:
        if texts.number > start:
            line = _read_row(read, header, texts.number, source)
            if isinstance(line, RejectedLine) and line.number > first:
                line = line._replace(reason=f"{line.reason} (lines {first} to {line.number})")
            yield line
        first = texts.number + 1


def _read_header(rows: Iterator[list[str]]) -> list[str]:
    first = _next_row(rows)
    if isinstance(first, BadLine):
        raise UnreadableFile(f"the first line: {first}")
    header = [name.strip().lower() for name in first or []]
    if "title" not in header or not set(header).intersection(ISBN_COLUMNS):
        raise UnreadableFile("the first line must name the columns isbn13 and title")
    return header


def _next_row(rows: Iterator[list[str]]) -> list[str] | BadLine | None:
    try:
        return next(rows, None)
    except BadLine as reason:
        return reason
    except csv.Error as error:
        return BadLine(str(error))


def _read_row(cells: list[str] | BadLine, header: list[str], number: int, source: str) -> ListLine:
    if not cells:
        return PassedLine(number)
    try:
        if isinstance(cells, BadLine):
            raise cells
        if len(cells) > len(header):
            raise BadLine("more cells than the header has columns")
        if len(cells) < len(header):
            raise BadLine("fewer cells than columns")
        row = dict(zip(header, cells, strict=True))
        return BookLine(number, (_record(row, source),), row.get(CHANGED_COLUMN, "")[:10])
    except BadLine as reason:
        return RejectedLine(number, str(reason))


def _record(row: dict[str, str], source: str) -> BookRecord:
    given = next((row[name] for name in ISBN_COLUMNS if row.get(name)), "")
    isbn = isbn_rules.parse(given[:40])
    if isbn is None:
        raise BadLine(f"{given[:80]!r} is not a valid ISBN" if given else "no ISBN")
    title = _line(row, "title")
    if not title:
        raise BadLine("no title")
    return BookRecord(
        isbn=isbn,
        title=title,
        subtitle=_line(row, "subtitle"),
        authors=_names(row, "authors"),
        translators=_names(row, "translators"),
        publisher=_line(row, "publisher").replace("|", "/"),
        pubdate=_cell(row, "pubdate", clean_date),
        pages=clean_pages(row.get("pages")),
        price=_cell(row, "price", clean_price),
        binding=_line(row, "binding"),
        summary=clean_text(fitting("summary", row.get("summary", "")), 3 * LIMITS["summary"]),
        language=clean_language(row.get("language")),
        source=source,
    )


def _line(row: dict[str, str], name: str) -> str:
    return clean_line(fitting(name, row.get(name, "")), 3 * LINE_LIMIT)


def _cell(row: dict[str, str], name: str, clean: Callable[[object], str]) -> str:
    return clean(fitting(name, row.get(name, "")))


def _names(row: dict[str, str], name: str) -> tuple[str, ...]:
    parts = [fitting("name", part) for part in row.get(name, "").split("|") if part.strip()]
    if len(parts) > MOST_NAMES:
        raise BadLine(f"{len(parts)} {name}, at most {MOST_NAMES} can be stored")
    return clean_names(parts)


def _is_in(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
