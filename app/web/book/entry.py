"""Entering by hand a book that no catalogue knows."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from app.extensions import limiter
from app.forms.book import EntryForm
from app.models.book import Book
from app.rules.book import isbn as isbn_rules
from app.services.book.store import enter_book
from app.web.blueprint import web
from app.web.page.limits import lookup_rate
from app.web.page.reader import reader


@web.get("/book/<isbn>/entry")
@login_required
def book_entry(isbn: str) -> ResponseReturnValue:
    """Show the form for an unknown book; a known one is shown instead."""
    canonical = ensure_isbn(isbn)
    if canonical != isbn:
        return redirect(url_for("web.book_entry", isbn=canonical), 301)
    if Book.find_by_isbn(canonical):
        return redirect(url_for("web.book_detail", isbn=canonical))
    return render_template("book/entry.html", form=EntryForm(), isbn=canonical)


@web.post("/book/<isbn>/entry")
@login_required
@limiter.shared_limit(lookup_rate, scope="lookup")
def enter_book_by_hand(isbn: str) -> ResponseReturnValue:
    """Store what the reader entered, unless the book has been found in the meantime."""
    canonical = ensure_isbn(isbn)
    form = EntryForm()
    if not form.validate_on_submit():
        return render_template("book/entry.html", form=form, isbn=canonical), 400
    book = enter_book(reader(), canonical, form.title.data, form.authors.data, form.publisher.data, form.year.data)
    if book.entered_by_hand:
        flash(gettext("Thank you. The book is on our shelves now."), "success")
    else:
        flash(gettext("We know this book by now: here it is."))
    return redirect(url_for("web.book_detail", isbn=canonical))


def ensure_isbn(isbn: str) -> str:
    """Return the 13 digits of a valid ISBN, or abort with 404."""
    canonical = isbn_rules.parse(isbn)
    if canonical is None:
        abort(404)
    return canonical
