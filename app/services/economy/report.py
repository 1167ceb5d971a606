"""Reading the report on the economy: a constant number of statements, each of which counts where the rows are."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import case, exists, func, or_, select

from app.models.base import LIVE, db
from app.models.bean import BeanTransfer, RefusedAsk
from app.models.book import Book
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish
from app.rules.bean.transfer import ESCROW, MINT, POOL, Reason
from app.rules.clock import DAY
from app.rules.economy.figures import (
    IDLE_FROM,
    day_of,
    month_name,
    month_starts,
    top_tenth_share,
    velocity,
)
from app.rules.economy.report import Beans, Month, Readers, Report
from app.rules.exchange.drift import CopyState, DriftState
from app.rules.exchange.listing import WishState
from app.services.bean.audit import OF_A_READER
from app.services.economy.ways import DRIFT, read_ways
from app.services.exchange.editions import is_granted_by
from app.services.transaction import begin_snapshot

PAID = (Reason.GIVEN, Reason.ARRIVED_LATE)
DECIMALS = 4

_USER, _MOVE, _GIFT, _WISH, _REFUSED = (
    model.__table__ for model in (User, BeanTransfer, Gift, Wish, RefusedAsk)
)  # the tables, not the classes, which would leave out those who have left


def read_report(days: int, now: int) -> Report:
    """Return the report at `now` (Unix seconds) on the `days` before it; reads one snapshot, and whole tables."""
    begin_snapshot()
    since = now - days * DAY
    balances = _read_balances()
    wishes, with_copy = _read_wishes()
    return Report(
        time=now,
        days=days,
        beans=_read_beans(balances, since, days),
        readers=_readers(balances),
        refused=_read_refused(since, now),
        ways=read_ways(since, now),
        wishes=wishes,
        wishes_with_copy=with_copy,
        idle=_read_idle(now),
        funnel=_read_funnel(now),
    )


Balances = list[tuple[int, bool, int, int]]
"""A balance, whether its readers have confirmed an address, how many they are, and how many beans they have asleep."""


def _read_balances() -> Balances:
    is_confirmed = case((_USER.c.confirmed_at.is_not(None), 1), else_=0).label("is_confirmed")
    columns = _USER.c.beans, is_confirmed
    counted = select(*columns, func.count(), func.sum(_USER.c.asleep_beans)).where(_USER.c.status == LIVE)
    rows = db.session.execute(counted.group_by(*columns))
    return [(beans, bool(is_sure), readers, int(asleep)) for beans, is_sure, readers, asleep in rows]


def _readers(balances: Balances) -> Readers:
    confirmed: Counter[int] = Counter()
    for beans, is_confirmed, readers, _asleep in balances:
        if is_confirmed:
            confirmed[beans] += readers
    share = top_tenth_share(confirmed)
    return Readers(
        confirmed=confirmed.total(),
        without_beans=confirmed[0],
        top_tenth=None if share is None else round(share, DECIMALS),
    )


def _read_beans(balances: Balances, since: int, days: int) -> Beans:
    """Return where the beans are: one pass over the ledger tells what the site's own accounts hold, and what moved."""
    source, target = (
        case((account.like(OF_A_READER), "reader"), else_=account).label(name)
        for name, account in (("source_kind", _MOVE.c.source), ("target_kind", _MOVE.c.target))
    )
    is_lately = case((_MOVE.c.create_time >= since, 1), else_=0).label("is_lately")
    columns = source, target, _MOVE.c.reason, is_lately
    held: Counter[str] = Counter()
    minted: Counter[str] = Counter()
    paid = 0
    for out_of, into, reason, lately, amount in db.session.execute(
        select(*columns, func.sum(_MOVE.c.amount)).group_by(*columns)
    ):
        held[into] += int(amount)
        held[out_of] -= int(amount)
        if lately and MINT in (out_of, into):
            minted[reason] += int(amount) if out_of == MINT else -int(amount)
        if lately and (out_of, into) == (ESCROW, "reader") and reason in PAID:
            paid += int(amount)
    speed = velocity(paid, -held[MINT], days)
    return Beans(
        live=sum(beans * readers for beans, _confirmed, readers, _asleep in balances),
        asleep=sum(asleep for *_, asleep in balances),
        pool=held[POOL],
        escrow=held[ESCROW],
        minted=-held[MINT],
        lately=_in_order(minted.items()),
        paid=paid,
        velocity=None if speed is None else round(speed, DECIMALS),
    )


def _in_order(counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    return dict(sorted(counted, key=lambda item: (-item[1], item[0])))


def _read_refused(since: int, now: int) -> dict[str, int]:
    """Return the refusals of whole days: the day in which the report begins counts with all of its refusals."""
    lately = _REFUSED.c.day.between(day_of(since), day_of(now))
    counted = select(_REFUSED.c.reason, func.sum(_REFUSED.c.count)).where(lately).group_by(_REFUSED.c.reason)
    return _in_order((reason, int(count)) for reason, count in db.session.execute(counted))


def _read_wishes() -> tuple[int, int]:
    """Return how many wishes are open, and for how many of them another reader's copy is to be had."""
    wished, given = Book.__table__.alias("wished"), Book.__table__.alias("given")
    is_open = _GIFT.c.state == CopyState.OPEN, _GIFT.c.giver_id != _WISH.c.user_id
    copies = exists().where(
        _GIFT.c.book_id == given.c.id, *is_open, wished.c.id == _WISH.c.book_id, is_granted_by(wished, given)
    )
    waiting = _WISH.c.state == WishState.OPEN
    counted = select(func.count(), func.sum(case((copies.correlate(_WISH), 1), else_=0))).select_from(_WISH)
    wishes, with_copy = db.session.execute(counted.where(waiting)).one()
    return wishes, int(with_copy or 0)


def _read_idle(now: int) -> dict[int, int]:
    """Return the copies to be had by the day of their age from which their group counts."""
    old = [(_GIFT.c.create_time <= now - days * DAY, days) for days in reversed(IDLE_FROM)]
    group = case(*old, else_=IDLE_FROM[0]).label("days")
    counted = select(group, func.count()).where(_GIFT.c.state == CopyState.OPEN).group_by(group)
    copies = {int(days): count for days, count in db.session.execute(counted)}
    return {days: copies.get(days, 0) for days in IDLE_FROM}


def _read_funnel(now: int) -> list[Month]:
    """Return how far the readers of the last months have come, by month of registration."""
    starts = month_starts(now)
    month = case(*[(_USER.c.create_time >= start, start) for start in reversed(starts)]).label("month")
    listed = exists().where(_GIFT.c.giver_id == _USER.c.id)
    sides = (exists().where(side == _USER.c.id, *_arrived()) for side in (DRIFT.c.giver_id, DRIFT.c.asker_id))
    steps: list[Any] = [_USER.c.confirmed_at.is_not(None), listed.correlate(_USER), or_(*sides)]
    sums = [func.sum(case((step, 1), else_=0)) for step in steps]
    counted = select(month, func.count(), *sums).where(_USER.c.create_time >= starts[0], _USER.c.create_time <= now)
    found: defaultdict[int, list[int]] = defaultdict(lambda: [0] * 4)
    for start, *numbers in db.session.execute(counted.group_by(month)):
        found[int(start)] = list(map(int, numbers))
    return [
        Month(month=month_name(start), new=new, confirmed=confirmed, listed=listed, exchanged=exchanged)
        for start in starts
        for new, confirmed, listed, exchanged in [found[start]]
    ]


def _arrived() -> tuple[Any, ...]:
    return DRIFT.c.state == DriftState.RECEIVED, DRIFT.c.undo_until.is_(None)
