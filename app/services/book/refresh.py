"""What a page of a book leaves for later: a fresher record and a picture, each as one job a day."""

from sqlalchemy.exc import SQLAlchemyError

from app.logs import log
from app.models.base import db, now
from app.models.book import Book
from app.models.outbox import HINT, JobState, Outbox
from app.rules.clock import DAY
from app.services.book.cover_file import wants_cover
from app.services.book.lookup import is_due
from app.services.outbox import enqueue

REFRESH = "book.refresh"
COVER = "book.cover"
# With more than this waiting a page adds nothing, so that visitors cannot keep mails from being sent.
MOST_WAITING = 40
# How long a page waits for other writers, in milliseconds.
PATIENCE = 50


def queue_refresh(book: Book) -> None:
    """Let a book be asked for again if that is due; never in the way of the page."""
    if book.isbn and is_due(book):
        _queue(REFRESH, book.isbn)


def queue_cover(book: Book) -> bool:
    """Let the picture of a book be fetched if there may be one; tell whether it is on its way."""
    return book.isbn is not None and wants_cover(book) and _queue(COVER, book.isbn)


def _queue(kind: str, isbn: str) -> bool:
    """Write the job of today unless it is there; False: it was done, or given up."""
    key = f"{kind}:{isbn}:{now() // DAY}"
    try:
        state = Outbox.find_state(key)
        if state is None and not Outbox.is_behind(MOST_WAITING):
            _write(kind, isbn, key)
    except SQLAlchemyError as error:
        # A page is for reading: it is shown when nothing can be written, too.
        db.session.rollback()
        log.warning("job not written", kind=kind, reason=type(error).__name__)
        return True
    return state not in (JobState.DONE, JobState.FAILED)


def _write(kind: str, isbn: str, key: str) -> None:
    with db.auto_commit(patience=PATIENCE):
        enqueue(kind, {"isbn": isbn}, key)
        # Nor does a page wait for a broker: the next look of a worker, seconds from now, finds the job.
        db.session.info.pop(HINT, None)
