"""Jobs that keep books and their covers up to date."""

from app.jobs.drain import TryAgain
from app.jobs.registry import Job, handles
from app.services.book.cover_file import CoverDelayed, fetch_cover
from app.services.book.lookup import refresh_book
from app.services.book.refresh import COVER, REFRESH


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
