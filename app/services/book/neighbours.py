"""The books that stand beside a book: those of its series, and more by its authors."""

import re
from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from sqlalchemy import select

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


def list_neighbours(book: Book) -> Neighbours:
    """Return the works of the series of a book around its place in it, and further works by its authors."""
    in_series = _list_series(book)
    known = {book.work_id, *(other.work_id for other in in_series)}
    names = {_folded(name) for name in book.authors}
    found = _search(" ".join(book.authors[:1]), known)
    by_author = [other for other in found if names.intersection(map(_folded, other.authors))]
    return Neighbours(in_series, by_author[:SHOWN])


def _list_series(book: Book) -> list[BookSummary]:
    found = {other.id: other for other in _search(book.series, {book.work_id})}
    if not found:
        return []
    rows = db.session.execute(select(Book.id, Book.series, Book.series_number).where(Book.id.in_(found)))
    places = {row.id: _place(row.series_number) for row in rows if _folded(row.series) == _folded(book.series)}
    in_order = sorted(places, key=lambda number: (places[number], number))
    before = sum(places[id] < _place(book.series_number) for id in in_order)
    first = max(0, min(before - SHOWN // 2, len(in_order) - SHOWN))
    return [found[id] for id in in_order[first : first + SHOWN]]


def _search(text: str, known: set[int]) -> list[BookSummary]:
    """Return the best editions of the works found for a text, but for those that are known."""
    if not text:
        return []
    answer = site_search().index.search(text[:100], per_page=_LOOKED_AT, by_work=True)
    ids: Sequence[int] = () if answer.suggestion else answer.book_ids
    return [other for other in Book.list_by_ids(ids) if other.work_id not in known] if ids else []


def _place(number: str) -> tuple[float, str]:
    text = normalise(number).strip()
    volume = volume_alone(text) or text
    found = _NUMBER.search(_HALVES.get(volume, volume))
    return float(found[0]) if found else inf, number


def _folded(text: str) -> str:
    return fold_width(text).casefold()
