"""Settings: jobs."""

from dataclasses import dataclass

from config.values import setting


@dataclass(frozen=True, kw_only=True, repr=False)
class Jobs:
    """What runs the jobs of the outbox."""

    JOB_RUNNER: str = setting("thread", "who does the outbox: thread (in the serving process), none or celery")
    JOB_LEASE: int = setting(300, "a job whose worker died is taken over", "seconds")
    JOB_POLL: int = setting(2, "pause of an idle worker", "seconds")
    CELERY_BROKER_URL: str = setting("redis://127.0.0.1:6379/1", "Redis of Celery, for FISHER_JOB_RUNNER=celery")
