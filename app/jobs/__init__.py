"""The outbox: work to do after a commit, done by a thread, by `flask jobs run` or by Celery.

A service calls `enqueue` inside its `auto_commit`; a function marked with `handles` does the work
later, at least once: it may run twice and must not care.
"""

from app.services.outbox import enqueue, enqueue_all

__all__ = ["enqueue", "enqueue_all"]
