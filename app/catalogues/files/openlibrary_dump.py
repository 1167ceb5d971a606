"""Open Library's dump files: five tab-separated columns `type`, `key`, `revision`, `last_modified`, `JSON`.

A dump is read twice: `read_names` keeps who wrote what, then `read_editions` gives the books.
"""

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from types import NoneType
from typing import Any

import orjson

from app.catalogues.base import BookRecord
from app.catalogues.files.dump_names import DumpNames
from app.catalogues.files.list_files import (
    LIMITS,
    LINE_LIMIT,
    BadLine,
    BookLine,
    ListLine,
    PassedLine,
    RejectedLine,
    fitting,
)
from app.catalogues.text.cleaning import (
    clean_date,
    clean_language,
    clean_pages,
    language_of_isbn,
)
from app.catalogues.text.editions import joined_title, original_title_of, series_of_edition, subjects_of, translators_of
from app.catalogues.text.text import clean_line, clean_text
from app.rules.book import isbn as isbn_rules

SOURCE = "openlibrary"
COVERS = "https://covers.openlibrary.org/b/id"
TYPES: dict[str, tuple[type, ...]] = {
    "title": (str,), "title_prefix": (str,), "subtitle": (str,), "isbn_13": (list,), "isbn_10": (list,),
    "publishers": (list,), "publish_date": (str,), "number_of_pages": (int,), "pagination": (str,),
    "physical_format": (str,), "languages": (list,), "description": (str, dict), "covers": (list,), "works": (list,),
    "authors": (list,), "contributors": (list,), "contributions": (list,), "by_statement": (str,),
}  # fmt: skip

_EDITION = b"/type/edition\t"
_TOLD_EVERY = 20  # of the lines left to the other reading, to say how far this one is


def read_names(lines: Iterable[bytes | None], names: DumpNames, start: int = 0) -> Iterator[ListLine]:
    """Keep the authors, works and redirects behind line `start`; the editions are left to `read_editions`."""
    for number, line in enumerate(lines, 1):
        if number <= start:
            continue
        if line is None:
            yield RejectedLine(number, "the line is too long to be read")
        elif line.startswith(_EDITION):
            if number % _TOLD_EVERY == 0:
                yield PassedLine(number, elsewhere=True)
        else:
            try:
                columns = _columns(line)
                if not columns[0].startswith(b"/type/"):
                    raise BadLine("the first column is not a type")
                kind = columns[0].removeprefix(b"/type/").decode("utf-8", "replace")
                names.add(kind, columns[1].decode("utf-8", "replace"), _json_object(columns[4]))
            except BadLine as reason:
                yield RejectedLine(number, str(reason))
            else:
                yield PassedLine(number)


def read_editions(lines: Iterable[bytes | None], names: DumpNames, start: int = 0) -> Iterator[ListLine]:
    """Yield the editions behind line `start`; all other lines are left to `read_names`."""
    for number, line in enumerate(lines, 1):
        if number <= start:
            continue
        if line is None or not line.startswith(_EDITION):
            if number % _TOLD_EVERY == 0:
                yield PassedLine(number, elsewhere=True)
            continue
        try:
            yield _read_edition(number, line, names)
        except BadLine as reason:
            yield RejectedLine(number, str(reason))


def _read_edition(number: int, line: bytes, names: DumpNames) -> BookLine:
    columns = _columns(line)
    edition = _json_object(columns[4])
    _ensure_types(tuple(map(type, map(edition.get, TYPES))))
    isbns = _isbns(edition)
    prefix, rest = edition.get("title_prefix"), edition.get("title")
    title = _line("title", joined_title(prefix, rest or "") if prefix else rest)
    if not title:
        raise BadLine("no title")
    named = names.authors_of(edition)
    work = names.work_of(edition)
    series = series_of_edition(edition)
    record = BookRecord(
        isbn=isbns[0],
        title=title,
        subtitle=_line("subtitle", edition.get("subtitle")),
        authors=named.authors,
        translators=translators_of(edition),
        publisher=_publisher(edition),
        pubdate=clean_date(fitting("pubdate", edition.get("publish_date") or "")),
        pages=clean_pages(edition.get("number_of_pages")) or clean_pages(edition.get("pagination")),
        binding=_common_line("binding", edition.get("physical_format")),
        summary=_summary(edition.get("description")),
        language=_language(edition, isbns[0]),
        original_title=original_title_of(edition, title, named.authors),
        series=series.name,
        series_number=series.number,
        subjects=subjects_of(edition, work.subjects),
        work_key=work.key,
        first_year=work.first_year,
        cover=_cover(edition.get("covers")),
        source=SOURCE,
    )
    records = (record, *(record._replace(isbn=isbn) for isbn in isbns[1:]))
    return BookLine(number, records, columns[3][:10].decode("ascii", "replace"), named.lacks_names)


