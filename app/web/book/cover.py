"""The cover of a book: from our own store, or drawn."""

from flask import make_response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from app.models.book import Book
from app.rules.clock import DAY
from app.services.book.cover_drawing import draw_cover
from app.services.book.cover_file import find_cover_file
from app.services.book.refresh import queue_cover
from app.web.blueprint import web
from app.web.book.detail import book_not_found, canonical_number

PICTURE_SECONDS = 30 * DAY
DRAWING_SECONDS = DAY
# While the picture is being fetched.
WAITING_SECONDS = 60
# Other 鱼书 sites embed our covers, which are public.
FOR_ALL_SITES = {"Cross-Origin-Resource-Policy": "cross-origin"}


@web.get("/book/<isbn>/cover")
def book_cover(isbn: str) -> ResponseReturnValue:
    """Return the cover of a book; `size=large` is for the book's own page."""
    canonical = canonical_number(isbn)
    size = "large" if request.args.get("size") == "large" else "small"
    if canonical and (path := find_cover_file(canonical, size)):
        picture = send_file(path, mimetype="image/webp", max_age=PICTURE_SECONDS)
        picture.cache_control.public = True
        picture.headers.update(FOR_ALL_SITES)
        return picture
    book = Book.find_by_number(canonical) if canonical else None
    if book is None:
        return book_not_found(isbn, canonical)
    seconds = WAITING_SECONDS if queue_cover(book) else DRAWING_SECONDS
    headers = {"Content-Type": "image/svg+xml; charset=utf-8", "Cache-Control": f"public, max-age={seconds}"}
    drawing = make_response(render_template("book/cover.svg", cover=draw_cover(book)), headers | FOR_ALL_SITES)
    drawing.add_etag()
    return drawing.make_conditional(request)
