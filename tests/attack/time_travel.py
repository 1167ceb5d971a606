"""Simulating the passage of time: every stored time is moved into the past by that much."""

from sqlalchemy import select, update

from app.jobs.worker import do_one, write_periodic_jobs
from app.models.base import Base, db, now
from app.models.outbox import JobState, Outbox
from app.services.exchange.deadlines import run_deadlines

TIMES = {
    "create_time", "state_time", "due_time", "pay_from", "erase_time", "offer_until", "confirmed_at", "run_after",
    "lease_until", "forget_time", "undo_until", "undo_since", "undo_due", "end_time",
}  # fmt: skip


def pass_time(seconds: int) -> None:
    """Let time pass, and run what is due by then."""
    db.session.rollback()
    for table in Base.metadata.sorted_tables:
        earlier = {column: column - seconds for column in table.c if column.name in TIMES}
        db.session.execute(update(table).values(earlier))
    db.session.commit()
    do_jobs()


def do_jobs() -> None:
    """Run the jobs and deadlines that are due, as `flask jobs run --once` does for cron."""
    write_periodic_jobs()
    while do_one():
        pass
    assert run_deadlines(now()).stuck == []
    db.session.rollback()
    assert db.session.scalars(select(Outbox.last_error).where(Outbox.state == JobState.FAILED)).all() == []
