"""Which of the site's books a row of a reader's list names: one for certain, one of several, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from app.rules.book.normalise import normalise
from app.rules.book.people import person_of
from app.rules.shelf.row import Intent, ShelfRow

MOST_CANDIDATES = 5
"""Of which a reader can choose one."""

_HAN = range(0x3400, 0xA000)


class Outcome(StrEnum):
    """How sure it is which book a row names."""

    CERTAIN = "certain"
    SEVERAL = "several"
    """The reader has to choose, even if there is only one candidate, whose title alone agrees."""
    NONE = "none"


class Candidate(NamedTuple):
    """A book that a row may name; `by_title` when its author is not known to be that of the row."""

    book_id: int
    work_id: int
    year: int | None
    publisher: str
    has_cover: bool
    by_title: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """What a row names: one candidate if that is certain, else the likeliest first."""

    outcome: Outcome
    candidates: tuple[Candidate, ...] = ()


NOTHING_FOUND = Choice(Outcome.NONE)


def choose(row: ShelfRow, candidates: Sequence[Candidate]) -> Choice:
    """Return what a row names among the books of its title.

    Who wishes for a book wants the work, for which any of its editions stands; who owns one has a certain edition,
    which is known by its year and publisher, unless there is only one. A number that the site does not know is another
    edition.
    """
    if not candidates:
        return NOTHING_FOUND
    likeliest = sorted(candidates, key=lambda candidate: _order(row, candidate))
    if certain := _find_certain(row, likeliest):
        return Choice(Outcome.CERTAIN, (certain,))
    return Choice(Outcome.SEVERAL, tuple(likeliest[:MOST_CANDIDATES]))


def may_be_by(names: Sequence[str], others: Sequence[str]) -> bool:
    """Return whether two lists of authors may be of one book: also when one is empty, or their scripts differ."""
    ours, theirs = ({person_of(name).family for name in said} - {""} for said in (names, others))
    if not ours or not theirs or not ours.isdisjoint(theirs):
        return True
    return {_is_han(name) for name in ours}.isdisjoint(_is_han(name) for name in theirs)


def _find_certain(row: ShelfRow, likeliest: Sequence[Candidate]) -> Candidate | None:
    if any(candidate.by_title for candidate in likeliest):
        return None
    is_one_work = len({candidate.work_id for candidate in likeliest}) == 1
    if row.intent is Intent.WISH and is_one_work:
        return likeliest[0]
    if row.isbn:
        return None
    exact = [candidate for candidate in likeliest if _fits_year(row, candidate) and _fits_publisher(row, candidate)]
    if len(exact) == 1:
        return exact[0]
    of_year = [candidate for candidate in likeliest if _fits_year(row, candidate) and not _contradicts(row, candidate)]
    if len(of_year) == 1 and is_one_work:
        return of_year[0]
    only = likeliest[0]
    return only if len(likeliest) == 1 and not _contradicts(row, only) else None


def _order(row: ShelfRow, candidate: Candidate) -> tuple[object, ...]:
    fits = (not _fits_year(row, candidate), not _fits_publisher(row, candidate))
    return (*fits, not candidate.has_cover, -(candidate.year or 0), candidate.book_id)


def _fits_year(row: ShelfRow, candidate: Candidate) -> bool:
    return row.year is not None and row.year == candidate.year


def _fits_publisher(row: ShelfRow, candidate: Candidate) -> bool:
    ours, theirs = normalise(row.publisher).strip(), normalise(candidate.publisher).strip()
    return bool(ours and theirs) and (ours in theirs or theirs in ours)


def _contradicts(row: ShelfRow, candidate: Candidate) -> bool:
    """Return whether the row names another year or publisher than the edition has."""
    other_year = row.year is not None and candidate.year is not None and row.year != candidate.year
    other_publisher = bool(row.publisher and candidate.publisher) and not _fits_publisher(row, candidate)
    return other_year or other_publisher


def _is_han(name: str) -> bool:
    return any(ord(letter) in _HAN for letter in name)
