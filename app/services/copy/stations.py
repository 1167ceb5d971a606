"""Stations: written when a copy gets to somebody, shown once that cannot be undone."""

from collections.abc import Collection, Sequence
from itertools import groupby

from sqlalchemy import delete, select, update

from app.models.base import db
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.journey import Station
from app.rules.journey.telling import month_of
from app.services.transaction import changed_rows


def write_stations(drifts: Sequence[Drift], present: Collection[int]) -> None:
    """Note that the copies of these drifts have got to their askers, if only lent, and first were with their givers.

    Inside a transaction. What somebody has not agreed to is not told; `present` are those who have an account.
    """
    gifts = _copies_of({drift.gift_id for drift in drifts})
    known = select(Station.copy_id, Station.reader_id, Station.drift_id)
    known = known.where(Station.copy_id.in_({copy_id for copy_id, _ in gifts.values()}))
    rows = db.session.execute(known).all()
    were_there = {(copy_id, reader_id) for copy_id, reader_id, _ in rows}
    waiting = {drift_id for _, _, drift_id in rows}
    for drift in drifts:
        copy_id, listed = gifts[drift.gift_id]
        giver = drift.giver_id if drift.giver_id in present else None
        if giver is None or (copy_id, giver) not in were_there:
            first = {"month": month_of(listed), "create_time": listed}
            db.session.add(Station(copy_id=copy_id, reader_id=giver, **first))
        if drift.id not in waiting and drift.asker_id in present:
            arrived = {"month": month_of(drift.state_time), "create_time": drift.state_time, "drift_id": drift.id}
            db.session.add(Station(copy_id=copy_id, reader_id=drift.asker_id, **arrived))
    _end_waiting([drift for drift in drifts if drift.id in waiting])


def _copies_of(gift_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return the copy of each listing, and when it was listed."""
    rows = db.session.execute(select(Gift.id, Gift.copy_id, Gift.create_time).where(Gift.id.in_(gift_ids)))
    return {id: (copy_id, listed) for id, copy_id, listed in rows}


def _end_waiting(drifts: Sequence[Drift]) -> None:
    """Show the stations of those who said at receipt what is told of them."""
    by_month = sorted((month_of(drift.state_time), drift.id) for drift in drifts)
    for month, group in groupby(by_month, key=lambda pair: pair[0]):
        waiting = Station.drift_id.in_([id for _, id in group]), Station.month.is_(None)
        changed_rows(update(Station).where(*waiting).values(month=month))


def forget_receipt(drift_id: int) -> None:
    """Forget what was agreed to at a receipt that is undone; inside a transaction."""
    changed_rows(delete(Station).where(Station.drift_id == drift_id))
