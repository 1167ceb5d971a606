"""The outbox: jobs to run after a commit, in a thread, by `flask jobs run` or by Celery.

A service calls `enqueue` inside its `auto_commit`; a function marked with `handles` does the work
later, at least once: it has to be idempotent.
"""

from app.services.outbox import enqueue, enqueue_all

__all__ = ["enqueue", "enqueue_all"]
