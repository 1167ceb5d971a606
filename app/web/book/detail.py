"""Searching for books, and the page of a book."""

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.extensions import limiter
from app.forms.book import BROKEN_LINK, SearchForm
from app.models.book import Book
from app.rules.book import isbn as isbn_rules
from app.rules.book import local_number
from app.rules.book.shelves import shelf_named
from app.services.book.availability import count_had
from app.services.book.lookup import Sought, find_book, has_catalogues, search_everywhere
from app.services.book.refresh import queue_cover, queue_refresh
from app.services.book.search import (
    Filter,
    InvalidCursor,
    search_books,
    search_had,
    search_near,
    search_newest,
    seen_by,
)
from app.services.book.shelf_page import count_to_be_had
from app.web.blueprint import web
from app.web.book.book_page import show_book_page
from app.web.display.book_filters import search_path
from app.web.display.book_json import book_as_json, loose_hit_as_json, result_as_json
from app.web.page.area import near_path
from app.web.page.caching import cached_for_visitors
from app.web.page.json_request import error_json, wants_json
from app.web.page.limits import lookup_rate, search_rate
from app.web.page.reader import sight
from app.web.page.replica import from_replica


@web.get("/book/search")
@limiter.limit(search_rate)
@from_replica
def book_search() -> ResponseReturnValue:
    """Show the books found for keywords; a number, or a link or text that contains one, redirects to its book."""
    number = canonical_number(request.args.get("q", ""))
    if number and not wants_json():
        return redirect(url_for("web.book_detail", isbn=number))
    form = SearchForm(request.args)
    if not form.validate():
        return search_refused(form)
    if number:
        seek(number)
    try:
        kept, page = Filter(bool(form.had.data), form.language.data or ""), form.page.data or 1
        kept = seen_by(sight(), kept)
        is_newest_first, cursor = bool(form.sort.data) and not number, form.cursor.data or None
        if path := near_path():
            result = search_near(form.q.data, page, cursor, path, kept, is_newest_first, sight())
        elif sight().has_circles and kept.is_had:
            result = search_had(form.q.data, page, kept, is_newest_first, sight())
        elif is_newest_first:
            result = search_newest(form.q.data, page, kept)
        else:
            result = search_books(form.q.data, page, cursor, kept=kept)
    except InvalidCursor:
        form.cursor.errors = [BROKEN_LINK]
        return search_refused(form)
    if wants_json():
        return jsonify(result_as_json(form.q.data, result))
    return render_template(
        "book/search.html",
        form=form,
        result=result,
        available=count_had((book.work_id for book in result.books), sight()),
        filters=chosen_filters(form),
        filter_path=filter_path,
        is_wrong_isbn=isbn_rules.is_isbn_like(form.q.data),
        has_outside=has_catalogues(),
        shelf=(shelf := shelf_named(form.q.data)),
        on_shelf=count_to_be_had(shelf, sight()) if shelf else 0,
    )


@web.get("/book/search/outside")
@limiter.shared_limit(lookup_rate, scope="lookup")
def book_search_outside() -> ResponseReturnValue:
    """Show hits from outside catalogues: as a page, or as a fragment of the search page."""
    form = SearchForm(request.args)
    if not form.validate():
        return search_refused(form)
    try:
        result, hits = search_everywhere(form.q.data, form.page.data or 1, form.cursor.data or None)
    except InvalidCursor:
        form.cursor.errors = [BROKEN_LINK]
        return search_refused(form)
    if wants_json():
        books, loose_hits = map(book_as_json, hits.books), map(loose_hit_as_json, hits.loose_hits)
        return jsonify(query=form.q.data, books=list(books), works=list(loose_hits), is_complete=hits.is_complete)
    template = "book/outside_hits.html" if "part" in request.args else "book/outside.html"
    available = count_had((book.work_id for book in result.books), sight())
    return render_template(template, form=form, result=result, hits=hits, available=available)


def chosen_filters(form: SearchForm) -> dict[str, str]:
    """Return the filters and the order of a search, as in its URL."""
    return {field.name: field.data for field in (form.had, form.near, form.language, form.sort) if field.data}


def filter_path(query: str, filters: dict[str, str], **changes: str | None) -> str:
    """Return the URL of a search with other filters; None removes one."""
    return search_path(query, **{name: value for name, value in (filters | changes).items() if value})


def search_refused(form: SearchForm) -> ResponseReturnValue:
    """Say why a query cannot be searched for; who opens the page without one is only asked for it."""
    if wants_json():
        return error_json(400, fields=form.errors), 400
    if "q" not in request.args:
        form.q.errors = ()
    return render_template("book/search.html", form=form, result=None), 400 if form.errors else 200


@web.get("/book/<isbn>/detail")
@cached_for_visitors
def book_detail(isbn: str) -> ResponseReturnValue:
    """Show one book; other spellings of its number redirect to the one URL of the book."""
    canonical = canonical_number(isbn)
    if canonical and canonical != isbn:
        return redirect(url_for("web.book_detail", isbn=canonical), 301)
    sought = seek(canonical) if canonical else Sought(None)
    if sought.book is None:
        return book_not_found(isbn, canonical, sought.is_certain)
    queue_refresh(sought.book)
    if wants_json():
        return jsonify(book_as_json(sought.book))
    return show_book_page(sought.book)


def canonical_number(text: str) -> str | None:
    """Return the number that names a book in URLs: the ISBN in a text, or what a local number stands for."""
    book = Book.find_by_local_number(text)
    return book.number if book else isbn_rules.parse(text)


def seek(number: str) -> Sought:
    """Return our book, or fetch it from the catalogues, which is limited for each network address."""
    book = Book.find_by_number(number)
    if book or not has_catalogues():
        return Sought(book)
    with limiter.shared_limit(lookup_rate, scope="lookup"):
        sought = find_book(number)
    if sought.book:
        queue_cover(sought.book)
    return sought


def book_not_found(isbn: str, canonical: str | None, is_certain: bool = True) -> ResponseReturnValue:
    """Say whether the number is invalid or only unknown, and what the reader can do."""
    is_local = local_number.is_like(isbn)
    if wants_json():
        code = "book_not_found" if canonical or is_local else "isbn_invalid"
        return error_json(404, code, is_certain=is_certain), 404
    page = render_template(
        "book/not_found.html",
        isbn=isbn,
        is_valid=canonical is not None,
        is_local=is_local,
        is_isbn_like=isbn_rules.is_isbn_like(isbn),
        is_certain=is_certain,
    )
    return page, 404
