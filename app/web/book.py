"""Searching for books and reading about one."""

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.extensions import limiter
from app.forms.book import BROKEN_LINK, SearchForm
from app.models.book import Book
from app.rules import isbn as isbn_rules
from app.services.book import InvalidCursor, search_books
from app.services.lookup import Sought, find_book, has_catalogues, search_everywhere
from app.services.upkeep import queue_cover, queue_refresh
from app.web import web
from app.web.json import book_as_json, result_as_json, work_as_json
from app.web.page import kept_for_visitors, lookup_rate, search_rate, wants_json
from app.web.trade import show_book


@web.get("/book/search")
@limiter.limit(search_rate)
def book_search() -> ResponseReturnValue:
    """Show the books found for an ISBN or for keywords."""
    form = SearchForm(request.args)
    if not form.validate():
        return search_refused(form)
    isbn = isbn_rules.parse(form.q.data)
    sought = seek(isbn) if isbn else None
    try:
        result = search_books(form.q.data, form.page.data or 1, form.cursor.data or None)
    except InvalidCursor:
        form.cursor.errors = [BROKEN_LINK]
        return search_refused(form)
    if wants_json():
        return jsonify(result_as_json(form.q.data, result))
    if isbn and sought and sought.book is None:
        return not_found_page(isbn, isbn, sought.is_certain)
    return render_template("book/search.html", form=form, result=result, has_outside=not isbn and has_catalogues())


@web.get("/book/search/outside")
@limiter.shared_limit(lookup_rate, scope="lookup")
def book_search_outside() -> ResponseReturnValue:
    """Add what other catalogues have for the words: as a page, or as a part of the search page."""
    form = SearchForm(request.args)
    if not form.validate():
        return search_refused(form)
    try:
        result, hits = search_everywhere(form.q.data, form.page.data or 1, form.cursor.data or None)
    except InvalidCursor:
        form.cursor.errors = [BROKEN_LINK]
        return search_refused(form)
    if wants_json():
        books, works = map(book_as_json, hits.books), map(work_as_json, hits.works)
        return jsonify(query=form.q.data, books=list(books), works=list(works), is_complete=hits.is_complete)
    template = "book/outside_hits.html" if "part" in request.args else "book/outside.html"
    return render_template(template, form=form, result=result, hits=hits)


def search_refused(form: SearchForm) -> ResponseReturnValue:
    """Say what can not be searched for."""
    if wants_json():
        return jsonify(error={"status": 400, "fields": form.errors}), 400
    return render_template("book/search.html", form=form, result=None), 400


@web.get("/book/<isbn>/detail")
@kept_for_visitors
def book_detail(isbn: str) -> ResponseReturnValue:
    """Show one book; other spellings of its ISBN lead to the address with 13 digits."""
    canonical = isbn_rules.parse(isbn)
    if canonical and canonical != isbn:
        return redirect(url_for("web.book_detail", isbn=canonical), 301)
    sought = seek(isbn) if canonical else Sought(None)
    if sought.book is None:
        return book_not_found(isbn, canonical, sought.is_certain)
    queue_refresh(sought.book)
    if wants_json():
        return jsonify(book_as_json(sought.book))
    return show_book(sought.book)


def seek(isbn: str) -> Sought:
    """Return our book, else what the catalogues know; how often one address may ask them is limited."""
    book = Book.find_by_isbn(isbn)
    if book or not has_catalogues():
        return Sought(book)
    with limiter.shared_limit(lookup_rate, scope="lookup"):
        sought = find_book(isbn)
    if sought.book:
        queue_cover(sought.book)
    return sought


def book_not_found(isbn: str, canonical: str | None, is_certain: bool = True) -> ResponseReturnValue:
    """Say whether the number is wrong or only unknown, and what can be done."""
    if wants_json():
        code = "book_not_found" if canonical else "isbn_invalid"
        return jsonify(error={"status": 404, "code": code, "is_certain": is_certain}), 404
    return not_found_page(isbn, canonical, is_certain), 404


def not_found_page(isbn: str, canonical: str | None, is_certain: bool) -> str:
    """Return the page for a number without a book."""
    return render_template(
        "book/not_found.html",
        isbn=isbn,
        is_valid=canonical is not None,
        is_isbn_like=isbn_rules.is_isbn_like(isbn),
        is_certain=is_certain,
    )