def _columns(line: bytes) -> list[bytes]:
    columns = line.split(b"\t")
    if len(columns) != 5:
        raise BadLine(f"{len(columns)} columns instead of 5")
    return columns


def _json_object(text: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        found = _json_with_reason(text)
    if not isinstance(found, dict):
        raise BadLine("the record is not an object")
    return found


def _json_with_reason(text: bytes) -> object:
    """What the stricter reader refuses: some of it is right, for the rest we say why.

    Halves of surrogate pairs are dropped: no file and no database takes them.
    """
    try:
        found = json.loads(text.rstrip(b"\r\n").decode())
        return json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "ignore"))
    except UnicodeDecodeError:
        raise BadLine("the record is not UTF-8") from None
    except RecursionError:
        raise BadLine("the record is nested too deeply") from None
    except ValueError as error:
        raise BadLine(f"the record is not JSON: {error}") from None


@lru_cache(maxsize=4096)  # a few hundred combinations make up a dump
def _ensure_types(types: tuple[type, ...]) -> None:
    for (name, kinds), kind in zip(TYPES.items(), types, strict=True):
        if kind not in (*kinds, NoneType):
            raise BadLine(f"{name} is of the wrong type: {kind.__name__}")


def _isbns(edition: dict[str, Any]) -> list[str]:
    """All valid ISBNs of an edition as 13 digits, those it gives as such first."""
    long, short = _texts(edition, "isbn_13"), _texts(edition, "isbn_10")
    found = [isbn for isbn in map(isbn_rules.parse, long) if isbn]
    if short:
        # Most editions give one number in both forms: the ten digits then say nothing new.
        bodies = {isbn[3:12] for isbn in found if isbn.startswith("978")}
        found += [isbn for isbn in (isbn_rules.parse(text) for text in short if text[:9] not in bodies) if isbn]
    if not found:
        said = ", ".join(long + short)[:80]
        raise BadLine(f"no valid ISBN: {said}" if said else "no ISBN")
    return list(dict.fromkeys(found)) if len(found) > 1 else found


def _texts(edition: dict[str, Any], name: str) -> list[str]:
    values: list[str] = edition.get(name) or []
    for value in values:
        if not isinstance(value, str):
            raise BadLine(f"{name} holds a {type(value).__name__}")
    return values


def _line(name: str, value: str | None) -> str:
    return clean_line(fitting(name, value), 3 * LINE_LIMIT) if value else ""


@lru_cache(maxsize=4096)
def _common_line(name: str, value: str | None) -> str:
    """A line that many editions have in common."""
    return _line(name, value)


def _publisher(edition: dict[str, Any]) -> str:
    for name in _texts(edition, "publishers"):
        if line := _common_line("publisher", name):
            return line
    return ""


def _summary(value: str | dict[str, Any] | None) -> str:
    text = value.get("value") if isinstance(value, dict) else value
    if text is not None and not isinstance(text, str):
        raise BadLine("description holds no text")
    return clean_text(fitting("summary", text), 3 * LIMITS["summary"]) if text else ""


def _language(edition: dict[str, Any], isbn: str) -> str:
    return clean_language(edition.get("languages")) or language_of_isbn(isbn)


def _cover(numbers: list[object] | None) -> str:
    """The address of the first picture; -1 and null stand for deleted ones."""
    for number in numbers or ():
        if type(number) is int and 0 < number < 10**12:  # true is an int too
            return f"{COVERS}/{number}-L.jpg"
    return ""
