"""Reading what happened in the last days, for a rehearsal under other numbers of the economy."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import merge
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from app.models.base import LIVE, db
from app.models.bean import BeanTransfer
from app.models.drift import DriftEvent
from app.models.user import User
from app.rules.bean.transfer import POOL, Reason, reader_of
from app.rules.clock import DAY
from app.rules.economy.rehearsal import Exchange, Move, Past, Rehearsal, Start, Step, World, rehearse
from app.rules.exchange.drift import UNDER_WAY, Action, DriftState
from app.services.economy.ways import DRIFT
from app.services.transaction import begin_snapshot

BATCH = 5_000
_MOVE: Any = BeanTransfer.__table__
_EVENT: Any = DriftEvent.__table__
_USER: Any = User.__table__


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of the days of a rehearsal: numbers of requests, books, beans and readers."""

    asked: int
    refused: dict[str, int]
    """Requests that were made, and would be refused, by the code of the refusal."""
    arrived: int
    minted: int
    with_readers: int
    in_escrow: int
    in_pool: int
    without_beans: int
    """Readers with a confirmed address who have none in the end."""


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """The outcome as it was, and as it would have been."""

    days: int
    changed: dict[str, int]
    was: Outcome
    would_be: Outcome


class TooMuchToRehearse(Exception):
    """More requests were made in these days than allowed; `asked` says how many."""

    def __init__(self, asked: int) -> None:
        super().__init__(asked)
        self.asked = asked


def try_out(days: int, now: int, changed: Mapping[str, int], most: int | None = None) -> WhatIf:
    """Return what the last days would have come to under changed numbers; takes memory for what happened in them.

    :param changed: some of `rules.economy.rehearsal.NUMBERS`; those that are not named are as they were.
    :param most: most requests in these days.
    :raises TooMuchToRehearse: there were more.
    """
    begin_snapshot()
    since = now - days * DAY
    asked = db.session.scalar(select(func.count()).select_from(DRIFT).where(DRIFT.c.create_time >= since)) or 0
    if most is not None and asked > most:
        raise TooMuchToRehearse(asked)
    rehearsal = run_rehearsal(since, changed)
    return WhatIf(days=days, changed=dict(changed), **_outcomes(rehearsal))


def run_rehearsal(since: int, changed: Mapping[str, int]) -> Rehearsal:
    """Replay what has happened since a time in Unix seconds, in a transaction that reads one snapshot."""
    return rehearse(_read_start(since), _read_records(since), changed)


def _outcomes(rehearsal: Rehearsal) -> dict[str, Outcome]:
    """Return both outcomes: what the records are not about is in both as it is now."""
    beans, dry, escrow, pool = _read_end()
    was = rehearsal.was
    confirmed = _read_confirmed()
    return {
        name: Outcome(
            asked=world.asked,
            refused=dict(world.refused.most_common()),
            arrived=world.arrived,
            minted=world.minted,
            with_readers=beans + sum(world.beans.values()) - sum(was.beans.values()),
            in_escrow=escrow + world.escrow - was.escrow,
            in_pool=pool + world.pool - was.pool,
            without_beans=dry + _count_dry(world, confirmed) - _count_dry(was, confirmed),
        )
        for name, world in (("was", was), ("would_be", rehearsal.would_be))
    }


def _count_dry(world: World, confirmed: set[int]) -> int:
    return sum(beans <= 0 for reader, beans in world.beans.items() if reader in confirmed)


def _read_end() -> tuple[int, int, int, int]:
    """Return the beans of all readers, how many confirmed ones have none, and what escrow and pool hold."""
    is_here = _USER.c.status == LIVE
    beans = db.session.scalar(select(func.sum(_USER.c.beans)).where(is_here)) or 0
    is_dry = is_here, _USER.c.confirmed_at.is_not(None), _USER.c.beans == 0
    dry = db.session.scalar(select(func.count()).select_from(_USER).where(*is_dry)) or 0
    held: Counter[str] = Counter()
    for side, sign in ((_MOVE.c.target, 1), (_MOVE.c.source, -1)):
        for account in ("escrow", POOL):
            held[account] += sign * int(db.session.scalar(select(func.sum(_MOVE.c.amount)).where(side == account)) or 0)
    return int(beans), dry, held["escrow"], held[POOL]


def _read_confirmed() -> set[int]:
    found = select(_USER.c.id).where(_USER.c.status == LIVE, _USER.c.confirmed_at.is_not(None))
    return set(db.session.scalars(found))


def _read_start(since: int) -> Start:
    gained, slept, pool = _read_gains(since)
    beans, asleep = {}, {}
    for reader, now_beans, now_asleep in db.session.execute(select(_USER.c.id, _USER.c.beans, _USER.c.asleep_beans)):
        if reader in gained:
            beans[reader] = now_beans - gained[reader]
        if now_asleep or slept[reader]:
            asleep[reader] = now_asleep - slept[reader]
    exchanges, now_states = _read_exchanges(since)
    return Start(beans, _read_end()[3] - pool, asleep, exchanges, _read_pasts(since, exchanges, now_states))


