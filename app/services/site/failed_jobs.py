"""Retrying failed jobs, for operators."""

from sqlalchemy import update

from app.models.base import db, now
from app.models.outbox import HINT, JobState, Outbox
from app.services.transaction import changed_rows, transaction


@transaction
def retry_failed(id: int | None) -> int:
    """Schedule one failed job, or all of them, to be retried at once; return how many."""
    failed = update(Outbox).where(Outbox.state == JobState.FAILED)
    if id is not None:
        # A single job may also be one that waits for its next attempt.
        failed = update(Outbox).where(Outbox.id == id, Outbox.state.in_([JobState.FAILED, JobState.READY]))
    values = {"state": JobState.READY, "run_after": now(), "attempts": 0}
    count = changed_rows(failed.values(values))
    if count:
        db.session.info[HINT] = True
    return count
