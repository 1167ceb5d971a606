"""The row of a reader's list from the cells of a table."""

import json
import re
from collections.abc import Iterable, Iterator

from app.catalogues.files.cells import flat, text_of
from app.catalogues.files.columns import plain_name
from app.catalogues.files.list_files import BadLine
from app.catalogues.files.table_records import TableRow
from app.catalogues.files.tables import Row, Table
from app.catalogues.shelves import programs
from app.catalogues.shelves.douban import Imprint, read_imprint
from app.catalogues.shelves.intents import intent_of
from app.catalogues.text.cleaning import year_of
from app.catalogues.text.names import people_of
from app.catalogues.text.text import clean_line
from app.rules.book.isbn import find_all, is_scientific
from app.rules.exchange.listing import Condition
from app.rules.shelf.pasted import said
from app.rules.shelf.row import Fault, Intent, ShelfRow

LONGEST_TITLE = 500
LONGEST_NOTE = 200
MOST_AUTHORS = 10

_INFO = re.compile(r"(\w+):\s*(.*?)(?=\s+\w+:|$)")
_OTHER_NUMBERS = frozenset({"info", "links", "identifiers"})
"""Columns that hold more than ISBNs."""
_CONDITIONS = {
    Condition.NEW: ("new", "brand new", "全新", "neu", "neuf"),
    Condition.VERY_GOOD: ("very good", "like new", "as new", "fine", "九成新", "九五新", "几乎全新", "sehr gut"),
    Condition.GOOD: ("good", "used good", "八成新", "良好", "gut", "bon"),
    Condition.WORN: ("worn", "fair", "acceptable", "poor", "reading copy", "七成新", "五成新", "旧", "akzeptabel"),
}
_CONDITION_OF = {plain_name(word): condition for condition, words in _CONDITIONS.items() for word in words} | {
    plain_name(condition): condition for condition in Condition
}


class ShelfCells(TableRow):
    """One row of a table, its cells asked for by what a reader's list needs."""

    def __init__(self, cells: list[object], table: Table) -> None:
        super().__init__(cells, table)
        self._places = {plain_name(name): at for at, name in reversed([*enumerate(table.columns.header)])}

    def values(self, field: str) -> list[tuple[str, object]]:
        """The names and values of the columns of a field that are not empty; LibraryThing nests its JSON."""
        return [(name, _unnested(value)) for name, value in super().values(field)]

    def said_in(self, names: Iterable[str]) -> Iterator[str]:
        """Yield the texts of the columns of these names that are there and say something."""
        for name in names:
            at = self._places.get(plain_name(name))
            if at is not None and (text := text_of(self._cells[at]).strip()):
                yield text

    def has(self, name: str) -> bool:
        """Return whether the table has a column of this name."""
        return plain_name(name) in self._places

    def title(self) -> str:
        """The title, "" when there is none."""
        return self._title()

    def authors(self) -> tuple[str, ...]:
        """The authors of the columns for them."""
        people = people_of([_listed(name) for name in self._names("authors") + self._names("more_authors")])
        return people.authors[:MOST_AUTHORS]

    def year(self) -> int | None:
        """The year of the edition, else of the work."""
        return year_of(self._date())

    def publisher(self) -> str:
        """The publisher, "" when it is not said."""
        return self._line("publisher")


def read_row(row: Row, table: Table, program: str, intent: Intent) -> ShelfRow | None:
    """Return what a row says, None for an empty one; `intent` is that of a list that says nothing about it."""
    if isinstance(row.cells, BadLine):
        return ShelfRow(row.first, reason=Fault.BROKEN, intent=intent)
    if not any(text_of(cell).strip() for cell in row.cells):
        return None
    width = len(table.columns.header)
    if any(cell not in (None, "") for cell in row.cells[width:]):
        return ShelfRow(row.first, reason=Fault.BROKEN, intent=intent, said=said(text_of(row.cells[0])))
    cells = ShelfCells(row.cells[:width] + [""] * (width - len(row.cells)), table)
    meant = _intent_of(cells, program, intent)
    try:
        return _read(row.first, cells, program, meant)
    except BadLine:
        return ShelfRow(row.first, reason=Fault.TOO_LONG, intent=meant, said=said(cells.text("title")))


