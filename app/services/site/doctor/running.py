"""What goes on in a site: requests, jobs and the clock."""

from collections.abc import Iterator

from flask import current_app
from sqlalchemy import text

from app.models.base import db, now
from app.services.site.clock import is_clock_running
from app.services.site.doctor.finding import Health, Told
from app.services.site.future import CLOCKS_DIFFER
from app.services.site.outbox_figures import read_outbox

WAITING_LONG = 600


def examine_deadline() -> Iterator[Told]:
    """Tell how long a request may last."""
    settings = current_app.config
    seconds = settings["REQUEST_DEADLINE"]
    if not seconds:
        yield Health.ODD, "FISHER_REQUEST_DEADLINE=0: a page that waits for ever keeps its thread"
        return
    longer = [
        f"FISHER_{name}" for name in ("DATABASE_BUSY_TIMEOUT", "BOOK_LOOKUP_DEADLINE") if settings[name] > seconds
    ]
    said = f"requests may last {seconds} s"
    yield (Health.ODD, f"{said}, and {', '.join(longer)} is longer") if longer else (Health.WELL, said)


def examine_proxies() -> Iterator[Told]:
    """Tell whether the addresses of readers are told apart."""
    hops = current_app.config["TRUSTED_PROXIES"]
    if not hops and current_app.config["ENVIRONMENT"] == "production":
        yield Health.ODD, "FISHER_TRUSTED_PROXIES=0: behind a web server, all readers count as one address for limits"
        return
    yield Health.WELL, f"{hops} trusted"


def examine_jobs() -> Iterator[Told]:
    """Tell whether jobs are run, and which have failed."""
    said = read_outbox(now())
    if said.failed:
        yield Health.ODD, f"{said.failed} have failed for good: `flask jobs list --failed`, `flask jobs retry`"
    if said.age > WAITING_LONG:
        yield Health.ILL, f"{said.waiting} wait, the first for {said.age // 60} minutes: does a worker run?"
    elif not said.failed:
        yield Health.WELL, f"{said.waiting} wait"


def examine_clock() -> Iterator[Told]:
    """Tell whether deadlines are applied, at the time of the database."""
    if not is_clock_running(now()):
        yield Health.ILL, "no deadline was applied for 10 minutes: does a worker run?"
        return
    ahead = 0
    if db.engine.dialect.name != "sqlite":
        ahead = int(db.session.scalar(text("SELECT UNIX_TIMESTAMP()")) or 0) - now()
    if abs(ahead) > CLOCKS_DIFFER:
        yield Health.ILL, f"this machine and the database's differ by {abs(ahead)} seconds"
        return
    yield Health.WELL, "deadlines are applied"
