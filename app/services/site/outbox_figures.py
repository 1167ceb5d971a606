"""How much work waits for a worker."""

from dataclasses import dataclass

from sqlalchemy import func, or_, select

from app.models.base import db
from app.models.outbox import JobState, Outbox


@dataclass(frozen=True)
class OutboxFigures:
    """How many jobs are due or being run, how many seconds the first of them has been due, and how many have failed."""

    waiting: int
    age: int
    failed: int


def read_outbox(now: int) -> OutboxFigures:
    """Return the figures of the outbox at a time in Unix seconds."""
    is_due = (Outbox.state == JobState.READY) & (Outbox.run_after <= now)
    due = select(func.count(Outbox.id), func.min(Outbox.run_after)).where(or_(is_due, Outbox.state == JobState.RUNNING))
    waiting, first = db.session.execute(due).one()
    failed = db.session.scalar(select(func.count(Outbox.id)).where(Outbox.state == JobState.FAILED)) or 0
    return OutboxFigures(waiting, max(0, now - first) if waiting else 0, failed)
