"""Moving beans, and proving that none was made or lost."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, insert, select, union_all, update
from sqlalchemy.sql import Select

from app.models.base import db
from app.models.bean import BeanTransfer
from app.models.drift import Drift
from app.models.user import User
from app.rules.beans import (
    ESCROW,
    Transfer,
    confirmation_reward,
    first_book_reward,
    grant,
    reader_account,
    reader_of,
)
from app.rules.drift import UNDER_WAY
from app.rules.refusals import NotEnoughBeans
from app.services.transaction import transaction

USERS = cast("Table", User.__table__)


def move_beans(transfer: Transfer, now: int, drift_id: int | None = None) -> None:
    """Write a transfer and the balances it changes; to be called inside a transaction.

    :raises NotEnoughBeans: the source is a reader with a balance below the amount.
    """
    move_all([(transfer, drift_id)], now)


def move_all(transfers: Sequence[tuple[Transfer, int | None]], now: int) -> None:
    """Write transfers, each with its drift, in few statements whatever their number; inside a transaction.

    :raises NotEnoughBeans: see `move_beans`.
    """
    gained: Counter[int] = Counter()
    for transfer, _ in transfers:
        source, target = reader_of(transfer.source), reader_of(transfer.target)
        if source is not None:
            _take(source, transfer.amount)
        if target is not None:
            gained[target] += transfer.amount
    if gained:
        gain = update(USERS).where(USERS.c.id == bindparam("reader")).values(beans=USERS.c.beans + bindparam("gained"))
        rows = [{"reader": reader, "gained": amount} for reader, amount in sorted(gained.items())]
        db.session.connection().execute(gain, rows)
    if transfers:
        db.session.execute(insert(BeanTransfer), [_row(transfer, drift_id, now) for transfer, drift_id in transfers])


def _row(transfer: Transfer, drift_id: int | None, now: int) -> dict[str, Any]:
    return asdict(transfer) | {"drift_id": drift_id, "create_time": now}


def _take(reader_id: int, amount: int) -> None:
    taken = db.session.execute(
        update(User)
        .where(User.id == reader_id, User.beans >= amount)
        .values(beans=User.beans - amount)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        beans = db.session.scalar(select(User.beans).where(User.id == reader_id))
        raise NotEnoughBeans(beans or 0, amount)


def move_beans_once(transfer: Transfer, now: int, drift_id: int | None = None) -> bool:
    """Do the same unless the event has been paid before; tell whether it was done now."""
    paid = select(BeanTransfer.id).where(BeanTransfer.key == transfer.key)
    if db.session.scalar(paid) is not None:
        return False
    move_beans(transfer, now, drift_id)
    return True


def reward_confirmation(reader_id: int, now: int) -> None:
    """Give a reader the bean for a confirmed address, once; inside a transaction."""
    move_beans_once(confirmation_reward(reader_id), now)


def reward_first_books(drift_of_giver: Mapping[int, int], now: int) -> None:
    """Give givers the extra bean for the first book that arrived, once each; inside a transaction.

    :param drift_of_giver: the drift whose book has arrived now, by the giver's id.
    """
    rewards = {giver: first_book_reward(giver) for giver in drift_of_giver}
    keys = [reward.key for reward in rewards.values()]
    paid = set(db.session.scalars(select(BeanTransfer.key).where(BeanTransfer.key.in_(keys))))
    due = [(reward, drift_of_giver[giver]) for giver, reward in rewards.items() if reward.key not in paid]
    move_all(due, now)


@transaction
def grant_beans(reader_id: int, amount: int, key: str, now: int) -> bool:
    """Give a reader beans from the mint; a second grant with the same key does nothing."""
    return move_beans_once(grant(reader_id, amount, key), now)


@dataclass(frozen=True)
class Audit:
    """What the books say. Every list names what is wrong, one line each."""

    transfers: int
    in_circulation: int
    in_escrow: int
    faults: list[str]


def audit_beans() -> Audit:
    """Recompute every balance from the ledger and compare."""
    db.session.rollback()
    if db.engine.dialect.name != "sqlite":  # where a transaction sees one moment anyway
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    balances = ledger_balances()
    held = _held_by_drifts()
    readers = db.session.execute(select(User.id, User.beans).execution_options(include_deleted=True)).all()
    faults = [
        f"reader {reader_id} shows {beans} beans, the ledger {balances.get(account, 0)}"
        for reader_id, beans in readers
        if beans != balances.get(account := reader_account(reader_id), 0)
    ]
    faults += [f"reader {reader_id} owes {-beans} beans" for reader_id, beans in readers if beans < 0]
    known = {reader_account(reader_id) for reader_id, _ in readers}
    faults += [f"{account} has no reader" for account in balances if _is_orphan(account, known)]
    if balances.get(ESCROW, 0) != held:
        faults.append(f"escrow holds {balances.get(ESCROW, 0)} beans, open drifts {held}")
    if sum(balances.values()) != 0:
        faults.append(f"all accounts together hold {sum(balances.values())} beans, not 0")
    faults += _escrow_faults()
    circulation = sum(beans for _, beans in readers)
    count = db.session.scalar(select(func.count(BeanTransfer.id))) or 0
    return Audit(count, circulation, balances.get(ESCROW, 0), faults)


def ledger_balances() -> dict[str, int]:
    """Return the balance of each account that the ledger names; the mint's is negative."""
    incoming = select(BeanTransfer.target.label("account"), BeanTransfer.amount.label("beans"))
    outgoing = select(BeanTransfer.source, -BeanTransfer.amount)
    moves = union_all(incoming, outgoing).subquery()
    totals = select(moves.c.account, func.sum(moves.c.beans)).group_by(moves.c.account)
    return {account: int(beans) for account, beans in db.session.execute(totals)}


def _is_orphan(account: str, known: set[str]) -> bool:
    return reader_of(account) is not None and account not in known


def _held_by_drifts() -> int:
    held = select(func.sum(Drift.beans)).where(Drift.state.in_(UNDER_WAY))
    return int(db.session.scalar(held) or 0)


def _escrow_faults() -> list[str]:
    taken = _escrow_moves(BeanTransfer.target == ESCROW)
    released = _escrow_moves(BeanTransfer.source == ESCROW)
    faults = []
    for drift_id, state, beans in db.session.execute(select(Drift.id, Drift.state, Drift.beans)):
        if taken.get(drift_id) != (1, beans):
            faults.append(f"drift {drift_id} did not put its {beans} beans into escrow once")
        expected = None if state in UNDER_WAY else (1, beans)
        if released.get(drift_id) != expected:
            faults.append(f"drift {drift_id} is {state} but released {released.get(drift_id)}")
    return faults


def _escrow_moves(side: object) -> dict[int, tuple[int, int]]:
    moves: Select[tuple[int | None, int, int]] = (
        select(BeanTransfer.drift_id, func.count(), func.sum(BeanTransfer.amount))
        .where(side)  # type: ignore[arg-type]
        .group_by(BeanTransfer.drift_id)
    )
    return {
        drift_id: (count, int(beans)) for drift_id, count, beans in db.session.execute(moves) if drift_id is not None
    }
