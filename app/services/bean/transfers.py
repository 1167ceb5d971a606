"""Moving beans."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, insert, select, update

from app.models.base import db
from app.models.bean import BeanPool, BeanTransfer
from app.models.drift import Drift
from app.models.user import AT_ONCE, User
from app.rules.bean.pool import covering
from app.rules.bean.transfer import (
    MINT,
    POOL,
    Reason,
    Transfer,
    confirmation_reward,
    grant,
    making_whole,
    may_be_made_whole,
    reader_account,
    reader_of,
)
from app.rules.exchange.refusals import NotEnoughBeans
from app.services.transaction import changed_rows, transaction

USERS = cast("Table", User.__table__)
POOL_ID = 1
"""The id of the row with the balance of the pool."""


def move_beans(transfer: Transfer, now: int, drift_id: int | None = None) -> None:
    """Write a transfer and the balances it changes; inside a transaction.

    :raises NotEnoughBeans: the source is a reader with a balance below the amount.
    """
    move_all([(transfer, drift_id)], now)


def move_all(transfers: Sequence[tuple[Transfer, int | None]], now: int) -> None:
    """Write transfers, each with its drift, in a few statements whatever their number; inside a transaction.

    Nothing is written of no beans, which is what a book costs in a circle that needs none.

    :raises NotEnoughBeans: see `move_beans`.
    """
    transfers = [(transfer, drift_id) for transfer, drift_id in transfers if transfer.amount]
    gained: Counter[int] = Counter()
    into_pool = 0
    for transfer, _ in transfers:
        into_pool += transfer.amount * ((transfer.target == POOL) - (transfer.source == POOL))
        source, target = reader_of(transfer.source), reader_of(transfer.target)
        if source is not None:
            _take(source, transfer.amount)
        if target is not None:
            gained[target] += transfer.amount
    if gained:
        richer = {"beans": USERS.c.beans + bindparam("gained"), "look_time": AT_ONCE}
        gain = update(USERS).where(USERS.c.id == bindparam("reader")).values(richer)
        rows = [{"reader": reader, "gained": amount} for reader, amount in sorted(gained.items())]
        db.session.connection().execute(gain, rows)
    if into_pool:
        _change_pool(into_pool)
    if transfers:
        db.session.execute(insert(BeanTransfer), [_row(transfer, drift_id, now) for transfer, drift_id in transfers])


def _row(transfer: Transfer, drift_id: int | None, now: int) -> dict[str, Any]:
    return asdict(transfer) | {"drift_id": drift_id, "create_time": now}


def _take(reader_id: int, amount: int) -> None:
    take = update(User).where(User.id == reader_id, User.beans >= amount).values(beans=User.beans - amount)
    if changed_rows(take) != 1:
        beans = db.session.scalar(select(User.beans).where(User.id == reader_id))
        raise NotEnoughBeans(beans or 0, amount)


def _change_pool(beans: int) -> None:
    """Add beans to the balance of the pool, or take them; last of all locks, so that readers never wait for it."""
    change = update(BeanPool).where(BeanPool.id == POOL_ID, BeanPool.beans >= -beans)
    if changed_rows(change.values(beans=BeanPool.beans + beans)) == 1:
        return
    if beans < 0:
        raise ValueError(f"the pool has less than {-beans} beans")
    db.session.add(BeanPool(id=POOL_ID, beans=beans))
    db.session.flush()


def lock_pool() -> int:
    """Return what the pool holds, and let nobody change it until the end of the transaction."""
    held = select(BeanPool.beans).where(BeanPool.id == POOL_ID).with_for_update()
    return db.session.scalar(held) or 0


def pay_from_pool(transfer: Transfer, now: int, drift_id: int | None = None) -> None:
    """Pay from the pool; the mint covers what the pool has not got. Inside a transaction that has locked the reader."""
    cover = covering(transfer, lock_pool())
    both = [transfer] if cover is None else [cover, transfer]
    move_all([(one, drift_id) for one in both], now)


def move_beans_once(transfer: Transfer, now: int, drift_id: int | None = None) -> bool:
    """Do the same unless the event has been paid before; return whether it was done now."""
    paid = select(BeanTransfer.id).where(BeanTransfer.key == transfer.key)
    if db.session.scalar(paid) is not None:
        return False
    move_beans(transfer, now, drift_id)
    return True


def reward_confirmation(reader_id: int, now: int) -> None:
    """Give a reader the bean for a confirmed address, once; inside a transaction."""
    move_beans_once(confirmation_reward(reader_id), now)


def make_whole(drift: Drift, now: int) -> None:
    """Pay a giver whose book was mailed with a tracking number and is missing, once a year; inside a transaction."""
    giver = reader_account(drift.giver_id)
    paid = BeanTransfer.target == giver, BeanTransfer.reason == Reason.MADE_WHOLE
    last = db.session.scalar(select(func.max(BeanTransfer.create_time)).where(*paid))
    if may_be_made_whole(drift.tracking, last, now):
        pay_from_pool(making_whole(drift.id, drift.beans, giver), now, drift.id)


def was_made_whole(drift: Drift) -> bool:
    """Return whether the giver was paid for a book that was missing."""
    key = making_whole(drift.id, drift.beans, MINT).key
    return db.session.scalar(select(BeanTransfer.id).where(BeanTransfer.key == key)) is not None


@transaction
def grant_beans(reader_id: int, amount: int, key: str, now: int) -> bool:
    """Give a reader beans from the mint; a second grant with the same key does nothing."""
    return move_beans_once(grant(reader_id, amount, key), now)
