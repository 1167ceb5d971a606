"""The pool: beans of silent readers sleep in it, are lent to givers who have none, and come back in full on return.

What the pool owes to sleepers may be more than it holds. Whatever it must pay is covered by the mint if need be, so
that nobody finds less than they left; what it gives away each month is never covered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from app.rules.bean.economy import IN_FORCE, Economy
from app.rules.bean.transfer import MINT, POOL, Reason, Transfer, reader_account

STRIDE = 7_368_787
"""A prime: successive months begin at places far from each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What decides whether a reader's beans fall asleep."""

    beans: int
    last_sign: int
    """When the reader was last seen, in Unix seconds."""
    is_asleep: bool
    is_under_way: bool
    """An exchange of the reader, in either role, is under way, or its last step can be undone."""


def falls_asleep(reader: Rest, now: int, economy: Economy = IN_FORCE) -> bool:
    """Return whether the beans of a reader go to the pool; `now` is in Unix seconds."""
    is_silent = now - reader.last_sign >= economy.silence
    return is_silent and reader.beans > 0 and not reader.is_asleep and not reader.is_under_way


@dataclass(frozen=True, slots=True, kw_only=True)
class DryGiver:
    """What decides whether a reader gets a bean from the pool."""

    confirmed: bool
    beans: int
    asleep: int
    """Beans of the reader in the pool."""
    in_escrow: int
    """Beans of the reader that are held for books asked for."""
    last_gave: int | None
    """When a book that they gave last arrived, at a reader who has dealt with a third one too, in Unix seconds."""


def gets_from_pool(reader: DryGiver, in_pool: int, now: int, economy: Economy = IN_FORCE) -> bool:
    """Return whether a reader who has not had one this month gets a bean; `now` is in Unix seconds."""
    if not reader.confirmed or reader.last_gave is None or in_pool < economy.from_pool:
        return False
    is_dry = reader.beans + reader.asleep + reader.in_escrow == 0
    return is_dry and now - reader.last_gave < economy.gave_within


def falling_asleep(reader_id: int, beans: int, since: int) -> Transfer:
    """Return the transfer of a silent reader's beans to the pool; `since` (Unix seconds) names the episode."""
    return Transfer(reader_account(reader_id), POOL, beans, Reason.ASLEEP, f"asleep:{reader_id}:{since}")


def waking(reader_id: int, beans: int, since: int) -> Transfer:
    """Return the transfer that brings them back, for the same `since`."""
    return Transfer(POOL, reader_account(reader_id), beans, Reason.AWAKE, f"awake:{reader_id}:{since}")


def monthly_bean(reader_id: int, now: int, economy: Economy = IN_FORCE) -> Transfer:
    """Return the transfer of this month's bean from the pool, once a month (UTC) for each reader."""
    key = f"pool:{reader_id}:{month_of(now)}"
    return Transfer(POOL, reader_account(reader_id), economy.from_pool, Reason.FROM_POOL, key)


def insuring(drift_id: int, amount: int, asker: str) -> Transfer:
    """Return the transfer that gives an asker the beans back for a book that is not as described."""
    return Transfer(POOL, asker, amount, Reason.INSURED, f"drift:{drift_id}:insured")


def covering(payment: Transfer, in_pool: int) -> Transfer | None:
    """Return the transfer from the mint that lets the pool, which holds `in_pool`, make a payment; None if it can."""
    missing = payment.amount - in_pool
    return Transfer(MINT, POOL, missing, Reason.COVERED, f"cover:{payment.key}") if missing > 0 else None


def month_of(now: int) -> str:
    """Return the month (UTC) of a time in Unix seconds, such as 2026-11."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m")


def first_of_month(now: int, last_id: int) -> int:
    """Return the reader id with which the pool begins this month, so that other readers come first each time."""
    day = datetime.fromtimestamp(now, UTC)
    return (day.year * 12 + day.month) * STRIDE % (last_id + 1)
