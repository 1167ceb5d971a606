"""Pages of lists."""

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue


def page_number() -> int:
    """Return which page of a list is asked for; anything odd is the first."""
    text = request.args.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def last_page(pages: int) -> ResponseReturnValue:
    """Lead to the last page of a list; for those who ask for one behind it."""
    return redirect(url_for(request.endpoint or "web.index", page=pages))


def page_size() -> int:
    """Return how many rows a reader's own lists show on a page."""
    return int(current_app.config["ROWS_PER_PAGE"])
