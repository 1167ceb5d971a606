"""Figures of a whole site, for its operators."""

from contextlib import suppress
from dataclasses import astuple, dataclass

from redis.exceptions import RedisError
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import cache
from app.models.base import db
from app.models.bean import BeanPool
from app.models.drift import IN_ESCROW, Drift
from app.models.outbox import Outbox
from app.models.user import User
from app.search.extension import site_search
from app.search.statistics import Statistics, read_statistics
from app.services.site.clock import CLOCK
from app.services.site.outbox_figures import OutboxFigures, read_outbox

KEPT_SECONDS = 60
"""How long figures are kept for which whole tables are read."""
KEY = "figures by way"


@dataclass(frozen=True)
class Totals:
    """What whole tables are read for: the drifts by state and way, and the beans by where they are."""

    drifts: list[tuple[str, str, int]]
    with_readers: int
    in_escrow: int
    in_pool: int
    asleep: int
    """What the pool owes to silent readers."""


@dataclass(frozen=True)
class Figures:
    """What is known of a site at a moment; `clock_tried` is in Unix seconds, 0 if deadlines were never applied."""

    cache_up: bool
    outbox: OutboxFigures
    clock_tried: int
    clock_failures: int
    totals: Totals
    index: Statistics | None


def read_figures(now: int) -> Figures | None:
    """Return the figures at a time in Unix seconds; None if the database cannot be used."""
    try:
        outbox = read_outbox(now)
        clock = select(Outbox.run_after - Outbox.every, Outbox.attempts).where(Outbox.key == CLOCK)
        tried, failures = db.session.execute(clock).one_or_none() or (0, 0)
        place = site_search()
        index = read_statistics(place.path, place.index, place.source)
        totals, cache_up = _totals()
        return Figures(cache_up, outbox, tried, failures, totals, index)
    except SQLAlchemyError:
        db.session.rollback()
        return None


def _totals() -> tuple[Totals, bool]:
    """Return the totals, and whether the cache that keeps them can be used."""
    try:
        kept = cache.get(KEY)
    except RedisError:
        return _read_totals(), False
    if kept is not None:
        return Totals(*kept), True
    totals = _read_totals()
    with suppress(RedisError):
        cache.set(KEY, astuple(totals), timeout=KEPT_SECONDS)
    return totals, True


def _read_totals() -> Totals:
    kinds = select(Drift.state, Drift.way, func.count(Drift.id)).group_by(Drift.state, Drift.way)
    beans, asleep = db.session.execute(select(func.sum(User.beans), func.sum(User.asleep_beans))).one()
    return Totals(
        drifts=[(state, way, count) for state, way, count in db.session.execute(kinds)],
        with_readers=int(beans or 0),
        in_escrow=int(db.session.scalar(select(func.sum(Drift.beans)).where(IN_ESCROW)) or 0),
        in_pool=int(db.session.scalar(select(func.sum(BeanPool.beans))) or 0),
        asleep=int(asleep or 0),
    )
