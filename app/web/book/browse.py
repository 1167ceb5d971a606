"""Browsing the books, page by page."""

from typing import Any

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.forms.browse import BrowseForm
from app.i18n import current_language
from app.services.book.availability import count_had
from app.services.book.browse import LETTERS, CataloguePage, list_catalogue_page
from app.web.blueprint import web
from app.web.display.book_json import book_as_json
from app.web.page.area import near_path
from app.web.page.caching import cached_for_visitors
from app.web.page.json_request import error_json, wants_json

OTHER_LANGUAGES = "other"


@web.get("/books")
@cached_for_visitors
def books() -> ResponseReturnValue:
    """Show the books of a language by title: all, those of a letter, or those of a year."""
    form = BrowseForm(request.args)
    if not form.validate():
        if wants_json():
            return error_json(400, fields=form.errors), 400
        return render_template("book/browse.html", form=form, page=None), 400
    language = "" if form.language.data == OTHER_LANGUAGES else form.language.data or None
    page = list_catalogue_page(
        language, current_language(), form.letter.data, form.year.data, form.after.data, near_path()
    )
    if wants_json():
        return jsonify(page_as_json(page))
    available = count_had(book.work_id for book in page.books)
    words = {"available": available, "letters": LETTERS, "browse_path": browse_path}
    return render_template("book/browse.html", form=form, page=page, **words)


def browse_path(page: CataloguePage, **changes: Any) -> str:
    """Return the URL of the page with other arguments in its query; None removes one."""
    words = {
        "language": page.language or OTHER_LANGUAGES,
        "letter": page.letter or None,
        "year": page.year,
        "near": "1" if near_path() else None,
    } | changes
    return url_for("web.books", **words)


def page_as_json(page: CataloguePage) -> dict[str, Any]:
    """Return one page of books and the URL of the next one."""
    return {
        "language": page.language,
        "languages": page.languages,
        "letter": page.letter,
        "year": page.year,
        "books": [book_as_json(book) for book in page.books],
        "next": browse_path(page, after=page.after) if page.after else None,
    }
