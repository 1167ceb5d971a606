"""Putting work into the outbox."""

from collections.abc import Sequence
from typing import Any

from app.models.outbox import Outbox


def enqueue(kind: str, payload: dict[str, Any], unique_key: str | None = None, run_after: int | None = None) -> None:
    """Write a job, to be called inside `auto_commit`: it exists when, and only when, the change does.

    :param payload: what JSON can hold; `user_id` in it ties the job to a reader, so that closing the
        account removes it.
    :param unique_key: a second job with the same key is not written, even when the first is done.
    :param run_after: Unix seconds; now if not given.
    """
    Outbox.add(kind, payload, unique_key, run_after)


def enqueue_all(kind: str, jobs: Sequence[tuple[dict[str, Any], str]], run_after: int) -> None:
    """Write many jobs of one kind, each a payload and a unique key, like `enqueue`."""
    if jobs:
        Outbox.add_all(kind, jobs, run_after)
