"""Suggestions while typing, for the script of the search box."""

from typing import Any

from flask import current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from app.extensions import limiter
from app.services.book.suggestions import AuthorSuggestion, BookSuggestion
from app.services.book.suggestions import suggest as suggest_for
from app.services.sight.visible import PUBLIC
from app.web.blueprint import web
from app.web.display.book_filters import book_path, linked, names
from app.web.page.limits import suggest_rate
from app.web.page.reader import sight

_LONGEST = 200
"""Characters of a suggestion's text, which is one line."""


@web.get("/suggest")
@limiter.limit(suggest_rate)
def suggest() -> ResponseReturnValue:
    """Return books and authors for the beginning of a query, as JSON; any text is accepted.

    Each has `kind` (book or author), `text`, `detail`, `url`, and in `available` the number of copies to be had.
    """
    seen = sight()
    answer = jsonify(suggestions=[suggestion_as_json(one) for one in suggest_for(request.args.get("q", ""), seen)])
    if seen == PUBLIC:  # what everybody else sees may be kept, but for nobody who sees less
        answer.cache_control.public = True
        answer.cache_control.max_age = current_app.config["PAGE_CACHE_SECONDS"]
    answer.vary.add("Cookie")
    return answer


def suggestion_as_json(one: BookSuggestion | AuthorSuggestion) -> dict[str, Any]:
    """Return a suggestion with its texts cut to a line."""
    url = book_path(one.book)
    if isinstance(one, BookSuggestion):
        kind, text = "book", one.book.title
        detail = " · ".join(filter(None, (names(one.book.authors), str(one.book.year or ""))))
    else:
        kind, text, detail = "author", one.name, one.book.title
        if query := linked([one.name])[0][1]:
            url = url_for("web.book_search", q=query)
    return {"kind": kind, "text": text[:_LONGEST], "detail": detail[:_LONGEST], "url": url, "available": one.available}
