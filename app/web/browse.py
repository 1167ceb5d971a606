"""Looking through the catalogue, page by page."""

from typing import Any

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from app.forms.browse import BrowseForm
from app.i18n import current_language
from app.services.browse import LETTERS, Shelf, list_shelf
from app.web import web
from app.web.json import book_as_json
from app.web.page import kept_for_visitors, wants_json

OTHER_LANGUAGES = "other"


@web.get("/books")
@kept_for_visitors
def books() -> ResponseReturnValue:
    """Show the books of a language by their titles: all, those of a letter, or those of a year."""
    form = BrowseForm(request.args)
    if not form.validate():
        if wants_json():
            return jsonify(error={"status": 400, "fields": form.errors}), 400
        return render_template("book/browse.html", form=form, shelf=None), 400
    language = "" if form.language.data == OTHER_LANGUAGES else form.language.data or None
    shelf = list_shelf(language, current_language(), form.letter.data or "", form.year.data, form.after.data or "")
    if wants_json():
        return jsonify(shelf_as_json(shelf))
    words = {"letters": LETTERS, "browse_path": browse_path, "language_name": language_name}
    return render_template("book/browse.html", form=form, shelf=shelf, **words)


def browse_path(shelf: Shelf, **changes: Any) -> str:
    """Return the address of the shelf with other words in its query; None takes one away."""
    words = {
        "language": shelf.language or OTHER_LANGUAGES,
        "letter": shelf.letter or None,
        "year": shelf.year,
    } | changes
    return url_for("web.books", **words)


def language_name(code: str) -> str:
    """Return the name of a language in the reader's own."""
    locale = get_locale()
    return (locale.languages.get(code) if locale and code else None) or code or gettext("Other languages")


def shelf_as_json(shelf: Shelf) -> dict[str, Any]:
    """Return one page of books and the address of the next one."""
    return {
        "language": shelf.language,
        "languages": shelf.languages,
        "letter": shelf.letter,
        "year": shelf.year,
        "books": [book_as_json(book) for book in shelf.books],
        "next": browse_path(shelf, after=shelf.after) if shelf.after else None,
    }
