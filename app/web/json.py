"""Books as JSON, for clients that ask for it."""

from typing import Any

from flask import url_for

from app.models.book import BookLike
from app.services.book import SearchResult
from app.services.lookup import Work

FIELDS = (
    "isbn", "title", "subtitle", "authors", "translators", "publisher", "pubdate", "year",
    "pages", "price", "binding", "language", "summary", "source", "entered_by_hand",
)  # fmt: skip


def book_as_json(book: BookLike) -> dict[str, Any]:
    """Return all that we show of a book."""
    return {name: getattr(book, name) for name in FIELDS} | {
        "url": url_for("web.book_detail", isbn=book.isbn),
        "cover_url": url_for("web.book_cover", isbn=book.isbn),
    }


def work_as_json(work: Work) -> dict[str, Any]:
    """Return a work of several editions that an outside catalogue has; the ISBN is that of one of them."""
    return {
        "isbn": work.isbn,
        "title": work.title,
        "authors": work.authors,
        "source": work.source,
        "url": url_for("web.book_detail", isbn=work.isbn),
    }


def result_as_json(query: str, result: SearchResult) -> dict[str, Any]:
    """Return one page of hits; `total_is_capped` says that there are more than `total`."""
    return {
        "query": query,
        "total": result.total,
        "total_is_capped": result.total_is_capped,
        "page": result.page,
        "next_cursor": result.next_cursor,
        "did_you_mean": result.suggestion,
        "is_complete": result.is_complete,
        "index": result.state,
        "books": [book_as_json(book) for book in result.books],
    }
