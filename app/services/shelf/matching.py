"""Finding the books that the rows of a reader's list name, many at once."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.catalogues.text.sorting import sort_key
from app.models.base import LIVE, db
from app.models.book import Book
from app.models.work import fingerprint, map_known_works
from app.rules.book.title_parts import TitleParts, take_apart
from app.rules.book.work_key import Edition, title_keys
from app.rules.shelf.choosing import Candidate, Outcome, choose, may_be_by
from app.rules.shelf.row import ShelfRow
from app.services.book.browse import list_languages

AT_ONCE = 500
"""Rows; for each so many, a number of statements that does not depend on them."""
MOST_EDITIONS = 40
"""Of a work that are looked at."""
MOST_OF_TITLES = 20 * AT_ONCE
"""Books with the titles of some rows, whoever wrote them."""

LATIN = (
    "en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "fi", "pl", "cs", "sk", "hu", "ro", "hr", "sl", "tr",
    "id", "vi", "ca", "la",
)  # fmt: skip
LANGUAGES = ("", "zh", "ja", "ko", "ru", "uk", "bg", "sr", "el", "ar", "fa", "he", "hi", "th", *LATIN)
"""In which a title may be; a list seldom says, and the keys of works do."""

_ASIDE = re.compile(r"[(（\[【〔][^()（）\[\]【】〔〕]*[)）\]】〕]|\s*[:：—/].*$")

_book: Any = Book.__table__
_CANDIDATE = (
    _book.c.id.label("book_id"),
    _book.c.work_id,
    _book.c.year,
    _book.c.publisher,
    (_book.c.cover != "").label("has_cover"),
)


@dataclass(frozen=True, slots=True)
class Match:
    """A row, how sure it is which book it names, and the ids of that book, or of those to choose from."""

    row: ShelfRow
    outcome: Outcome
    book_ids: tuple[int, ...] = ()
    work_id: int | None = None
    """The work if all of these books are its editions."""


def match_rows(rows: Sequence[ShelfRow]) -> list[Match]:
    """Return what each row names, in their order: by its ISBN, else by title and author, else by its title alone.

    Rows with a fault name nothing.
    """
    return [match for start in range(0, len(rows), AT_ONCE) for match in _match(rows[start : start + AT_ONCE])]


def _match(rows: Sequence[ShelfRow]) -> list[Match]:
    lookable = [row for row in rows if row.is_lookable]
    by_isbn = _find_by_isbn([row.isbn for row in lookable if row.isbn])
    unknown = [row for row in lookable if row.title and row.isbn not in by_isbn]
    found = _find_by_keys(unknown)
    found |= _find_by_title([row for row in unknown if not found.get(row)])
    return [_match_of(row, by_isbn, found) for row in rows]


def _match_of(
    row: ShelfRow, by_isbn: Mapping[str, tuple[int, int]], found: Mapping[ShelfRow, Sequence[Candidate]]
) -> Match:
    if row.is_lookable and (known := by_isbn.get(row.isbn or "")):
        book_id, work_id = known
        return Match(row, Outcome.CERTAIN, (book_id,), work_id)
    choice = choose(row, found.get(row, ()))
    works = {candidate.work_id for candidate in choice.candidates}
    ids = tuple(candidate.book_id for candidate in choice.candidates)
    return Match(row, choice.outcome, ids, works.pop() if len(works) == 1 else None)


def _find_by_isbn(isbns: Sequence[str]) -> dict[str, tuple[int, int]]:
    if not isbns:
        return {}
    known = select(_book.c.isbn, _book.c.id, _book.c.work_id).where(_book.c.isbn.in_(isbns), _book.c.status == LIVE)
    return {isbn: (id, work_id) for isbn, id, work_id in db.session.execute(known)}


def _find_by_keys(rows: Sequence[ShelfRow]) -> dict[ShelfRow, list[Candidate]]:
    """Return the editions of the works that have the title and the author of a row."""
    marks = {row: [fingerprint(key) for key in title_keys(_edition_of(row), LANGUAGES)] for row in rows}
    works = map_known_works(db.session.connection(), {mark for of_row in marks.values() for mark in of_row})
    editions = _list_editions(set(works.values()))
    of_row = {row: dict.fromkeys(works[mark] for mark in marks[row] if mark in works) for row in rows}
    return {row: [edition for work in of_row[row] for edition in editions[work]] for row in rows}


def _edition_of(row: ShelfRow) -> Edition:
    return Edition(row.isbn, row.title, "", row.authors, "", "", "", "", "", "")


def _list_editions(works: Iterable[int]) -> dict[int, list[Candidate]]:
    wanted = list(works)
    editions: dict[int, list[Candidate]] = defaultdict(list)
    if wanted:
        place = func.row_number().over(partition_by=_book.c.work_id, order_by=(_book.c.cover == "", _book.c.id))
        of_works = select(*_CANDIDATE, place.label("place")).where(_book.c.work_id.in_(wanted), _book.c.status == LIVE)
        ranked = of_works.subquery()
        first = select(*(ranked.c[name] for name in Candidate._fields[:-1])).where(ranked.c.place <= MOST_EDITIONS)
        for row in db.session.execute(first):
            edition = Candidate(*row)
            editions[edition.work_id].append(edition)
    return editions


def _find_by_title(rows: Sequence[ShelfRow]) -> dict[ShelfRow, list[Candidate]]:
    """Return the books that have the title of a row, unless they are known to be by somebody else."""
    keys = {row: {sort_key(title) for title in (row.title, _ASIDE.sub("", row.title)) if title} for row in rows}
    wanted = sorted({key for of_row in keys.values() for key in of_row})
    if not wanted:
        return {}
    titled = select(*_CANDIDATE, _book.c.sort_key, _book.c.title, _book.c.subtitle, _book.c.authors)
    titled = titled.where(_book.c.language.in_(list_languages()), _book.c.status == LIVE, _book.c.sort_key.in_(wanted))
    books = defaultdict(list)
    for book in db.session.execute(titled.limit(MOST_OF_TITLES)):
        books[book.sort_key].append(book)
    return {
        row: _of_title(row, {book.book_id: book for key in of_row for book in books[key]})
        for row, of_row in keys.items()
    }


def _of_title(row: ShelfRow, books: Mapping[int, Any]) -> list[Candidate]:
    parts = take_apart(row.title)
    return [
        Candidate(book.book_id, book.work_id, book.year, book.publisher, book.has_cover, by_title=True)
        for book in books.values()
        if _parts_of(book) == parts and may_be_by(row.authors, book.authors)
    ]


def _parts_of(book: Any) -> TitleParts:
    return take_apart(book.title, book.subtitle or "")
