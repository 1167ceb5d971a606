"""Jobs to be run after a commit, written in the same transaction as the change they belong to."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import LIVE, Base, db, now
from app.models.encrypted import EncryptedJSON

HINT = "outbox_has_work"


class JobState(StrEnum):
    """`ready → running → done`, back to `ready` after a failure, `failed` after the last try."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Outbox(Base):
    """One job. Times are in Unix seconds; the payload is cleared when the job is done."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state_run_after", "state", "run_after"), Base.__table_args__)

    kind: Mapped[str] = mapped_column(String(40))
    # Loaded separately: a payload that no key decrypts must not block the other jobs.
    payload: Mapped[dict[str, Any]] = mapped_column(EncryptedJSON, deferred=True)
    user_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    state: Mapped[str] = mapped_column(String(10), default=JobState.READY)
    run_after: Mapped[int] = mapped_column(BigInteger)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[int | None] = mapped_column(BigInteger)
    every: Mapped[int | None]
    key: Mapped[str | None] = mapped_column(String(100), unique=True)
    message_id: Mapped[str | None] = mapped_column(String(255))
    last_error: Mapped[str] = mapped_column(String(500), default="")

    @classmethod
    def add(
        cls, kind: str, payload: dict[str, Any], key: str | None, run_after: int | None, every: int | None = None
    ) -> None:
        """Write a job unless one with this key exists; inside `auto_commit`."""
        cls.add_all(kind, [(payload, key)], run_after, every)

    @classmethod
    def add_all(
        cls,
        kind: str,
        jobs: Sequence[tuple[dict[str, Any], str | None]],
        run_after: int | None = None,
        every: int | None = None,
    ) -> None:
        """Write jobs of one kind, each a payload and a key, except those whose key exists; inside `auto_commit`."""
        shared: dict[str, Any] = {"kind": kind, "run_after": now() if run_after is None else run_after, "every": every}
        shared |= {"state": JobState.READY, "attempts": 0, "last_error": "", "create_time": now(), "status": LIVE}
        rows = [shared | {"payload": job, "user_id": job.get("user_id"), "key": key} for job, key in jobs]
        # One statement, so that two writers with the same key cannot both find that there is none.
        row = insert(cls).prefix_with("OR IGNORE", dialect="sqlite")
        row = row.prefix_with("IGNORE", dialect="mysql").prefix_with("IGNORE", dialect="mariadb")
        written = db.session.connection().execute(row, rows).rowcount
        # Without this check, a worker that writes the recurring jobs would wake itself forever.
        if written and shared["run_after"] <= now():
            db.session.info[HINT] = True

    @classmethod
    def find_state(cls, key: str) -> JobState | None:
        """Return the state of the job with this key."""
        state = db.session.scalar(select(cls.state).where(cls.key == key))
        return JobState(state) if state else None

    @classmethod
    def is_behind(cls, jobs: int) -> bool:
        """Return whether more than this many jobs are due and wait for a worker."""
        due = select(cls.id).where(cls.state == JobState.READY, cls.run_after <= now())
        return db.session.scalar(due.offset(jobs).limit(1)) is not None

    @classmethod
    def list_by_state(cls, state: JobState, limit: int) -> "list[Outbox]":
        """Return the jobs in one state, oldest first."""
        return list(db.session.scalars(select(cls).where(cls.state == state).order_by(cls.id).limit(limit)))
