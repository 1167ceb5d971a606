"""The address of a work."""

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from app.services.book.editions import find_best_edition
from app.web.blueprint import web

PATH = "/work"


@web.get(f"{PATH}/<int:id>")
def work(id: int) -> ResponseReturnValue:
    """Redirect to the edition that stands for the work: what is to be had first, then the reader's language."""
    locale = get_locale()
    edition = find_best_edition(id, locale.language if locale else "")
    if edition is None:
        abort(404)
    return redirect(url_for("web.book_detail", isbn=edition.isbn))
