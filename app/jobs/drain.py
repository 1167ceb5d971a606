"""Draining the outbox: claim a job with a lease, run it, record the outcome."""

import random
from collections.abc import Callable

from sqlalchemy import and_, case, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from app.jobs.registry import EVERY, HANDLERS, Job
from app.logs import log
from app.models.base import db, now
from app.models.outbox import JobState, Outbox
from app.rules.clock import HOUR, MINUTE
from app.services.transaction import transaction

MAX_ATTEMPTS = 8
FIRST_DELAY = 30
LONGEST_DELAY = 6 * HOUR
LONGEST_PAUSE = LONGEST_DELAY * 6 // 5
"""What `delay` returns at most."""
CLOCKS_DIFFER = 5 * MINUTE
"""Seconds by which the clocks of machines may differ."""


class TryAgain(Exception):
    """A handler could not do its work now; the message is stored and shown, so it must hold no personal data.

    `seconds` is how long the other side asked us to wait.
    """

    def __init__(self, reason: str, seconds: float = 0) -> None:
        super().__init__(reason)
        self.seconds = seconds


def drain(limit: int, lease: int, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Run at most `limit` jobs that are due; return how many were tried.

    :param lease: seconds after which a job whose worker died may be claimed again.
    :param is_stopping: called between two jobs.
    """
    done = 0
    while done < limit and not is_stopping():
        job = claim(lease)
        if job is None:
            break
        run(job)
        done += 1
    return done


def claim(lease: int) -> Job | None:
    """Claim the oldest job that is due, so that no other worker takes it."""
    if db.session.scalar(select(Outbox.id).where(_is_due(lease)).limit(1)) is None:
        db.session.rollback()
        return None
    return _claim(lease)


@transaction
def _claim(lease: int) -> Job | None:
    due = select(Outbox).where(_is_due(lease)).order_by(Outbox.run_after, Outbox.id).limit(1)
    row = db.session.scalar(due.with_for_update(skip_locked=True).execution_options(populate_existing=True))
    if row is None:
        return None
    row.state = JobState.RUNNING
    row.attempts += 1
    row.lease_until = now() + lease
    return Job(
        id=row.id,
        kind=row.kind,
        payload={},
        attempts=row.attempts,
        created=row.create_time,
        message_id=row.message_id,
    )


def _is_due(lease: int) -> ColumnElement[bool]:
    time = now()
    ready = and_(Outbox.state == JobState.READY, Outbox.run_after <= time)
    abandoned = and_(Outbox.state == JobState.RUNNING, Outbox.lease_until < time)
    # Written while a clock was ahead: without that, what recurs would stand still until time has caught up.
    longest = case(EVERY, value=Outbox.kind, else_=LONGEST_PAUSE)
    too_far = and_(Outbox.state == JobState.READY, Outbox.run_after > time + CLOCKS_DIFFER + longest)
    leased_too_far = and_(Outbox.state == JobState.RUNNING, Outbox.lease_until > time + lease + CLOCKS_DIFFER)
    return or_(ready, abandoned, too_far, leased_too_far)


def run(job: Job) -> None:
    """Load the payload of a claimed job, run the job and record the outcome."""
    if job.attempts > MAX_ATTEMPTS and job.kind not in EVERY:
        _finish(job, {"state": JobState.FAILED, "last_error": "its workers died"})
        return
    try:
        job.payload = db.session.scalars(select(Outbox.payload).where(Outbox.id == job.id)).one()
        HANDLERS[job.kind](job)
    except Exception as error:  # noqa: BLE001  (whatever a job does must not end the worker)
        db.session.rollback()
        _fail(job, error)
    else:
        _finish(job, _after_success(job))


def _after_success(job: Job) -> dict[str, object]:
    if job.kind in EVERY:
        return {"state": JobState.READY, "run_after": now() + EVERY[job.kind], "attempts": 0, "last_error": ""}
    return {"state": JobState.DONE, "payload": {}, "last_error": ""}


def _fail(job: Job, error: Exception) -> None:
    # The message of an unforeseen error may contain an address: only the name of its class is stored.
    reason = str(error) if isinstance(error, TryAgain) else type(error).__name__
    is_last = job.attempts >= MAX_ATTEMPTS and job.kind not in EVERY
    if isinstance(error, TryAgain):
        log.warning("job failed", kind=job.kind, job=job.id, attempt=job.attempts, reason=reason)
    else:
        log.error("job failed", kind=job.kind, job=job.id, attempt=job.attempts, exc_info=error)
    state = JobState.FAILED if is_last else JobState.READY
    asked = min(round(error.seconds), LONGEST_DELAY) if isinstance(error, TryAgain) else 0
    pause = EVERY.get(job.kind) or max(delay(job.attempts), asked)
    _finish(job, {"state": state, "run_after": now() + pause, "last_error": reason[:500]})


def delay(attempts: int) -> int:
    """Return the seconds to wait after this many attempts: 30 s, 2 min, 8 min … at most 6 h, give or take a fifth."""
    seconds: int = min(FIRST_DELAY * 4 ** min(attempts - 1, 10), LONGEST_DELAY)
    return round(seconds * random.uniform(0.8, 1.2))  # noqa: S311  (no secret)


@transaction
def _finish(job: Job, values: dict[str, object]) -> None:
    # Only while the claim is still ours: once the lease has expired, another worker records the outcome.
    mine = (Outbox.id == job.id, Outbox.state == JobState.RUNNING, Outbox.attempts == job.attempts)
    db.session.execute(update(Outbox).where(*mine).values(lease_until=None, **values))
