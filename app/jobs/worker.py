"""The loop that runs the jobs of the outbox: in a thread of the serving process, or as `flask jobs run`."""

import threading
from collections.abc import Callable

from flask import Flask, current_app
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError

from app.jobs.drain import claim, run
from app.jobs.registry import EVERY, Job, handles
from app.logs import log
from app.models.base import db, now
from app.models.outbox import JobState, Outbox
from app.rules.clock import DAY
from app.services.site.database import PREPARE, is_migrated

KEPT_DONE = 30 * DAY
KEPT_FAILED = 90 * DAY


class Worker:
    """Runs one job after the other until it is stopped; `wake` ends its pause early."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._stop = threading.Event()
        self._work = threading.Event()

    def wake(self) -> None:
        """Signal that there may be a job to run."""
        self._work.set()

    def stop(self) -> None:
        """Stop after the current job."""
        self._stop.set()
        self._work.set()

    def run(self) -> None:
        """Run jobs until `stop` is called; while the database cannot be reached, keep trying."""
        while not self._stop.is_set() and not self._each(write_periodic_jobs):
            pass
        while not self._stop.is_set():
            self._work.clear()
            if not self._each(do_one) and not self._stop.is_set():
                self._work.wait(self.app.config["JOB_POLL"])

    def _each(self, step: Callable[[], bool]) -> bool:
        try:
            with self.app.app_context():
                return step()
        except SQLAlchemyError as error:
            with self.app.app_context():
                mend = {} if is_migrated() else {"mend": PREPARE}
            log.error("outbox out of reach", reason=type(error).__name__, **mend)
            self._stop.wait(self.app.config["JOB_POLL"])
            return False


def do_one() -> bool:
    """Run one job that is due; return whether there was one."""
    job = claim(current_app.config["JOB_LEASE"])
    if job is not None:
        run(job)
    return job is not None


def write_periodic_jobs() -> bool:
    """Write each recurring job that is not in the outbox yet; all workers share one row for each."""
    with db.auto_commit():
        for kind, seconds in EVERY.items():
            Outbox.add(kind, {}, key=f"every:{kind}", run_after=now(), every=seconds)
    return True


@handles("outbox.tidy", every=DAY)
def tidy(_job: Job) -> None:
    """Delete the jobs that were done a month ago, and those that failed three months ago."""
    with db.auto_commit():
        for state, age in ((JobState.DONE, KEPT_DONE), (JobState.FAILED, KEPT_FAILED)):
            db.session.execute(delete(Outbox).where(Outbox.state == state, Outbox.run_after < now() - age))
