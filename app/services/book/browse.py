"""Looking through the catalogue: by language and first letter, or by year, a page at a time at any depth."""

from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from app.catalogues.text.sorting import OTHER
from app.models.base import db
from app.models.book import Book
from app.models.gift import Gift
from app.rules.book import local_number
from app.services.book.near import has_copy_in, is_large, select_copies_in
from app.services.sight.visible import PUBLIC, Sight

LETTERS = (*"abcdefghijklmnopqrstuvwxyz", OTHER)
PAGE = 30
_copied: Any = Gift.__table__.c.book_id


@dataclass(frozen=True, kw_only=True)
class CataloguePage:
    """One page of books in the order of their titles; `after` is the number of the last one if there are more.

    `language` is "" for books whose language is not known.
    """

    language: str
    languages: list[str]
    letter: str
    year: int | None
    years: list[int]
    books: list[Book]
    after: str | None


def list_catalogue_page(
    language: str | None,
    preferred: str,
    letter: str = "",
    year: int | None = None,
    after: str = "",
    near: str | None = None,
    sight: Sight = PUBLIC,
) -> CataloguePage:
    """Return a page of the books in a language; None stands for the preferred one, or the first that has books.

    With a letter those whose title begins with it (`~`: with no letter); with a year those published in it; `after` is
    the number of a book; with `near`, the path of an area, those of which there is a copy in it that one sees.
    Three statements, or up to five, each answered from an index.
    """
    languages = list_languages()
    if language is None:
        language = preferred if preferred in languages else next(iter(languages), "")
    years = _list_years(language)
    found = sorted(
        db.session.scalars(_page(language, letter, year, after, near, sight), sight.values),
        key=attrgetter("sort_key", "id"),
    )
    books = found[:PAGE]
    return CataloguePage(
        language=language,
        languages=languages,
        letter=letter,
        year=year,
        years=years,
        books=books,
        after=books[-1].number if len(found) > PAGE else None,
    )


def _page(
    language: str, letter: str, year: int | None, after: str, near: str | None, sight: Sight
) -> Select[tuple[Book]]:
    """Select the books of a page, in any order, by their numbers, for which an index is enough.

    Asked for whole books behind a place, MariaDB walks to it from the language's first book.
    """
    page = select(Book.id).where(Book.language == language).order_by(Book.sort_key, Book.id).limit(PAGE + 1)
    if year is not None:
        page = page.where(Book.year == year)
    if letter:
        page = page.where(Book.sort_key >= letter)
        if letter != OTHER:
            page = page.where(Book.sort_key < chr(ord(letter) + 1))
    if near is not None:
        if is_large(near):
            page = page.where(has_copy_in(near, Book.id, sight))
        else:
            copies = select_copies_in(near, _copied, sight=sight).distinct().subquery()
            page = page.join(copies, copies.c.book_id == Book.id)
    if after:
        page = page.where(_is_behind(after))
    numbers = page.subquery()
    return select(Book).join(numbers, numbers.c.id == Book.id)


def _is_behind(number: str) -> ColumnElement[bool]:
    """Return the condition to stand behind a book, hidden or not, whose place is asked for first.

    As a part of the same statement it would make MariaDB read all books of the language.
    """
    id = local_number.parse(number)
    is_it = Book.isbn == number if id is None else Book.id == id
    place = select(Book.sort_key, Book.id).where(is_it).execution_options(include_deleted=True)
    found = db.session.execute(place).one_or_none()
    if found is None:
        return false()
    key, id = found
    return and_(Book.sort_key >= key, or_(Book.sort_key > key, Book.id > id))


def list_languages() -> list[str]:
    """Return the languages of our books, "" for those of which it is not known."""
    if not _is_sqlite():
        return list(db.session.scalars(select(Book.language).group_by(Book.language, Book.status)))
    first = select(func.min(Book.language).label("value")).cte("step", recursive=True)
    following = select(func.min(Book.language)).where(Book.language > first.c.value).scalar_subquery()
    steps = first.union_all(select(following).where(first.c.value.is_not(None)))
    return [value for value in db.session.scalars(select(steps.c.value)) if value is not None]


def _list_years(language: str) -> list[int]:
    """The years of the books in a language, newest first."""
    if not _is_sqlite():
        # All languages: asked for one of them alone, MariaDB reads all its books.
        pairs = select(Book.language, Book.year).group_by(Book.language, Book.status, Book.year)
        return sorted({y for code, y in db.session.execute(pairs) if code == language and y is not None}, reverse=True)
    newest = select(func.max(Book.year).label("value")).where(Book.language == language).cte("step", recursive=True)
    following = select(func.max(Book.year)).where(and_(Book.language == language, Book.year < newest.c.value))
    steps = newest.union_all(select(following.scalar_subquery()).where(newest.c.value.is_not(None)))
    return [value for value in db.session.scalars(select(steps.c.value)) if value is not None]


def _is_sqlite() -> bool:
    """SQLite groups by reading every entry of an index; MariaDB skips from value to value, but in no recursion."""
    return db.engine.dialect.name == "sqlite"
