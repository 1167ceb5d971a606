"""Books as JSON, for clients that accept it."""

from typing import Any

from flask import url_for

from app.models.book import BookLike
from app.services.book.lookup import LooseHit
from app.services.book.search import SearchResult

FIELDS = (
    "number", "title", "subtitle", "authors", "translators", "publisher", "pubdate", "year",
    "pages", "price", "binding", "language", "summary", "source", "entered_by_hand",
)  # fmt: skip


def book_as_json(book: BookLike) -> dict[str, Any]:
    """Return all public data of a book."""
    return {name: getattr(book, name) for name in FIELDS} | {
        "isbn": book.isbn or "",
        "url": url_for("web.book_detail", isbn=book.number),
        "cover_url": url_for("web.book_cover", isbn=book.number),
    }


def loose_hit_as_json(hit: LooseHit) -> dict[str, Any]:
    """Return a work of several editions in an outside catalogue; the ISBN is that of one of them."""
    return {
        "isbn": hit.isbn,
        "title": hit.title,
        "authors": hit.authors,
        "source": hit.source,
        "url": url_for("web.book_detail", isbn=hit.isbn),
    }


def result_as_json(query: str, result: SearchResult) -> dict[str, Any]:
    """Return one page of hits; `total_is_capped` is true if there are more than `total`, null if that is unknown."""
    return {
        "query": query,
        "total": result.total if result.is_indexed else None,
        "total_is_capped": result.total_is_capped,
        "page": result.page,
        "next_cursor": result.next_cursor,
        "did_you_mean": result.suggestion,
        "is_complete": result.is_complete,
        "index": result.state,
        "books": [book_as_json(book) for book in result.books],
    }
