"""The jobs that look up the books of a basket, and that erase old reports of what became of them."""

import time

from app.jobs.drain import TryAgain
from app.jobs.registry import Job, handles
from app.models.base import now
from app.rules.clock import DAY
from app.services.basket.looking import LOOK, CatalogueSilent, look_up, queue_rest
from app.services.basket.report import forget_old_rows

AT_A_TIME = 30
"""Seconds after which the rest is left to another job, so that others have their turn."""
ENOUGH = 3
"""How often a catalogue that does not answer is asked."""


@handles(LOOK)
def look(job: Job) -> None:
    """Look up the books of a reader's basket, as many at once as the catalogues take."""
    until = time.monotonic() + AT_A_TIME
    reader_id = job.payload["user_id"]
    try:
        while look_up(reader_id, gives_up=job.attempts >= ENOUGH):
            if time.monotonic() > until:
                queue_rest(reader_id)
                return
    except CatalogueSilent:
        raise TryAgain("a catalogue is out of order") from None


@handles("basket.tidy", every=DAY)
def tidy_reports(_job: Job) -> None:
    """Erase what is no longer in any report."""
    forget_old_rows(now())
