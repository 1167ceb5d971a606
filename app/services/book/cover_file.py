"""Pictures of covers in our own store: found, fetched from outside, replaced whole."""

import tempfile
from pathlib import Path

import structlog
from flask import current_app

from app.catalogues.api.covers import SIZES, CoverFetcher
from app.catalogues.base import AnswerMalformed, BookNotFound, CatalogueError
from app.models.base import db
from app.models.book import Book

log = structlog.get_logger("fisher.covers")

__all__ = ["SIZES", "CoverDelayed", "fetch_cover", "find_cover_file", "wants_cover"]


class CoverDelayed(Exception):
    """A picture cannot be had now; `reason` holds no address, `seconds` is how long its host is to be left alone."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.reason, self.seconds = reason, seconds


def find_cover_file(number: str, size: str) -> Path | None:
    """Return the file of a book, by its number, in one of `SIZES`."""
    path = _path(number, size)
    return path if path.is_file() else None


def wants_cover(book: Book) -> bool:
    """Return whether a picture can be fetched: its address is known, and we have not got it."""
    return bool(book.cover) and _shop().may_try(book.cover) and find_cover_file(book.number, "small") is None


def fetch_cover(isbn: str) -> bool:
    """Fetch the picture of a book we know and store it in all sizes; False: there is none to be had.

    :raises CoverDelayed: its host is out of order or limits us.
    """
    book = Book.find_by_isbn(isbn)
    if book is None or not wants_cover(book):
        return False
    address = book.cover
    # No connection is held while others think.
    db.session.rollback()
    try:
        pictures = _shop().fetch(address)
    except CatalogueError as error:
        log.warning("cover", outcome=error.outcome, reason=error.reason)
        if isinstance(error, AnswerMalformed | BookNotFound):
            return False
        raise CoverDelayed(error.reason, error.retry_after or 0) from None
    for size, picture in pictures.items():
        _write(_path(isbn, size), picture)
    return True


def _shop() -> CoverFetcher:
    shop: CoverFetcher = current_app.extensions["covers"]
    return shop


def _path(number: str, size: str) -> Path:
    """Spread over a thousand folders by the last digits, which are the most even."""
    return Path(current_app.config["COVERS_PATH"]) / number[-4:-1] / f"{number}-{size}.webp"


def _write(path: Path, content: bytes) -> None:
    """Write beside and rename, so that nobody ever reads half a picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False)  # noqa: SIM115
    try:
        with part as file:
            file.write(content)
        Path(file.name).chmod(0o644)
        Path(file.name).replace(path)
    except OSError:
        Path(part.name).unlink(missing_ok=True)
        raise
