"""Jobs that keep books, their covers and their works up to date."""

import time
from collections.abc import Callable

from app.jobs.drain import TryAgain
from app.jobs.registry import Job, handles
from app.rules.clock import MINUTE
from app.services.book.cover_file import CoverDelayed, fetch_cover
from app.services.book.lookup import refresh_book
from app.services.book.refresh import COVER, REFRESH
from app.services.book.shelving import shelve_outdated
from app.services.book.works import place_outdated

PLACING = 5  # seconds in each minute, so that other jobs have their turn


@handles(REFRESH)
def refresh(job: Job) -> None:
    """Fetch a book that is due again from the catalogues."""
    if not refresh_book(job.payload["isbn"]):
        raise TryAgain("a catalogue is out of order")


@handles(COVER)
def cover(job: Job) -> None:
    """Fetch the cover of a book; after a failure it is not requested again on the same day."""
    try:
        fetch_cover(job.payload["isbn"])
    except CoverDelayed as delay:
        raise TryAgain(delay.reason, delay.seconds) from None


@handles("book.shelves", every=MINUTE)
def shelve(_job: Job) -> None:
    """Put the books on their shelves that are new or that older rules placed."""
    _go_on_with(shelve_outdated)


@handles("book.works", every=MINUTE)
def place_works(_job: Job) -> None:
    """Find the works of books that older rules placed."""
    _go_on_with(place_outdated)


def _go_on_with(do_some: Callable[[], int]) -> None:
    until = time.monotonic() + PLACING
    while do_some() and time.monotonic() < until:
        pass
