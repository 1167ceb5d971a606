"""The pool: beans of silent readers go there, and come back when these do; each night it helps givers who have none.

Each reader's transfer, balance and notice are one transaction, with those of some others: a run that is stopped
anywhere leaves nothing half done, and the next one does the rest. Two runs at once wait for each other's readers, and
then see what was done.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, String, cast, exists, func, literal, or_, select

from app.models.base import db
from app.models.bean import BeanPool, BeanTransfer
from app.models.drift import IN_ESCROW, Drift, is_settled
from app.models.user import User
from app.rules.bean.economy import IN_FORCE
from app.rules.bean.pool import DryGiver, Rest, falls_asleep, first_of_month, gets_from_pool, monthly_bean
from app.rules.exchange.drift import UNDER_WAY, DriftState, MailKind
from app.services.bean.pool import bring_back, put_to_sleep
from app.services.bean.transfers import lock_pool, move_all
from app.services.exchange.locking import lock_readers
from app.services.exchange.mails import ExchangeMail, queue_mails
from app.services.exchange.payment import receiver_met_a_third
from app.services.transaction import transaction

BATCH = 200


@dataclass(frozen=True)
class PoolRun:
    """How many readers' beans fell asleep, and how many readers got a bean."""

    asleep: int
    helped: int


def run_pool(now: int) -> PoolRun:
    """Do what is due at `now` (Unix seconds); idempotent."""
    asleep = sum(_put_to_sleep(ids, now) for ids in _batches(_find_silent(now), 0, None))
    last = db.session.scalar(select(func.max(User.id))) or 0
    start = first_of_month(now, last)
    dry = _find_dry(now)
    helped = sum(_help(ids, now) for first, end in ((start, None), (0, start)) for ids in _batches(dry, first, end))
    return PoolRun(asleep, helped)


def wake(reader_id: int, now: int) -> None:
    """Bring a reader's beans back, if they sleep, and say so; inside a transaction that has written to the reader."""
    if bring_back(reader_id, now):
        queue_mails([ExchangeMail(MailKind.BEANS_BACK, reader_id)], now)


def _batches(readers: Select[tuple[int]], first: int, end: int | None) -> Iterator[list[int]]:
    """Yield the ids of readers from `first` on and below `end`, some at a time."""
    if end is not None:
        readers = readers.where(User.id < end)
    readers = readers.order_by(User.id).limit(BATCH)
    while True:
        db.session.rollback()
        ids = list(db.session.scalars(readers.where(User.id >= first)))
        if not ids:
            return
        yield ids
        first = ids[-1] + 1


_last_sign = func.coalesce(User.last_seen, User.confirmed_at, User.create_time)
_is_unfinished = or_(Drift.state.in_(UNDER_WAY), Drift.undo_until.is_not(None))
_is_under_way = or_(*(exists().where(side == User.id, _is_unfinished) for side in (Drift.asker_id, Drift.giver_id)))


def _find_silent(now: int) -> Select[tuple[int]]:
    may_sleep = User.beans > 0, User.asleep_beans == 0, _last_sign <= now - IN_FORCE.silence
    return select(User.id).where(*may_sleep, ~_is_under_way)


@transaction
def _put_to_sleep(ids: list[int], now: int) -> int:
    lock_readers(*ids)
    facts = select(User.id, User.beans, _last_sign, User.asleep_beans > 0, _is_under_way).where(User.id.in_(ids))
    chosen = {
        id: beans
        for id, beans, last_sign, is_asleep, is_under_way in db.session.execute(facts)
        if falls_asleep(Rest(beans=beans, last_sign=last_sign, is_asleep=is_asleep, is_under_way=is_under_way), now)
    }
    if chosen:
        put_to_sleep(chosen, now)
        queue_mails([ExchangeMail(MailKind.BEANS_ASLEEP, id) for id in chosen], now)
    return len(chosen)


def _find_dry(now: int) -> Select[tuple[int]]:
    """Select the readers who may get a bean: who has one has not this month's key, or is left out by the rules."""
    gave = exists().where(
        Drift.giver_id == User.id, Drift.state == DriftState.RECEIVED, Drift.state_time > now - IN_FORCE.gave_within
    )
    is_dry = User.beans == 0, User.asleep_beans == 0, User.confirmed_at.is_not(None)
    return select(User.id).where(*is_dry, gave, ~_had_it(now), select(BeanPool.id).where(BeanPool.beans > 0).exists())


def _had_it(now: int) -> ColumnElement[bool]:
    before, after = monthly_bean(0, now).key.split("0", 1)
    key = literal(before).concat(cast(User.id, String(20))).concat(after)
    return exists().where(BeanTransfer.key == key)


@transaction
def _help(ids: list[int], now: int) -> int:
    lock_readers(*ids)
    in_pool = lock_pool()
    held = select(func.sum(Drift.beans)).where(Drift.asker_id == User.id, IN_ESCROW)
    gave = select(func.max(Drift.state_time)).where(Drift.giver_id == User.id, is_settled(), receiver_met_a_third())
    facts = select(
        User.id, User.confirmed_at, User.beans, User.asleep_beans, held.scalar_subquery(), gave.scalar_subquery()
    )
    helped: list[int] = []
    for id, confirmed_at, beans, asleep, in_escrow, last_gave in db.session.execute(
        facts.where(User.id.in_(ids), ~_had_it(now)).order_by(User.id)
    ):
        reader = DryGiver(
            confirmed=confirmed_at is not None,
            beans=beans,
            asleep=asleep,
            in_escrow=int(in_escrow or 0),
            last_gave=last_gave,
        )
        if gets_from_pool(reader, in_pool - IN_FORCE.from_pool * len(helped), now):
            helped.append(id)
    if helped:
        move_all([(monthly_bean(id, now), None) for id in helped], now)
        queue_mails([ExchangeMail(MailKind.FROM_POOL, id) for id in helped], now)
    return len(helped)
