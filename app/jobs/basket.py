"""The job that looks up the books of a basket."""

import time

from app.jobs.drain import TryAgain
from app.jobs.registry import Job, handles
from app.services.basket.looking import LOOK, CatalogueSilent, look_up, queue_rest

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
