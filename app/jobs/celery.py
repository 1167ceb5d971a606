"""Celery on Redis as one of the ways to run the outbox.

Beat starts a drain every few seconds, and each commit sends a hint. Jobs whose hint Redis loses are found by the next
drain.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

from app.jobs.drain import drain
from app.jobs.hint import DRAIN_TASK, CeleryHint, broker_client
from app.jobs.worker import write_periodic_jobs

if TYPE_CHECKING:
    from celery import Celery

BATCH = 100


def make_celery(app: Flask) -> "Celery":
    """Return the Celery application whose workers drain the outbox of a site."""
    poll = float(app.config["JOB_POLL"])
    celery = broker_client(app.config["CELERY_BROKER_URL"])
    celery.conf.update(
        broker_connection_retry_on_startup=True,
        worker_hijack_root_logger=False,
        worker_prefetch_multiplier=1,
        # A worker that restarts drops the drains that it has missed.
        beat_schedule={"drain": {"task": DRAIN_TASK, "schedule": poll, "options": {"expires": poll}}},
        beat_schedule_filename=str(Path(app.instance_path) / "celerybeat-schedule"),
    )
    look_again = CeleryHint(app.config["CELERY_BROKER_URL"])
    # Once for each process is enough, because recurring rows are never removed.
    write_periodic_jobs_once = cache(write_periodic_jobs)

    @celery.task(name=DRAIN_TASK)  # type: ignore[untyped-decorator]
    def drain_outbox() -> int:
        """Run the jobs that are due; return how many were tried."""
        with app.app_context():
            write_periodic_jobs_once()
            done = drain(BATCH, app.config["JOB_LEASE"])
        if done == BATCH:
            look_again()
        return done

    return celery
