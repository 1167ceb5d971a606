"""The book that a row of a table describes."""

from typing import Any

from app.catalogues.base import BookRecord
from app.catalogues.files.cells import Cells, date_in, flat, is_no_number, is_no_text, number_in, plain_cell, text_of
from app.catalogues.files.list_files import LIMITS, LINE_LIMIT, BadLine, fitting
from app.catalogues.files.tables import Table
from app.catalogues.text.cleaning import clean_date, clean_language, clean_pages, clean_price, people_of
from app.catalogues.text.names import MOST_NAMES, People
from app.catalogues.text.series import Series, clean_number, series_in_title, series_of
from app.catalogues.text.subjects import clean_subjects, split_subjects
from app.catalogues.text.text import clean_line, clean_text, plain_text
from app.catalogues.text.works import clean_original_title, clean_work_key, clean_year
from app.rules.book import isbn as isbn_rules

_NEARLY_CUT = LIMITS["name"] - 2
"""What is longer may be the beginning of a name that is too long to be stored."""


class TableRow:
    """One row, its cells asked for by field."""

    def __init__(self, cells: Cells, table: Table) -> None:
        self._cells = cells
        self._table = table

    def values(self, field: str) -> list[tuple[str, object]]:
        """The names and values of the columns of a field that are not empty."""
        columns = self._table.columns
        if not (used := columns.used.get(field)):
            return []
        found = [(columns.header[at], _unwrapped(self._cells[at])) for at in used]
        return [(name, value) for name, value in found if value not in ("", None, [], {})]

    def text(self, field: str) -> str:
        """The text of the first column of a field that says something."""
        return next((text for _, value in self.values(field) if not is_no_text(text := text_of(value))), "")

    def record(self, source: str) -> BookRecord:
        """The book that the row describes."""
        isbn, title = self._isbn(), self._title()
        if not title:
            raise BadLine("no title")
        people = self._people()
        return BookRecord(
            isbn=isbn,
            title=title,
            subtitle=self._line("subtitle"),
            authors=people.authors,
            translators=people.translators,
            publisher=self._line("publisher").replace("|", "/"),
            pubdate=self._date(),
            pages=clean_pages(number_in(self.text("pages"))),
            price=self._price(),
            binding=self._line("binding"),
            summary=self._summary(),
            language=clean_language(self.text("language")),
            source=source,
            **self._of_the_work(title, people),
        )

    def _first(self, field: str) -> str:
        return next((text_of(value) for _, value in self.values(field)), "")

    def numbers(self) -> list[tuple[str, str]]:
        """The texts that stand in the columns of numbers, with the names of the columns."""
        return [
            (name, text)
            for name, value in self.values("isbn")
            for text in (text_of(one).strip() for one in (value if isinstance(value, list) else [value]))
            if not is_no_number(text)
        ]

    def find_isbn(self) -> str | None:
        """The first valid number of all columns that hold numbers."""
        given = self.numbers()
        found = next(filter(None, (isbn_rules.parse(text) for _, text in given)), None)
        if found is None and self._table.has_lost_zeros:
            found = next(filter(None, (isbn_rules.restore_zeros(text) for _, text in given)), None)
        return found

    def _isbn(self) -> str:
        if found := self.find_isbn():
            return found
        raise BadLine(_told_isbn(self.numbers()))

    def _people(self) -> People:
        authors = self._names("authors") + self._names("more_authors")
        people = people_of(authors, self._names("translators"))
        helpers = people_of(self._names("contributors")).translators
        found = People(people.authors, tuple(dict.fromkeys((*people.translators, *helpers))))
        for name in (*found.authors, *found.translators):
            if len(name) > _NEARLY_CUT:
                raise BadLine(f"a name has more than {LIMITS['name']} characters: {name[:60]!r}…")
        return found

    def _names(self, field: str) -> list[object]:
        values = self.values(field)
        if field in ("authors", "translators"):
            values = values[:1]
        parts: list[object] = []
        for _, value in values:
            for entry in flat(value):
                parts += entry.split("|") if isinstance(entry, str) else [entry]
        kept = [part for part in parts if not (isinstance(part, str) and is_no_text(part))]
        _ensure_storable(len(kept), field)
        for part in kept:
            fitting("names", part if isinstance(part, str) else "")
        return kept

    def _date(self) -> str:
        """The first column of a date that says one; a table that knows no editions has the first year only."""
        field = "pubdate" if "pubdate" in self._table.columns.used else "first_year"
        dates = (date_in(text_of(value)) for _, value in self.values(field))
        return clean_date(fitting("pubdate", next(filter(None, dates), "")))

    def _title(self) -> str:
        """The title as it is: there are books that are called `NaN` and `-`."""
        return clean_line(fitting("title", self._first("title")), 3 * LINE_LIMIT)

    def _line(self, name: str) -> str:
        return clean_line(fitting(name, self.text(name)), 3 * LINE_LIMIT)

    def _price(self) -> str:
        return clean_price(fitting("price", self.text("price")))

    def _of_the_work(self, title: str, people: People) -> dict[str, Any]:
        """What the row says of the work behind the edition, by fields of a record."""
        series = self._series(title)
        original = self._line("original_title")
        return {
            "original_title": clean_original_title(original, title, people.authors, 3 * LINE_LIMIT),
            "series": series.name,
            "series_number": series.number,
            "subjects": clean_subjects(self._told_subjects(), title, people.authors),
            "work_key": clean_work_key(self.text("work_key")),
            "first_year": clean_year(date_in(self.text("first_year"))),
        }

    def _series(self, title: str) -> Series:
        """The series by its own columns, else by what stands in brackets behind the title."""
        said = self._line("series")
        if not said:
            return series_in_title(title)
        series = series_of(said)
        return series._replace(number=clean_number(self.text("series_number")) or series.number)

    def _told_subjects(self) -> list[str]:
        values = [value for _, value in self.values("subjects")]
        cells = [cell for value in values for cell in (value if isinstance(value, list) else [value])]
        return [subject for cell in cells for subject in split_subjects(text_of(cell))]

    def _summary(self) -> str:
        return clean_text(fitting("summary", self.text("summary")), 3 * LIMITS["summary"])


