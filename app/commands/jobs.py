"""`flask jobs …`: run the outbox, list its jobs, retry those that failed."""

import signal
import sys
from types import FrameType

import click
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from app.commands.group import SiteGroup
from app.jobs.worker import Worker, do_one, write_periodic_jobs
from app.models.outbox import JobState, Outbox
from app.services.site import failed_jobs
from app.services.site.database import is_migrated

jobs = SiteGroup("jobs", help="Work to be done after a change: mails, deadlines.")


@jobs.command("run")
@click.option("--once", is_flag=True, help="End when nothing is due, for cron; without it, work until SIGTERM.")
def run_jobs(once: bool) -> None:
    """Run the jobs of the outbox."""
    if once:
        write_periodic_jobs()
        tried = 0
        while do_one():
            tried += 1
        click.echo(f"{tried} done or tried")
        return
    _ensure_outbox()
    worker = Worker(current_app._get_current_object())  # type: ignore[attr-defined]

    def stop(_number: int, _frame: FrameType | None) -> None:
        worker.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    click.echo("working; SIGTERM or Ctrl-C ends it after the job in hand", err=True)
    worker.run()


def _ensure_outbox() -> None:
    """Raise when there is no outbox table, so that the group names the remedy; wait for an unreachable database."""
    try:
        write_periodic_jobs()
    except SQLAlchemyError:
        if not is_migrated():
            raise


@jobs.command("list")
@click.option("--failed", "states", flag_value="failed", help="Only those given up.")
@click.option("--waiting", "states", flag_value="ready", help="Only those to be done.")
@click.option("--limit", default=100, show_default=True)
def list_jobs(states: str | None, limit: int) -> None:
    """Print jobs: id, kind, state, attempts, last error."""
    wanted = [JobState(states)] if states else [JobState.RUNNING, JobState.READY, JobState.FAILED]
    for state in wanted:
        for job in Outbox.list_by_state(state, limit):
            click.echo(f"{job.id}\t{job.kind}\t{job.state}\t{job.attempts}\t{job.last_error}")


@jobs.command("retry")
@click.argument("id", type=int, required=False)
@click.option("--all", "is_all", is_flag=True, help="All jobs given up.")
def retry_jobs(id: int | None, is_all: bool) -> None:
    """Retry a job now, with eight new attempts."""
    if id is None and not is_all:
        raise click.UsageError("give the number of a job, or --all")
    count = failed_jobs.retry_failed(id)
    click.echo(f"{count} to be tried again")
    sys.exit(0 if count or is_all else 1)
