"""Readers of the demo who are heard of no more, and some of them who come back."""

from random import Random

from sqlalchemy import update

from app.models.user import User
from app.services.account.pool import run_pool, wake
from app.services.transaction import changed_rows, transaction

MONTH = 30
"""Days."""
LEAVES, COMES_BACK = 0.06, 0.05
"""How likely it is that a reader falls silent within a month, and that a silent one comes back."""


def end_month(here: list[int], silent: list[int], chance: Random, now: int) -> None:
    """Move some readers from one list to the other, note that the others were seen, and let the pool work."""
    leaving = {reader for reader in here if chance.random() < LEAVES}
    returning = {reader for reader in silent if chance.random() < COMES_BACK}
    here[:] = sorted(returning.union(here) - leaving)
    silent[:] = sorted(leaving.union(silent) - returning)
    _see(here, now)
    run_pool(now)


@transaction
def _see(readers: list[int], now: int) -> None:
    changed_rows(update(User).where(User.id.in_(readers)).values(last_seen=now))
    for reader in readers:
        wake(reader, now)
