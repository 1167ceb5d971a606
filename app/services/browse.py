"""Looking through the catalogue: by language and first letter, or by year, a page at a time at any depth."""

from dataclasses import dataclass

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.catalogues.sorting import OTHER
from app.models.base import db
from app.models.book import Book

LETTERS = (*"abcdefghijklmnopqrstuvwxyz", OTHER)
PAGE = 30


@dataclass(frozen=True)
class Shelf:
    """One page of books in the order of their titles; `after` is the ISBN that the next page begins behind.

    `language` is "" for books whose language is not known.
    """

    language: str
    languages: list[str]
    letter: str
    year: int | None
    years: list[int]
    books: list[Book]
    after: str | None


def list_shelf(
    language: str | None, preferred: str, letter: str = "", year: int | None = None, after: str = ""
) -> Shelf:
    """Return a page of the books in a language; None stands for the preferred one, or the first that has books.

    With a letter those whose title begins with it (`~`: with no letter); with a year those published in it; `after` is
    an ISBN. Three statements, each answered from an index.
    """
    languages = _list_languages()
    if language is None:
        language = preferred if preferred in languages else next(iter(languages), "")
    years = _list_years(language)
    found = list(db.session.scalars(_page(language, letter, year, after)))
    books = found[:PAGE]
    return Shelf(language, languages, letter, year, years, books, books[-1].isbn if len(found) > PAGE else None)


def _page(language: str, letter: str, year: int | None, after: str) -> Select[tuple[Book]]:
    page = select(Book).where(Book.language == language).order_by(Book.sort_key, Book.id).limit(PAGE + 1)
    if year is not None:
        page = page.where(Book.year == year)
    if letter:
        page = page.where(Book.sort_key >= letter)
        if letter != OTHER:
            page = page.where(Book.sort_key < chr(ord(letter) + 1))
    if after:
        # hidden or not, the book keeps its place
        last = aliased(Book)
        place = select(last).where(last.isbn == after)
        key = place.with_only_columns(last.sort_key).scalar_subquery()
        number = place.with_only_columns(last.id).scalar_subquery()
        page = page.where(Book.sort_key >= key, or_(Book.sort_key > key, Book.id > number))
    return page


def _list_languages() -> list[str]:
    """The languages of our books, in one step an entry through the index and not one a book."""
    first = select(func.min(Book.language).label("value")).cte("step", recursive=True)
    following = select(func.min(Book.language)).where(Book.language > first.c.value).scalar_subquery()
    steps = first.union_all(select(following).where(first.c.value.is_not(None)))
    return [value for value in db.session.scalars(select(steps.c.value)) if value is not None]


def _list_years(language: str) -> list[int]:
    """The years of the books in a language, newest first, stepping through the index likewise."""
    newest = select(func.max(Book.year).label("value")).where(Book.language == language).cte("step", recursive=True)
    following = select(func.max(Book.year)).where(and_(Book.language == language, Book.year < newest.c.value))
    steps = newest.union_all(select(following.scalar_subquery()).where(newest.c.value.is_not(None)))
    return [value for value in db.session.scalars(select(steps.c.value)) if value is not None]
