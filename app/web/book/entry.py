"""Entering by hand a book that no catalogue knows, or that has no ISBN."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from app.extensions import limiter
from app.forms.book import QUERY_LENGTH, EntryForm, NewBookForm
from app.models.book import Book, BookSummary
from app.rules.book import isbn as isbn_rules
from app.services.book.entry import Entered, Entry, list_look_alikes
from app.services.book.entry import enter_book as store_entry
from app.web.blueprint import web
from app.web.book.detail import seek
from app.web.page.limits import entry_limit, lookup_rate, search_rate
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
@entry_limit
def enter_book_by_hand(isbn: str) -> ResponseReturnValue:
    """Store what the reader entered, unless the book has been found in the meantime."""
    canonical = ensure_isbn(isbn)
    form = EntryForm()
    if not form.validate_on_submit():
        return render_template("book/entry.html", form=form, isbn=canonical), 400
    return show_entered(store_entry(reader(), entry_of(form, isbn=canonical)))


@web.get("/book/new")
@login_required
def new_book() -> ResponseReturnValue:
    """Show the form for a book that may have no ISBN; `title` is what was searched for."""
    return show_form(NewBookForm(title=request.args.get("title", "")[:QUERY_LENGTH]))


@web.post("/book/new")
@login_required
@limiter.limit(search_rate)
@entry_limit
def enter_new_book() -> ResponseReturnValue:
    """Store what the reader entered, after a look at the books that look alike."""
    form = NewBookForm()
    if not form.validate_on_submit():
        return show_form(form), 400
    isbn, seen = form.isbn.data, form.seen.data.split()
    if isbn and (book := seek(isbn).book):
        return show_entered(Entered(book, is_new=False))
    entry = entry_of(form, isbn, pages=form.pages.data, language=form.language.data, summary=form.summary.data)
    look_alikes = [] if isbn else list_look_alikes(entry)
    if any(book.number not in seen for book in look_alikes):
        return show_form(form, look_alikes)
    return show_entered(store_entry(reader(), entry))


def show_form(form: NewBookForm, look_alikes: Sequence[BookSummary] = ()) -> str:
    """Return the page of the form, with the books that look like the one to be entered."""
    if look_alikes:
        form.seen.data = " ".join(book.number for book in look_alikes)
    return render_template("book/new.html", form=form, look_alikes=look_alikes)


def entry_of(form: EntryForm, isbn: str, **more: Any) -> Entry:
    """Return what the reader has entered."""
    typed = {name: form[name].data for name in ("title", "authors", "publisher", "year")}
    return Entry(isbn=isbn, **typed, **more)


def show_entered(entered: Entered) -> ResponseReturnValue:
    """Redirect to the book, which may have been known before."""
    if entered.is_new:
        flash(gettext("Thank you. The book is on our shelves now."), "success")
    else:
        flash(gettext("We have this book now: here it is."))
    return redirect(url_for("web.book_detail", isbn=entered.book.number))


def ensure_isbn(isbn: str) -> str:
    """Return the 13 digits of a valid ISBN, or abort with 404."""
    canonical = isbn_rules.parse(isbn)
    if canonical is None:
        abort(404)
    return canonical
