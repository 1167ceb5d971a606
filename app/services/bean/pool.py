"""The pool: putting the beans of silent readers there, bringing them back, and what the desk pays from it."""

from collections.abc import Mapping

from sqlalchemy import select, update

from app.models.base import db
from app.models.bean import BeanTransfer
from app.models.drift import Drift
from app.models.user import User
from app.rules.bean.pool import falling_asleep, insuring, waking
from app.rules.bean.transfer import reader_account
from app.services.bean.transfers import move_all, pay_from_pool
from app.services.transaction import changed_rows


def put_to_sleep(balances: Mapping[int, int], now: int) -> None:
    """Move these readers' whole balances to the pool; inside a transaction that has locked them."""
    asleep = update(User).where(User.id.in_(sorted(balances))).values(asleep_beans=User.beans, asleep_since=now)
    changed_rows(asleep)
    move_all([(falling_asleep(reader, beans, now), None) for reader, beans in sorted(balances.items())], now)


def bring_back(reader_id: int, now: int) -> int:
    """Bring a reader's beans back in full, and return how many; inside a transaction that has locked the reader."""
    mine = select(User.asleep_beans, User.asleep_since).where(User.id == reader_id)
    beans, since = db.session.execute(mine).tuples().one()
    if beans and since is not None:
        changed_rows(update(User).where(User.id == reader_id).values(asleep_beans=0, asleep_since=None))
        pay_from_pool(waking(reader_id, beans, since), now)
    return beans


def insure(drift: Drift, now: int) -> bool:
    """Give the asker of a book that is not as described the beans back, once; return whether it was done now.

    The desk decides; the giver keeps what they were paid. Must be called inside a transaction that has locked the
    asker, who still has an account.
    """
    transfer = insuring(drift.id, drift.beans, reader_account(drift.asker_id))
    if db.session.scalar(select(BeanTransfer.id).where(BeanTransfer.key == transfer.key)) is not None:
        return False
    pay_from_pool(transfer, now, drift.id)
    return True
