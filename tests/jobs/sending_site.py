"""A site in a separate process, for worker tests: `python -m tests.jobs.sending_site SETTINGS COMMAND…`."""

import json
import sys
import time

from flask import Flask

from app import create_app
from app.jobs.registry import Job, handles
from app.models.base import db, now
from app.models.user import LoginSession
from app.services.outbox import enqueue
from config import Testing


@handles("test.note")
def note(job: Job) -> None:
    """Store a row that shows that the job was run; take a moment, so that a kill interrupts running jobs."""
    time.sleep(0.005)
    with db.auto_commit():
        number = job.payload["n"]
        db.session.add(
            LoginSession(
                user_id=job.payload["user_id"],
                token_hash=f"{number}:{job.attempts}",
                version=number,
                last_seen=0,
                expires_at=now() + 86_400,  # not expired, or it would be erased
            )
        )


def site(settings: dict[str, object]) -> Flask:
    """Return the application."""
    return create_app(Testing(**settings))  # type: ignore[arg-type]


def write_jobs(app: Flask, user_id: int, count: int) -> None:
    """Write a number of jobs."""
    with app.app_context(), db.auto_commit():
        for number in range(count):
            enqueue("test.note", {"user_id": user_id, "n": number})


if __name__ == "__main__":
    arguments = sys.argv[2:]
    result = site(json.loads(sys.argv[1])).test_cli_runner().invoke(args=arguments)
    sys.exit(result.exit_code)
