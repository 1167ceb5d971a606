"""Whether deadlines are applied: the clock is a recurring job, and needs a worker that runs jobs."""

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.models.base import db
from app.models.outbox import Outbox

CLOCK = "every:exchange.deadlines"
"""The key of the job that applies deadlines each minute."""

PATIENCE = 10
"""Minutes, and attempts at one a minute, after which a clock that has not run counts as stopped."""


def is_clock_running(now: int) -> bool:
    """Return whether deadlines have been applied within the ten minutes before `now` (Unix seconds)."""
    try:
        row = db.session.execute(select(Outbox.run_after, Outbox.attempts).where(Outbox.key == CLOCK)).one_or_none()
    except SQLAlchemyError:  # an unreachable or unmigrated database is reported separately
        return False
    # A success postpones the next run and resets the attempts; a failure only postpones it. A run that is far ahead was
    # planned by a wrong clock.
    return row is not None and abs(now - row.run_after) < (PATIENCE - 1) * 60 and row.attempts <= PATIENCE
