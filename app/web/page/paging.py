"""Page numbers in URLs."""

from flask import current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue


def page_number() -> int:
    """Return the requested page number; anything invalid means the first page."""
    text = request.args.get("page", "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def last_page(pages: int) -> ResponseReturnValue:
    """Redirect to the last page of a list, for requests beyond it."""
    return redirect(url_for(request.endpoint or "web.index", page=pages))


def page_size() -> int:
    """Return how many rows a page of a reader's lists shows."""
    return int(current_app.config["ROWS_PER_PAGE"])
