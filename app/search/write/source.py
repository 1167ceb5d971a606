"""What the index reads from the main database: books, and the changes noted with them.

Books are read in pages by their id, each page in its own short transaction, so that a long build holds no lock there.
"""

import time
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Engine,
    Select,
    Text,
    create_engine,
    delete,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.ext import serializer

from app.models.base import LIVE, Base
from app.models.book import Book, BookChange
from app.search.schema import rank_bucket

MOST_GAPS = 400  # SQLite allows conditions of 1,000 parts
_PAGE = 2_000
_RANKS_PAGE = 20_000
_RECENT = 100_000  # ids; enough for several imports at once, each of which takes up to 30,000 in a transaction
Row = Sequence[Any]
Gap = tuple[int, int]
"""The first and last of consecutive ids of changes that are missing: they belong to a transaction that is not committed
yet, or to none, because MariaDB reserves ids for a bulk statement in advance.
"""


@dataclass(frozen=True)
class Ranking:
    """What makes a book rank high, as SQL expressions over the book row: an integer and a boolean."""

    popularity: ColumnElement[int] = field(default_factory=lambda: literal(0))
    has_gift: ColumnElement[bool] = field(default_factory=lambda: literal(False))


def left_out(first: int, last: int, seen: Sequence[int]) -> list[Gap]:
    """Return the gaps from `first` to `last` between the ascending ids `seen`."""
    gaps = []
    for number in seen[bisect_left(seen, first) : bisect_right(seen, last)]:
        if first < number:
            gaps.append((first, number - 1))
        first = number + 1
    return [*gaps, (first, last)] if first <= last else gaps


class BookSource:
    """Reads books and changes from the main database."""

    def __init__(self, engine: Engine, ranking: Ranking | None = None) -> None:
        self._engine = engine
        self._ranking = ranking or Ranking()

    def __getstate__(self) -> tuple[URL, bytes]:
        """Pickle what another process needs to open the same database."""
        ranking: bytes = serializer.dumps((self._ranking.popularity, self._ranking.has_gift))  # type: ignore[no-untyped-call]
        return self._engine.url, ranking

    def __setstate__(self, state: tuple[URL, bytes]) -> None:
        """Open the database from what another process has pickled."""
        self._engine = create_engine(state[0])
        self._ranking = Ranking(*serializer.loads(state[1], Base.metadata))  # type: ignore[no-untyped-call]

    def _books(self) -> Select[Any]:
        ranking = self._ranking
        return select(
            Book.id,
            Book.isbn,
            Book.title,
            Book.subtitle,
            type_coerce(Book.authors, Text),  # as JSON: most books have no translators, and many no second author
            type_coerce(Book.translators, Text),
            Book.publisher,
            Book.original_title,
            Book.series,
            Book.series_number,
            Book.work_id,
            Book.language,
            ranking.popularity,
            ranking.has_gift,
        ).where(Book.status == LIVE)

    def _rows(self, statement: Select[Any]) -> list[Row]:
        with self._engine.connect() as connection:
            return list(connection.execute(statement))

    def count_books(self) -> int:
        """Return how many live books there are."""
        return int(self._rows(select(func.count()).select_from(Book).where(Book.status == LIVE))[0][0])

    def all_books(self) -> Iterator[list[Row]]:
        """Yield all live books in pages, by ascending id."""
        last = -1
        while page := self._rows(self._books().where(Book.id > last).order_by(Book.id).limit(_PAGE)):
            last = page[-1][0]
            yield page

    def books_by_rank(self) -> Iterator[list[Row]]:
        """Yield all live books in pages, the best rank classes first; uses 8 bytes of memory for each book."""
        classes: defaultdict[int, array[int]] = defaultdict(lambda: array("Q"))
        for id, popularity, has_gift in self._ranks():
            classes[rank_bucket(int(popularity or 0), bool(has_gift))].append(id)
        for _, ids in sorted(classes.items(), reverse=True):
            for start in range(0, len(ids), _PAGE):
                yield self.books_by_id(ids[start : start + _PAGE])

    def _ranks(self) -> Iterator[Row]:
        columns = select(Book.id, self._ranking.popularity, self._ranking.has_gift).where(Book.status == LIVE)
        last = -1
        while page := self._rows(columns.where(Book.id > last).order_by(Book.id).limit(_RANKS_PAGE)):
            last = page[-1][0]
            yield from page

    def books_by_id(self, ids: Sequence[int]) -> list[Row]:
        """Return the rows of those books that are live."""
        return self._rows(self._books().where(Book.id.in_(ids)).order_by(Book.id))

    def change_range(self) -> tuple[int, int]:
        """Return the ids of the oldest and the newest change stored, or (0, 0)."""
        oldest, newest = self._rows(select(func.min(BookChange.id), func.max(BookChange.id)))[0]
        return oldest or 0, newest or 0

    def change_stamp(self, change: int) -> str:
        """Return what distinguishes a change from one with the same id in another database; empty if it is gone."""
        columns = select(BookChange.book_id, BookChange.create_time)
        return "".join(f"{book}@{when}" for book, when in self._rows(columns.where(BookChange.id == change)))

    def live_ids(self, ids: Sequence[int]) -> set[int]:
        """Return those of the ids whose book is live."""
        return {id for (id,) in self._rows(select(Book.id).where(Book.id.in_(ids), Book.status == LIVE))}

    def changes_after(self, last: int, gaps: Sequence[Gap], limit: int) -> list[tuple[int, int]]:
        """Return (change id, book id) of the first changes in the gaps, then of the first after `last`."""
        columns = select(BookChange.id, BookChange.book_id).order_by(BookChange.id).limit(limit)
        late = self._rows(columns.where(or_(*(BookChange.id.between(*gap) for gap in gaps)))) if gaps else []
        new = self._rows(columns.where(BookChange.id > last))
        return [(change, book) for change, book in [*late, *new]]

    def gaps_before(self, last: int) -> list[Gap]:
        """Return the gaps shortly before a change."""
        first = max(1, last - _RECENT)
        recent = self._rows(select(BookChange.id).where(BookChange.id.between(first, last)).order_by(BookChange.id))
        return left_out(first, last, [change for (change,) in recent])

    def trim_changes(self, keep_seconds: int) -> int:
        """Delete all changes older than `keep_seconds` except the newest of them; return how many.

        The one that stays shows an index that was not updated for longer that it has missed changes.
        """
        old = BookChange.create_time < int(time.time()) - keep_seconds
        with self._engine.begin() as connection:
            newest_old = connection.execute(select(func.max(BookChange.id)).where(old)).scalar()
            if newest_old is None:
                return 0
            return connection.execute(delete(BookChange).where(old, BookChange.id < newest_old)).rowcount
