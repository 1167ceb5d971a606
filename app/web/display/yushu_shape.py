"""The format of 鱼书 v2: values but `id` and `work_id` are strings, people are lists, errors have Douban's codes."""

from typing import Any

from flask import Response, current_app, jsonify, request

from app.models.book import BookLike
from app.web.display.book_filters import cover_path

PREFIX = "/v2/"

BOOK_NOT_FOUND = (6000, "book_not_found")
MISSING_ARGS = (1002, "missing_args")
BY_STATUS = {404: (1001, "uri_not_found"), 400: MISSING_ARGS, 429: (112, "rate_limit_exceeded2")}
OTHER = (999, "unknown_v2_error")


def is_api_call() -> bool:
    """Return whether the request is for the book API."""
    return request.path.startswith(PREFIX)


def book_in_yushu_shape(book: BookLike) -> dict[str, Any]:
    """Return a book in the 鱼书 v2 format, with the cover at our own URL."""
    image = f"{current_app.config['SITE_URL']}{cover_path(book)}?size=large"
    return {
        "id": book.id,
        "work_id": book.work_id,
        "isbn": book.isbn or "",
        "title": book.title,
        "subtitle": book.subtitle,
        "author": book.authors,
        "translator": book.translators,
        "publisher": book.publisher,
        "pubdate": book.pubdate,
        "pages": str(book.pages or ""),
        "price": book.price,
        "binding": book.binding,
        "category": "",
        "summary": book.summary,
        "image": image,
        "images": {"large": image},
    }


def yushu_error(status: int, error: tuple[int, str] | None = None) -> tuple[Response, int]:
    """Return an error as `{"code", "msg", "request"}`; `request` has no query string."""
    code, msg = error or BY_STATUS.get(status, OTHER)
    return jsonify(code=code, msg=msg, request=f"{request.method} {request.path}"), status