def _read(number: int, cells: ShelfCells, program: str, intent: Intent) -> ShelfRow:
    title, authors, year, publisher = cells.title(), cells.authors(), cells.year(), cells.publisher()
    if len(title) > LONGEST_TITLE:
        return ShelfRow(number, reason=Fault.TOO_LONG, intent=intent, said=said(title))
    if program == programs.NEODB:
        info = {key: value for text in cells.said_in(["info"]) for key, value in _INFO.findall(text)}
        authors = authors or people_of([info.get("author", "")]).authors
        year = year or year_of(info.get("pub_year", "") or info.get("year", ""))
    if program == programs.DOUBAN and (imprint := _imprint_of(cells)):
        authors = authors or people_of([imprint.author]).authors[:1]
        publisher, year = publisher or imprint.publisher, year or imprint.year
    isbn, given = _number_of(cells)
    reason = None if isbn or title else _fault_of(given)
    return ShelfRow(
        number, isbn, title, authors, year, clean_line(publisher), intent, reason,
        said="" if isbn else said(given), condition=_condition_of(cells), note=_note_of(cells),
    )  # fmt: skip


def _number_of(cells: ShelfCells) -> tuple[str | None, str]:
    """Return the ISBN of a row, or else what stands in its place."""
    given = [text for name, text in cells.numbers() if plain_name(name) not in _OTHER_NUMBERS]
    return cells.find_isbn(), next((text for text in given if any(map(str.isdigit, text))), "")


def _fault_of(given: str) -> Fault:
    if is_scientific(given):
        return Fault.ROUNDED_NUMBER
    if find_all(given):
        return Fault.WRONG_CHECK_DIGIT
    return Fault.NO_NUMBER if given else Fault.NO_BOOK


def _intent_of(cells: ShelfCells, program: str, otherwise: Intent) -> Intent:
    if program == programs.OPENREADS and "true" in cells.said_in(["deleted"]):
        return Intent.NOTHING
    names = [name for name in programs.STATUS if cells.has(name)][:1]
    status, tags, owned, formats = (
        [*cells.said_in(of)] for of in (names, programs.TAGS, programs.OWNED, programs.FORMATS)
    )
    is_owned = program == programs.CALIBRE
    if program == programs.CALIBRE:  # names the files of a book, of which one on paper has none
        formats = ["ebook"] if [*cells.said_in(["formats"])] else []
    if program == programs.LIBRARYTHING:
        status = [*cells.said_in(["collections"])]
        is_owned = not status
    meant = intent_of(status or ([] if names else tags), tags, owned, formats, is_owned)
    return otherwise if meant is Intent.NOTHING and not status and not owned else meant


def _imprint_of(cells: ShelfCells) -> Imprint | None:
    return next(filter(None, map(read_imprint, cells.said_in(["简介"]))), None)


def _condition_of(cells: ShelfCells) -> Condition | None:
    return next(filter(None, (_CONDITION_OF.get(plain_name(text)) for text in cells.said_in(programs.CONDITION))), None)


def _note_of(cells: ShelfCells) -> str:
    return next((clean_line(text, LONGEST_NOTE) for text in cells.said_in(programs.NOTE)), "")


def _unnested(value: object) -> object:
    """Return a cell of LibraryThing's JSON: numbers by their kind, and people as records."""
    if isinstance(value, dict) and not {"name", "value", "title"} & value.keys():
        return value.get("fl") or value.get("lf") or [*value.values()]
    if isinstance(value, list):
        return [_unnested(entry) for entry in flat(value)]
    return value


def _listed(name: object) -> object:
    """Return the names that a cell holds as a list of JSON, as 豆伴 writes them."""
    if isinstance(name, str) and name.startswith("["):
        try:
            return json.loads(name)
        except ValueError:
            return name
    return name
