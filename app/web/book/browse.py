"""Browsing the books, page by page: what is to be had, by shelves, or all of a language by title."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.forms.browse import ALL, BrowseForm
from app.i18n import book_language
from app.models.book import BookLike
from app.rules.book.shelves import Shelf
from app.services.book.availability import count_had
from app.services.book.browse import LETTERS, list_catalogue_page
from app.services.book.shelf_page import (
    Choice,
    list_languages,
    list_shelf_page,
    list_shelves_to_be_had,
    list_years,
)
from app.web.blueprint import web
from app.web.display.book_json import book_as_json
from app.web.page.area import near_path
from app.web.page.caching import cached_for_visitors
from app.web.page.json_request import error_json, wants_json
from app.web.page.reader import sight

OTHER_LANGUAGES = "other"


class BrowsePage(NamedTuple):
    """One page of books, and what can be chosen beside it; `language` is "" for one that is not known, None for all."""

    books: Sequence[BookLike]
    after: str | None
    languages: list[str]
    years: list[int]
    language: str | None
    year: int | None
    shelf: Shelf | None
    is_all: bool
    letter: str = ""
    is_by_title: bool = False


@web.get("/books")
@cached_for_visitors
def books() -> ResponseReturnValue:
    """Show the books that are to be had, the newest listing first, or all books; those of a shelf, language or year."""
    form = BrowseForm(request.args)
    if not form.validate():
        if wants_json():
            return error_json(400, fields=form.errors), 400
        return render_template("book/browse.html", form=form, page=None), 400
    page = _by_title(form) if form.is_by_title else _by_listing(form)
    if wants_json():
        return jsonify(page_as_json(page))
    return render_template(
        "book/browse.html",
        form=form,
        page=page,
        available=count_had((book.work_id for book in page.books), sight()),
        shelves=list(Shelf) if page.is_all else list_shelves_to_be_had(),
        letters=LETTERS,
        browse_path=browse_path,
    )


def _by_title(form: BrowseForm) -> BrowsePage:
    found = list_catalogue_page(
        _language(form), book_language(), form.letter.data, form.year.data, form.after.data, near_path(), sight()
    )
    return BrowsePage(
        found.books,
        found.after,
        found.languages,
        found.years,
        found.language,
        found.year,
        None,
        True,
        found.letter,
        True,
    )


def _by_listing(form: BrowseForm) -> BrowsePage:
    shelf = Shelf(form.shelf.data) if form.shelf.data else None
    choice = Choice(
        shelf=shelf, language=_language(form), year=form.year.data, is_all=bool(form.show.data), near=near_path()
    )
    after = form.after.data if "." in form.after.data else ""
    found = list_shelf_page(choice, after, sight())
    languages, years = list_languages(choice), list_years(choice)
    return BrowsePage(
        found.books, found.after, languages, years, choice.language, choice.year, choice.shelf, choice.is_all
    )


def _language(form: BrowseForm) -> str | None:
    return "" if form.language.data == OTHER_LANGUAGES else form.language.data or None


def browse_path(page: BrowsePage, **changes: Any) -> str:
    """Return the URL of the page with other arguments in its query; None removes one."""
    words = {
        "shelf": page.shelf,
        "show": ALL if page.is_all else None,
        "language": OTHER_LANGUAGES if page.language == "" else page.language,
        "letter": page.letter or None,
        "year": page.year,
        "near": "1" if near_path() else None,
    } | changes
    return url_for("web.books", **words)


def page_as_json(page: BrowsePage) -> dict[str, Any]:
    """Return one page of books and the URL of the next one."""
    return {
        "shelf": page.shelf,
        "show": ALL if page.is_all else None,
        "language": page.language,
        "languages": page.languages,
        "letter": page.letter,
        "year": page.year,
        "books": [book_as_json(book) for book in page.books],
        "next": browse_path(page, after=page.after) if page.after else None,
    }