def _read_gains(since: int) -> tuple[Counter[int], Counter[int], int]:
    """Return by reader how many beans came since then, and how many fell asleep; and how many the pool got."""
    gained: Counter[int] = Counter()
    slept: Counter[int] = Counter()
    pool = 0
    columns = _MOVE.c.source, _MOVE.c.target, _MOVE.c.reason
    sums = select(*columns, func.sum(_MOVE.c.amount)).where(_MOVE.c.create_time >= since).group_by(*columns)
    for source, target, reason, amount in db.session.execute(sums):
        for account, change in ((source, -int(amount)), (target, int(amount))):
            reader = reader_of(account)
            if reader is not None:
                gained[reader] += change
                slept[reader] -= change if reason in (Reason.ASLEEP, Reason.AWAKE) else 0
            pool += change if account == POOL else 0
    return gained, slept, pool


def _read_exchanges(since: int) -> tuple[dict[int, Exchange], dict[int, DriftState]]:
    """Return the exchanges that the records are about, as they were then, and their states now."""
    first = select(func.min(_EVENT.c.id).label("id")).where(*_steps(since)).group_by(_EVENT.c.drift_id).subquery()
    before = select(_EVENT.c.drift_id, _EVENT.c.from_state).join(first, first.c.id == _EVENT.c.id)
    states = {drift: state and DriftState(state) for drift, state in db.session.execute(before)}
    columns = (DRIFT.c[name] for name in ("id", "asker_id", "giver_id", "state", "create_time"))
    moved = or_(DRIFT.c.create_time >= since, DRIFT.c.state_time >= since, DRIFT.c.state.in_(UNDER_WAY))
    moved &= DRIFT.c.beans > 0  # what costs nothing is no part of the economy
    exchanges, now_states = {}, {}
    for id, asker, giver, state, created in db.session.execute(select(*columns).where(moved)):
        now_states[id] = DriftState(state)
        was = None if created >= since else states.get(id, now_states[id])
        exchanges[id] = Exchange(asker, giver, was)
    return exchanges, now_states


def _read_pasts(since: int, exchanges: Mapping[int, Exchange], now_states: Mapping[int, DriftState]) -> dict[int, Past]:
    """Return what the readers who have asked since then had behind them: what they have now, less what came since."""
    askers = select(DRIFT.c.asker_id).where(DRIFT.c.create_time >= since)
    pasts: defaultdict[int, Past] = defaultdict(Past)
    for side, role in ((DRIFT.c.asker_id, "asked"), (DRIFT.c.giver_id, "gave")):
        counted = select(side, DRIFT.c.state, func.count()).where(side.in_(askers), DRIFT.c.beans > 0)
        for reader, state, count in db.session.execute(counted.group_by(side, DRIFT.c.state)):
            getattr(pasts[reader], role)[DriftState(state)] += count
    for id, exchange in exchanges.items():
        for reader, role in ((exchange.asker_id, "asked"), (exchange.giver_id, "gave")):
            if reader in pasts:
                getattr(pasts[reader], role)[now_states[id]] -= 1
                if exchange.state is not None:
                    getattr(pasts[reader], role)[exchange.state] += 1
    return dict(pasts)


def _steps(since: int) -> tuple[ColumnElement[bool], ...]:
    changes = _EVENT.c.from_state != _EVENT.c.to_state
    return _EVENT.c.create_time >= since, _EVENT.c.action != Action.ASK, changes


def _read_records(since: int) -> Iterator[Move | Step]:
    """Yield the records in the order of their times; of the same second, steps before the beans that they move."""
    names = "source", "target", "amount", "reason", "drift_id"
    moves = _read_in_order(_MOVE, names, _MOVE.c.create_time >= since)
    steps = _read_in_order(_EVENT, ("drift_id", "to_state"), *_steps(since))
    timed_moves: Iterator[Timed] = ((time, 1, Move(*row)) for time, row in moves)
    timed_steps: Iterator[Timed] = ((time, 0, Step(drift, DriftState(to))) for time, (drift, to) in steps)
    for _, _, record in merge(timed_steps, timed_moves, key=lambda timed: timed[:2]):
        yield record


Timed = tuple[int, int, Move | Step]


def _read_in_order(table: Any, names: tuple[str, ...], *which: ColumnElement[bool]) -> Iterator[tuple[int, Any]]:
    """Yield rows in the order of their ids, each with the latest time so far, some thousands at a time."""
    chosen = select(table.c.id, table.c.create_time, *(table.c[name] for name in names)).where(*which)
    last, latest = 0, 0
    while rows := db.session.execute(chosen.where(table.c.id > last).order_by(table.c.id).limit(BATCH)).all():
        for id, time, *row in rows:
            last, latest = id, max(latest, time)
            yield latest, row
