"""Writing jobs into the outbox."""

from collections.abc import Sequence
from typing import Any

from app.models.outbox import Outbox


def enqueue(kind: str, payload: dict[str, Any], unique_key: str | None = None, run_after: int | None = None) -> None:
    """Write a job; inside `auto_commit`, so that it exists if and only if the change is committed.

    :param payload: JSON-serialisable; its `user_id` belongs to the reader whose account, when closed,
        takes the job along.
    :param unique_key: a second job with the same key is not written, even after the first is done.
    :param run_after: Unix seconds; now by default.
    """
    Outbox.add(kind, payload, unique_key, run_after)


def enqueue_all(kind: str, jobs: Sequence[tuple[dict[str, Any], str]], run_after: int) -> None:
    """Write several jobs of one kind, each with a payload and a unique key, like `enqueue`."""
    if jobs:
        Outbox.add_all(kind, jobs, run_after)
