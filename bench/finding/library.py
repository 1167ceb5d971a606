"""The books that are asked for, in a database that is imported from a catalogue.

The catalogue is a CSV file of `flask books import`, which may be packed with xz. Where it has no original titles and
no series, some titles are withheld from the import and given to translations as their original titles, and to Chinese
books as names of series, so that those kinds of queries can be drawn too.
"""

import csv
import json
import lzma
import os
import re
import sqlite3
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random

from app.rules.book.normalise import normalise
from app.rules.book.people import person_of
from app.rules.book.title_parts import take_apart
from bench.server import ROOT

_SEED = 14  # of what is withheld; the same whatever queries are drawn
_ORIGINALS, _SERIES, _IN_SERIES = 600, 60, 10
_SERIES_ENDS = ("文库", "译丛", "丛书", "书系")
HAN = re.compile("[\u4e00-\u9fff]")
_SCRIPTS = {
    "japanese": re.compile("[\u3041-\u30ff]"),
    "korean": re.compile("[\uac00-\ud7af]"),
    "chinese": HAN,
    "russian": re.compile("[\u0400-\u04ff]"),
    "greek": re.compile("[\u0370-\u03ff]"),
    "arabic": re.compile("[\u0590-\u06ff]"),
    "latin": re.compile("[a-zA-Z]"),
}
_COLUMNS = "id, isbn, work_id, title, subtitle, authors, translators, publisher, original_title, series, series_number"
_NATIONALITY = re.compile(r"^\s*[\[(（【〔].{1,12}?[\])）】〕]\s*")
_SHORT_TITLE = re.compile(r"\s*(?:[(（\[【].*|[:：].*|\s[-—].*)$")


@dataclass(frozen=True)
class Book:
    """A book as it is stored."""

    id: int
    isbn: str
    work: int
    title: str
    subtitle: str
    authors: tuple[str, ...]
    translators: tuple[str, ...]
    publisher: str
    original_title: str
    series: str
    series_number: str

    @cached_property
    def head(self) -> str:
        """The title without brackets and subtitle."""
        return _SHORT_TITLE.sub("", self.title).strip() or self.title

    @cached_property
    def script(self) -> str:
        """The script of the title."""
        return next((name for name, letters in _SCRIPTS.items() if letters.search(self.title)), "")

    @cached_property
    def families(self) -> frozenset[str]:
        """The family names of the authors, as they are compared."""
        return frozenset(person_of(name).family for name in self.authors) - {""}

    @cached_property
    def name(self) -> tuple[str, str]:
        """What names the work, and its volume."""
        parts = take_apart(self.title, self.subtitle)
        return parts.name or normalise(self.title), parts.volume


@dataclass(frozen=True)
class Library:
    """All books, by their ids and by the scripts of their titles."""

    books: dict[int, Book]

    @cached_property
    def by_script(self) -> dict[str, list[Book]]:
        """The books of each script, by ascending id."""
        found: dict[str, list[Book]] = defaultdict(list)
        for book in self.books.values():
            found[book.script].append(book)
        return found

    @cached_property
    def _titles(self) -> str:
        return "\n".join(sorted({normalise(book.title) for book in self.books.values()}))

    def is_rare(self, text: str) -> bool:
        """Return whether at most three titles have this text, so that one of them can be asked for by it."""
        at, folded = -1, normalise(text)
        for _ in range(4):
            if (at := self._titles.find(folded, at + 1)) < 0:
                return True
            at = self._titles.find("\n", at)
        return False


def make_library(catalogue: Path, folder: Path) -> tuple[Path, Library]:
    """Import a catalogue into a new database, or take the one that is already in the folder."""
    database = folder / f"{catalogue.name.split('.')[0]}.db"
    if not database.exists():
        table = folder / "catalogue.csv"
        _write_table(catalogue, table)
        part = database.with_suffix(".part")
        part.unlink(missing_ok=True)
        environ = os.environ | {
            "FISHER_SQLALCHEMY_DATABASE_URI": f"sqlite:///{part}",
            "FISHER_SEARCH_INDEX_PATH": str(folder / "unused.search"),
            "FISHER_IMPORTS_PATH": str(folder / "imports"),
        }
        for command in (
            ("db", "upgrade"),
            ("books", "import", str(table)),
        ):  # the import ends with 1 for a rejected line
            line = [sys.executable, "-m", "flask", "--app", "fisher", *command]
            subprocess.run(line, cwd=ROOT, env=environ, check=False, capture_output=True)
        with closing(sqlite3.connect(part)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
        part.rename(database)
        table.unlink()
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(f"SELECT {_COLUMNS} FROM book ORDER BY id")  # noqa: S608 -- our own text
        return database, Library({row[0]: _book(row) for row in rows})


def _book(row: Sequence[object]) -> Book:
    id, isbn, work, title, subtitle, authors, translators, *others = row
    texts = (str(text or "") for text in others)
    return Book(
        int(str(id)),
        str(isbn or ""),
        int(str(work)),
        str(title),
        str(subtitle or ""),
        *map(_names, (authors, translators)),
        *texts,
    )


def _names(names: object) -> tuple[str, ...]:
    return tuple(_NATIONALITY.sub("", name) for name in json.loads(str(names or "[]")))


def _write_table(catalogue: Path, table: Path) -> None:
    """Write the catalogue with original titles and series, without the titles that were made into them."""
    reader = lzma.open if catalogue.suffix == ".xz" else open
    with reader(catalogue, "rt", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    withheld = set(_give_originals(rows)) | set(_give_series(rows))
    fields = dict.fromkeys([*rows[0], "original_title", "series"])
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields, restval="")
        writer.writeheader()
        writer.writerows(row for number, row in enumerate(rows) if number not in withheld)


def _give_originals(rows: list[dict[str, str]]) -> Iterator[int]:
    if any(row.get("original_title") for row in rows):
        return
    draw = Random(_SEED)
    known = Counter(normalise(_SHORT_TITLE.sub("", row["title"])) for row in rows)
    english = [
        at
        for at, row in enumerate(rows)
        if re.fullmatch(r"[A-Z][a-z]+(?: [A-Za-z]+){2,5}", row["title"]) and known[normalise(row["title"])] == 1
    ]
    translated = [row for row in rows if row["translators"] and HAN.search(row["title"])]
    russian = [row for row in rows if row["language"] == "ru" and row["authors"]]
    lucky = draw.sample(translated, min(_ORIGINALS // 2, len(translated))) + draw.sample(
        russian, min(_ORIGINALS // 2, len(russian))
    )
    for row, at in zip(lucky, draw.sample(english, min(len(lucky), len(english))), strict=False):
        row["original_title"] = rows[at]["title"]
        yield at


def _give_series(rows: list[dict[str, str]]) -> Iterator[int]:
    if any(row.get("series") for row in rows):
        return
    draw = Random(_SEED)
    names = [at for at, row in enumerate(rows) if re.fullmatch("[\u4e00-\u9fff]{3,4}", row["title"])]
    chinese = [row for row in rows if HAN.search(row["title"]) and row["publisher"]]
    for at in draw.sample(names, min(_SERIES, len(names))):
        name = rows[at]["title"] + draw.choice(_SERIES_ENDS)
        for row in draw.sample(chinese, min(_IN_SERIES, len(chinese))):
            row["series"] = name
        yield at
