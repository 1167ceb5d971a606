"""The shelves on which readers look for books: what is to be had first, the newest listing first, page by page.

Each page is a walk along one index of `ShelfPlace`, which begins where the page before ended: books that are listed
meanwhile stand before the first page, and move nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from app.models.base import db
from app.models.book import Book, BookSummary
from app.models.gift import Gift
from app.models.shelf_place import EVERY, ShelfPlace
from app.rules.book.shelves import Shelf
from app.services.book.availability import has_copy_seen
from app.services.book.near import has_copy_in, is_large, select_copies_in
from app.services.sight.visible import PUBLIC, Sight

PAGE = 30
MOST_COUNTED = 100
"""How many books of a shelf are counted at most."""

_place: Any = ShelfPlace.__table__
_copied: Any = Gift.__table__.c.book_id


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which books are looked at: those of a shelf, or of every one, in a language (empty: of none known), of a year.

    Only what is to be had, unless `is_all`, which needs a shelf; with `near`, the path of an area, what is to be had
    in it.
    """

    shelf: Shelf | None = None
    language: str | None = None
    year: int | None = None
    is_all: bool = False
    near: str | None = None

    def equals(self) -> list[ColumnElement[bool]]:
        """Return the conditions on the columns of a place."""
        wanted = {"shelf": str(self.shelf or EVERY), "language": self.language, "year": self.year}
        return [_place.c[name] == value for name, value in wanted.items() if value is not None]


@dataclass(frozen=True)
class ShelfPage:
    """One page of a shelf; `after` is where the next one begins, if there is one."""

    books: list[BookSummary]
    after: str | None


def list_shelf_page(choice: Choice, after: str = "", sight: Sight = PUBLIC) -> ShelfPage:
    """Return a page of books: what is to be had first, by its newest copy, the newest first.

    :param after: the `after` of the page before, `newest copy.place`, or "" for the first.
    """
    places = db.session.execute(_select(choice, after, sight), sight.values).all()
    shown = places[:PAGE]
    last = f"{shown[-1].listed}.{shown[-1].id}" if len(places) > PAGE else None
    return ShelfPage(Book.list_by_ids(place.book_id for place in shown), last)


def _select(choice: Choice, after: str, sight: Sight) -> Select[Any]:
    page = select(_place.c.id, _place.c.listed, _place.c.book_id).where(*choice.equals())
    if choice.near is not None and not is_large(choice.near):
        copies = select_copies_in(choice.near, _copied, sight=sight).distinct().subquery()
        page = page.join(copies, copies.c.book_id == _place.c.book_id)
    elif choice.near is not None:
        page = page.where(_place.c.listed > 0, has_copy_in(choice.near, _place.c.book_id, sight))
    elif not choice.is_all:
        page = page.where(_place.c.listed > 0, has_copy_seen(_place.c.book_id, sight))
    if after:
        listed, id = map(int, after.split("."))
        page = page.where(_place.c.listed <= listed, or_(_place.c.listed < listed, _place.c.id < id))
    return page.order_by(_place.c.listed.desc(), _place.c.id.desc()).limit(PAGE + 1)


def count_to_be_had(shelf: Shelf, sight: Sight = PUBLIC) -> int:
    """Return how many books of a shelf are to be had, at most `MOST_COUNTED`."""
    some = select(_place.c.id).where(*Choice(shelf=shelf).equals(), _place.c.listed > 0)
    some = some.where(has_copy_seen(_place.c.book_id, sight)).order_by(_place.c.listed.desc()).limit(MOST_COUNTED)
    return db.session.scalar(select(func.count()).select_from(some.subquery()), sight.values) or 0


def list_shelves_to_be_had() -> list[Shelf]:
    """Return the shelves on which a book is to be had; one statement, which reads one place of each."""
    newest = [
        select(func.max(_place.c.listed)).where(_place.c.shelf == str(shelf)).scalar_subquery() for shelf in Shelf
    ]
    found = db.session.execute(select(*newest)).one()
    return [shelf for shelf, listed in zip(Shelf, found, strict=True) if listed]


def list_languages(choice: Choice) -> list[str]:
    """Return the languages of what is to be had, or of all books, on a shelf; one that is not known is empty."""
    return [str(value) for value in _values(_place.c.language, Choice(shelf=choice.shelf), choice.is_all)]


def list_years(choice: Choice) -> list[int]:
    """Return the years of what is to be had, or of all books, on a shelf in a language; newest first."""
    chosen = Choice(shelf=choice.shelf, language=choice.language)
    return sorted((int(year) for year in _values(_place.c.year, chosen, choice.is_all)), reverse=True)


def _values(column: ColumnElement[Any], chosen: Choice, is_all: bool) -> Sequence[Any]:
    """Return the values of a column, each found by a step along an index, however many books have it."""
    fixed = chosen.equals()
    if db.engine.dialect.name != "sqlite":
        found = select(column, func.max(_place.c.listed)).where(*fixed, column.is_not(None)).group_by(column)
        return [value for value, listed in db.session.execute(found) if listed or is_all]
    # SQLite would group by reading every entry.
    steps = select(func.min(column).label("value")).where(*fixed).cte("step", recursive=True)
    following = select(func.min(column)).where(*fixed, column > steps.c.value).scalar_subquery()
    steps = steps.union_all(select(following).where(steps.c.value.is_not(None)))
    newest = select(func.max(_place.c.listed)).where(*fixed, column == steps.c.value).scalar_subquery()
    rows = db.session.execute(select(steps.c.value, newest).where(steps.c.value.is_not(None)))
    return [value for value, listed in rows if listed or is_all]
