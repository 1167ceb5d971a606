"""The books that stand beside a book: those of its series, and more by its authors."""

import re
from collections.abc import Sequence
from math import inf
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from app.models.base import db
from app.models.book import Book, BookSummary
from app.rules.book.normalise import normalise
from app.rules.book.volumes import volume_alone
from app.rules.text import fold_width
from app.search.extension import site_search

SHOWN = 6
"""How many books of each kind."""
_LOOKED_AT = 30
"""How many hits of a search may be of the series, or by the authors."""

_NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]+)?")
_HALVES = {"上": "1", "前": "1", "中": "2", "下": "3", "后": "3"}


class Neighbours(NamedTuple):
    """Works beside a work, each as its best edition."""

    in_series: list[BookSummary]
    by_author: list[BookSummary]


class _Found(NamedTuple):
    """What decides whether a book that was found stands beside another."""

    id: int
    work_id: int
    authors: list[str]
    series: str
    series_number: str


_book: Any = Book.__table__
_FOUND = select(*(_book.c[name] for name in _Found._fields)).where(_book.c.id.in_(bindparam("ids", expanding=True)))


def list_neighbours(book: Book) -> Neighbours:
    """Return the works of the series of a book around its place in it, and further works by its authors.

    Two statements, or none.
    """
    for_series, for_author = _search(book.series), _search(" ".join(book.authors[:1]))
    ids = list({*for_series, *for_author})
    rows = db.session.execute(_FOUND, {"ids": ids}) if ids else ()
    found = {row.id: _Found(*row) for row in rows if row.work_id != book.work_id}
    in_series = _in_order([found[id] for id in for_series if id in found], book)
    names, known = {_folded(name) for name in book.authors}, {found[id].work_id for id in in_series}
    further = (found[id] for id in for_author if id in found and found[id].work_id not in known)
    by_author = [other.id for other in further if names.intersection(map(_folded, other.authors))][:SHOWN]
    shown = {other.id: other for other in Book.list_by_ids([*in_series, *by_author])} if in_series or by_author else {}
    return Neighbours(*([shown[id] for id in ids if id in shown] for ids in (in_series, by_author)))


def _search(text: str) -> Sequence[int]:
    """Return the best editions of the works found for a text."""
    if not text:
        return ()
    answer = site_search().index.search(text[:100], per_page=_LOOKED_AT, by_work=True)
    return () if answer.suggestion else answer.book_ids


def _in_order(found: Sequence[_Found], book: Book) -> list[int]:
    """Return those of the series of a book in its order, as many as are shown, around the book's place."""
    places = {other.id: _place(other.series_number) for other in found if _folded(other.series) == _folded(book.series)}
    in_order = sorted(places, key=lambda number: (places[number], number))
    before = sum(places[id] < _place(book.series_number) for id in in_order)
    first = max(0, min(before - SHOWN // 2, len(in_order) - SHOWN))
    return in_order[first : first + SHOWN]


def _place(number: str) -> tuple[float, str]:
    text = normalise(number).strip()
    volume = volume_alone(text) or text
    found = _NUMBER.search(_HALVES.get(volume, volume))
    return float(found[0]) if found else inf, number


def _folded(text: str) -> str:
    return fold_width(text).casefold()
