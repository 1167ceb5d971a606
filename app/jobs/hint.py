"""Hints that wake a worker as soon as a commit has written jobs; a lost hint only costs time."""

import threading
from typing import TYPE_CHECKING

from flask import Flask, current_app, has_app_context
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.jobs import handlers  # noqa: F401  (registers every job)
from app.jobs.worker import Worker
from app.logs import log
from app.models.outbox import HINT

if TYPE_CHECKING:
    from celery import Celery

EXTENSION = "fisher_job_hint"
WORKER = "fisher_job_worker"
DRAIN_TASK = "fisher.drain"


def init_app(app: Flask) -> None:
    """Send a hint after each commit that wrote jobs; where a thread runs them, start it with the first request."""
    runner = app.config["JOB_RUNNER"]
    if runner == "thread":
        starter = ThreadStarter(app)
        app.extensions[EXTENSION] = starter.wake
        app.extensions[WORKER] = starter.worker
        app.before_request(starter.start)
    elif runner == "celery":
        app.extensions[EXTENSION] = CeleryHint(app.config["CELERY_BROKER_URL"])


class ThreadStarter:
    """Starts one worker thread in a serving process: never in commands, never before a fork."""

    def __init__(self, app: Flask) -> None:
        self.worker = Worker(app)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Wake the worker."""
        self.worker.wake()

    def start(self) -> None:
        """Start the thread unless it is running."""
        if self._thread is not None:
            return
        with self._lock:
            if self._thread is None:
                # A daemon: a job that it leaves undone when the process ends stays in the outbox.
                self._thread = threading.Thread(target=self.worker.run, name="outbox", daemon=True)
                self._thread.start()


def broker_client(broker: str) -> "Celery":
    """Return a Celery that gives up within seconds when Redis is away."""
    from celery import Celery

    client = Celery("fisher", broker=broker, set_as_current=False)
    client.conf.broker_transport_options = {"socket_timeout": 2, "socket_connect_timeout": 2, "max_retries": 0}
    client.conf.task_ignore_result = True
    return client


class CeleryHint:
    """Asks a Celery worker to drain the outbox; without Redis, beat or `flask jobs run` will do so later."""

    def __init__(self, broker: str) -> None:
        self.client = broker_client(broker)

    def __call__(self) -> None:
        """Send the hint."""
        from kombu.exceptions import OperationalError

        try:
            self.client.send_task(DRAIN_TASK, ignore_result=True, retry=False, expires=60)
        except OperationalError as error:
            log.warning("no hint to celery", reason=type(error).__name__)


@event.listens_for(Session, "after_commit")
def _hint(session: Session) -> None:
    if session.info.pop(HINT, False) and has_app_context() and EXTENSION in current_app.extensions:
        current_app.extensions[EXTENSION]()


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(HINT, None)
