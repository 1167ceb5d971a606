"""Celery on Redis does the same outbox: `celery --app app.jobs.celery worker`, and `… beat`.

Beat looks every few seconds, a commit sends a hint. What Redis loses is found by the next look.
"""

from functools import cache
from pathlib import Path

from app import create_app
from app.jobs.drain import drain
from app.jobs.hint import DRAIN_TASK, CeleryHint, broker_client
from app.jobs.worker import write_periodic_jobs

BATCH = 100

flask_app = create_app()
poll = float(flask_app.config["JOB_POLL"])
celery = broker_client(flask_app.config["CELERY_BROKER_URL"])
celery.conf.update(
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
    worker_prefetch_multiplier=1,
    # A worker that comes back drops the looks that it has missed.
    beat_schedule={"drain": {"task": DRAIN_TASK, "schedule": poll, "options": {"expires": poll}}},
    beat_schedule_filename=str(Path(flask_app.instance_path) / "celerybeat-schedule"),
)
look_again = CeleryHint(flask_app.config["CELERY_BROKER_URL"])
write_periodic_jobs_once = cache(write_periodic_jobs)
"""Each process makes sure of them at its first look: a row that recurs stays."""


@celery.task(name=DRAIN_TASK)  # type: ignore[untyped-decorator]
def drain_outbox() -> int:
    """Do what is due; return how many jobs were tried."""
    with flask_app.app_context():
        write_periodic_jobs_once()
        done = drain(BATCH, flask_app.config["JOB_LEASE"])
    if done == BATCH:
        look_again()
    return done
