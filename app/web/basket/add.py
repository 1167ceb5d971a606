"""Bringing many books at once: text, photos, and what the camera sees."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import current_user, login_required

from app.extensions import limiter
from app.forms.basket import BringForm
from app.headers import CAMERA
from app.models.base import now
from app.rules.refusal import Refusal
from app.rules.shelf.pasted import read_pasted
from app.rules.shelf.refusals import NoBarcode
from app.rules.shelf.row import ShelfRow
from app.services.basket.barcode import read_barcodes
from app.services.basket.filling import Added, fill_basket, read_file
from app.services.basket.listing import count_states, list_lines
from app.web.blueprint import web
from app.web.display.basket_words import line_words
from app.web.page.json_request import wants_json
from app.web.page.limits import account_key, scan_rate
from app.web.page.refusals import refuse


@web.get("/my/books/add")
@login_required
def add_books() -> ResponseReturnValue:
    """Show the page on which many books are scanned or pasted."""
    return _show_page(BringForm())


@web.post("/my/books/add")
@login_required
@limiter.limit(scan_rate, key_func=account_key)
def bring_books() -> ResponseReturnValue:
    """Put what was brought into the basket; a program, such as that of the camera, is told what that was."""
    form = BringForm()
    if not form.validate_on_submit():
        return _show_page(form, 400)
    try:
        added = fill_basket(current_user.id, _rows(form), now())
    except Refusal as refusal:
        if wants_json():
            raise
        refuse(form, refusal)
        return _show_page(form, refusal.status)
    if wants_json():
        return _tell(added)
    if not any(added[:3]):
        form.text.errors = [gettext("There is no book in this.")]
        return _show_page(form, 400)
    _flash(added)
    return redirect(url_for("web.basket"), 303)


def _show_page(form: BringForm, status: int = 200) -> ResponseReturnValue:
    lines = sum(count_states(current_user.id).values())
    page = render_template("basket/add_books.html", form=form, lines=lines)
    return page, status, {"Permissions-Policy": CAMERA}


def _rows(form: BringForm) -> Iterable[ShelfRow]:
    return chain(read_pasted(form.text.data), _rows_of_file(form), _rows_of_photo(form))


def _rows_of_file(form: BringForm) -> Iterable[ShelfRow]:
    file = form.file.data
    return read_file(file.read(), file.filename or "") if file else ()


def _rows_of_photo(form: BringForm) -> Iterator[ShelfRow]:
    """Yield the books of a photo; a picture of the camera shows none most of the time."""
    if not form.photo.data:
        return
    isbns = read_barcodes(form.photo.data.read())
    if not isbns and not wants_json():
        raise NoBarcode()
    for number, isbn in enumerate(isbns, 1):
        yield ShelfRow(number, isbn=isbn, said=isbn)


def _tell(added: Added) -> ResponseReturnValue:
    books: list[dict[str, Any]] = [
        {"key": shown.line.line_key, "isbn": shown.line.isbn, "state": shown.state, "words": line_words(shown)}
        for shown in list_lines(current_user.id, added.keys)
    ]
    lines = sum(count_states(current_user.id).values())
    return jsonify(added=added.lines, present=added.present, owned=added.owned, lines=lines, books=books)


def _flash(added: Added) -> None:
    if added.lines:
        flash(ngettext("One book is in the basket.", "%(num)d books are in the basket.", added.lines), "success")
    if added.present:
        flash(ngettext("One was in it before.", "%(num)d were in it before.", added.present))
    if added.owned:
        words = ngettext(
            "One is on your shelf or your wish list already.",
            "%(num)d are on your shelf or your wish list already.",
            added.owned,
        )
        flash(words)