class OwnRow(TableRow):
    """A row of our own export: nothing is cleaned twice, so that what is read is what was stored."""

    def text(self, field: str) -> str:
        """The text of the column, as it was stored."""
        text = self._first(field)
        return plain_text(text) if text else text

    def _isbn(self) -> str:
        """The ISBN; empty for a book without one."""
        return super()._isbn() if self._first("isbn").strip() else ""

    def _people(self) -> People:
        authors, translators = (self._names_stored(field) for field in ("authors", "translators"))
        return People(authors, translators)

    def _names_stored(self, field: str) -> tuple[str, ...]:
        text = self.text(field)
        parts = [fitting("name", part) for part in text.split("|") if part] if text else []
        _ensure_storable(len(parts), field)
        return tuple(parts)

    def _of_the_work(self, *_: object) -> dict[str, Any]:
        stored = {name: self._line(name) for name in ("original_title", "series", "series_number", "work_key")}
        return stored | {"subjects": self._names_stored("subjects"), "first_year": clean_year(self.text("first_year"))}

    def _date(self) -> str:
        return fitting("pubdate", self.text("pubdate"))

    def _title(self) -> str:
        return self._line("title")

    def _line(self, name: str) -> str:
        text = self.text(name)
        return fitting(name, text) if text else text

    def _price(self) -> str:
        return fitting("price", self.text("price"))

    def _summary(self) -> str:
        return fitting("summary", self.text("summary"))


def _ensure_storable(names: int, field: str) -> None:
    if names > MOST_NAMES:
        raise BadLine(f"{names} {field}, at most {MOST_NAMES} can be stored")


def _told_isbn(given: list[tuple[str, str]]) -> str:
    """Say in which column what stands instead of an ISBN."""
    if not given:
        return "no ISBN"
    for name, text in given:
        if isbn_rules.is_scientific(text):
            return (
                f"column {name}: {text[:80]!r} is a number that a spreadsheet has rounded, its last digits are lost: "
                "make the column a text in the program it comes from and save it again"
            )
    name, text = given[0]
    return f"column {name}: {text[:80]!r} is not a valid ISBN"


def _unwrapped(value: object) -> object:
    return plain_cell(value) if isinstance(value, str) else value
