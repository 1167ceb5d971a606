"""What every outside catalogue gives: a `BookRecord`, or an error that says which kind of nothing it was."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple


class BookRecord(NamedTuple):
    """One edition as a catalogue describes it, already cleaned; empty text or None means "not said".

    Only lists of our own and readers name books without an ISBN, whose `isbn` is empty.

    Given by name. A tuple, since imports make millions of them and send them from one process to another.
    """

    isbn: str
    title: str
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    translators: tuple[str, ...] = ()
    publisher: str = ""
    pubdate: str = ""
    pages: int | None = None
    price: str = ""
    binding: str = ""
    summary: str = ""
    language: str = ""
    original_title: str = ""
    series: str = ""
    series_number: str = ""
    subjects: tuple[str, ...] = ()
    work_key: str = ""
    first_year: int | None = None
    cover: str = ""
    source: str = ""


def fill_gaps(record: BookRecord, other: BookRecord) -> BookRecord:
    """`record` with what only `other` says, and the longer of the two summaries."""
    filled = BookRecord._make(ours or said for ours, said in zip(record, other, strict=True))
    in_series = record if record.series and record.series != other.series else filled
    return filled._replace(summary=max(record.summary, other.summary, key=len), series_number=in_series.series_number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """One page of a keyword search: what has an ISBN, and how many hits the catalogue says it has in all.

    `loose_hits` have the right title and people, but their ISBN is one of several editions: to be shown, not stored.
    """

    total: int
    records: tuple[BookRecord, ...] = ()
    loose_hits: tuple[BookRecord, ...] = ()


class CatalogueError(Exception):
    """A catalogue gave no record. `reason` is safe to log: no key, no address, no query, no text of theirs.

    `retry_after` is in seconds, None when the catalogue did not say when to come back.
    """

    outcome = "failed"

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class BookNotFound(CatalogueError):
    """The catalogue works and does not know this book."""

    outcome = "not found"


class CatalogueOutOfOrder(CatalogueError):
    """The catalogue could not be reached in time, or says that it is broken or refuses us."""

    outcome = "out of order"


class CatalogueLimited(CatalogueError):
    """The catalogue, or our own promise to it, asks us to slow down."""

    outcome = "limited"


class AnswerMalformed(CatalogueError):
    """The catalogue answered with something that is not the record we asked for."""

    outcome = "malformed"


class Catalogue(ABC):
    """An outside book API. `seconds` is all the time a call may take; every failure is a `CatalogueError`."""

    name: str

    @abstractmethod
    def find_book(self, isbn: str, seconds: float) -> BookRecord:
        """The record of a 13-digit ISBN from one quick call; raises `BookNotFound` when it is unknown."""

    @abstractmethod
    def search(self, words: str, count: int, start: int, seconds: float) -> Hits:
        """The hits `start` to `start + count` of a keyword search."""

    def find_details(self, isbn: str, seconds: float) -> BookRecord:
        """The fullest record this catalogue can give, for work behind the scenes; may take several calls."""
        return self.find_book(isbn, seconds)

    def find_books(self, isbns: Sequence[str], seconds: float) -> dict[str, BookRecord]:
        """The records of many ISBNs by ISBN; the unknown ones are missing."""
        until = time.monotonic() + seconds
        found = {}
        for isbn in isbns:
            with suppress(BookNotFound):
                found[isbn] = self.find_book(isbn, until - time.monotonic())
        return found
