"""Whether deadlines are applied: the clock is a job, and jobs need somebody who does them."""

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.models.base import db
from app.models.outbox import Outbox

CLOCK = "every:exchange.deadlines"
"""The key of the job that applies what is due, each minute."""

PATIENCE = 10
"""Minutes, and tries of one a minute, after which a clock that has not run is said to stand."""


def is_clock_running(now: int) -> bool:
    """Return whether what is due has been applied within the last ten minutes before `now` (Unix seconds)."""
    try:
        row = db.session.execute(select(Outbox.run_after, Outbox.attempts).where(Outbox.key == CLOCK)).one_or_none()
    except SQLAlchemyError:  # a database out of reach, or without tables, is said by itself
        return False
    # A run puts off the next one and sets the tries back; a failure only puts off.
    return row is not None and now - row.run_after < (PATIENCE - 1) * 60 and row.attempts <= PATIENCE
