"""Open Library: ISBNs in bulk by `/api/books`, words by `/search.json`, details by the edition record.

It asks its clients to name themselves with a contact and to keep to a rate: one limiter serves all threads.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress

from app.catalogues.api.answers import mapping, read_json
from app.catalogues.api.openlibrary_shapes import NAME, read_data, read_docs, read_edition
from app.catalogues.api.transport import Transport
from app.catalogues.base import BookNotFound, BookRecord, Catalogue, CatalogueError, CatalogueLimited, Hits, fill_gaps
from app.catalogues.throttling import Limiter

MOST_AT_ONCE = 25
MOST_HITS = 100

_OF_BOTH = ("title", "subtitle", "isbn", "publisher", "publish_date", "language", "cover_i")
_OF_AN_EDITION = tuple(f"editions.{name}" for name in _OF_BOTH)
_OF_A_WORK = ("key", "author_name", "first_publish_year", "number_of_pages_median")
_FIELDS = ",".join((*_OF_A_WORK, *_OF_BOTH, "editions", *_OF_AN_EDITION))


class OpenLibrary(Catalogue):
    """The catalogue at `base`, such as `https://openlibrary.org`; `covers` is the address of its picture host."""

    name = NAME

    def __init__(self, transport: Transport, base: str, covers: str, limiter: Limiter) -> None:
        self._transport, self._limiter = transport, limiter
        self._base, self._covers = base.rstrip("/"), covers.rstrip("/")

    def find_book(self, isbn: str, seconds: float) -> BookRecord:
        """Return the book from a bulk call for one."""
        found = self.find_books([isbn], seconds)
        if isbn not in found:
            raise BookNotFound("not in the answer")
        return found[isbn]

    def find_books(self, isbns: Sequence[str], seconds: float) -> dict[str, BookRecord]:
        """The records of up to 25 ISBNs from one call."""
        asked = isbns[:MOST_AT_ONCE]
        params = {"bibkeys": ",".join(f"ISBN:{isbn}" for isbn in asked), "format": "json", "jscmd": "data"}
        return read_data(mapping(self._ask("/api/books", params, seconds)), asked)

    def find_details(self, isbn: str, seconds: float) -> BookRecord:
        """The quick record with what only the edition record has: language, binding, summary."""
        until = time.monotonic() + seconds
        record = self.find_book(isbn, seconds)
        with suppress(CatalogueError):
            payload = self._ask(f"/isbn/{isbn}.json", {}, until - time.monotonic())
            edition = read_edition(mapping(payload), self._covers, isbn)
            if edition:  # authors of its own go before those of a statement
                return fill_gaps(edition._replace(authors=record.authors or edition.authors), record)
        return record

    def search(self, words: str, count: int, start: int, seconds: float) -> Hits:
        """Return hits for words; at most 100 at once."""
        params = {"q": words, "fields": _FIELDS, "limit": str(min(count, MOST_HITS)), "offset": str(start)}
        return read_docs(mapping(self._ask("/search.json", params, seconds)), self._covers)

    def _ask(self, path: str, params: dict[str, str], seconds: float) -> object:
        wait = self._limiter.reserve(seconds)
        if wait is None:
            raise CatalogueLimited("our own rate for it is used up", retry_after=1.0)
        time.sleep(wait)
        return read_json(self._transport.get(self._base + path, seconds - wait, params=params))
