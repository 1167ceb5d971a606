"""The job of the pool."""

from app.jobs.registry import Job, handles
from app.models.base import now
from app.rules.clock import DAY
from app.services.account.pool import run_pool


@handles("beans.pool", every=DAY)
def work_the_pool(_job: Job) -> None:
    """Let the beans of silent readers sleep, and help givers who have none."""
    run_pool(now())
