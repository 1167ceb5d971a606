"""The job that keeps the figures of each day."""

from app.jobs.registry import Job, handles
from app.models.base import now
from app.rules.clock import DAY
from app.services.economy.days import keep_report


@handles("economy.keep", every=DAY)
def keep_figures(_job: Job) -> None:
    """Keep the report on the economy."""
    keep_report(now())
