"""The book API in the 鱼书 v2 format, for other 鱼书 sites; see docs/api.md."""

from collections.abc import Sequence

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ServiceUnavailable

from app.extensions import limiter
from app.forms.book import QUERY_LENGTH
from app.models.book import Book, BookLike
from app.rules.book import isbn as isbn_rules
from app.rules.text import fold_width
from app.services.book.lookup import has_catalogues, list_hits, list_outside_hits
from app.services.book.refresh import queue_cover
from app.services.book.search import is_searchable
from app.web.blueprint import web
from app.web.book.detail import seek
from app.web.display.yushu_shape import BOOK_NOT_FOUND, MISSING_ARGS, book_in_yushu_shape, is_api_call, yushu_error
from app.web.page.errors import COME_BACK
from app.web.page.limits import api_rate, lookup_rate
from app.web.page.replica import from_replica

COUNT = 15
MOST_AT_ONCE = 100
LARGEST_START = 1_000_000


@web.get("/v2/book/isbn/<isbn>")
@limiter.limit(api_rate)
@from_replica
def api_book_by_isbn(isbn: str) -> ResponseReturnValue:
    """Return the book with an ISBN in any spelling; one that is not stored is fetched from the catalogues."""
    canonical = isbn_rules.parse(isbn)
    return _one(seek(canonical).book if canonical else None)


@web.get("/v2/book/id/<int:id>")
@limiter.limit(api_rate)
@from_replica
def api_book_by_id(id: int) -> ResponseReturnValue:
    """Return the book with our id."""
    return _one(Book.find_by_id(id))


@web.get("/v2/book/search")
@limiter.limit(api_rate)
@from_replica
def api_search() -> ResponseReturnValue:
    """Return `count` hits for a query, from `start` on."""
    words = fold_width(request.args.get("q"))[:QUERY_LENGTH]
    if not words:
        return yushu_error(400, MISSING_ARGS)
    count = min(_whole_number("count") or COUNT, MOST_AT_ONCE)
    start = min(_whole_number("start"), LARGEST_START)
    books, total = _hits(words, count, start)
    if not total and not isbn_rules.parse(words):
        _ensure_index()
    shaped = [book_in_yushu_shape(book) for book in books]
    return jsonify(books=shaped, count=count, start=start, total=total)


def _hits(words: str, count: int, start: int) -> tuple[Sequence[BookLike], int]:
    """Return hits and their total; without own hits, the catalogues are queried within the rate limit of pages."""
    if isbn := isbn_rules.parse(words):
        book = seek(isbn).book
        return ([book] if book and start == 0 else []), int(book is not None)
    books, total = list_hits(words, count, start)
    if total or not has_catalogues():
        return books, total
    with limiter.shared_limit(lookup_rate, scope="lookup"):
        return list_outside_hits(words, count, start)


def _ensure_index() -> None:
    """Respond with 503 while there is no index, instead of pretending that there are no books."""
    if not is_searchable():
        raise ServiceUnavailable(retry_after=COME_BACK)


def _one(book: Book | None) -> ResponseReturnValue:
    if book is None:
        return yushu_error(404, BOOK_NOT_FOUND)
    queue_cover(book)
    return jsonify(book_in_yushu_shape(book))


def _whole_number(name: str) -> int:
    """Return a numeric argument; 0 if it is missing, invalid or negative."""
    text = request.args.get(name, "")
    return int(text[:9]) if text.isascii() and text.isdigit() else 0


@web.after_app_request
def open_to_all_sites(response: Response) -> Response:
    """Allow pages of other sites to read the book API (CORS): it needs no log-in and returns nothing private."""
    if is_api_call():
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
