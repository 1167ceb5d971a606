"""Applying what is due: lapsed requests, reminders, receipts, offers, addresses to erase."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.logs import log
from app.models.base import db
from app.models.drift import Drift
from app.rules.drift import Action, DriftState, Role
from app.services.address import erase_due_addresses
from app.services.drift_step import take_steps
from app.services.settings import deadlines
from app.services.standing import lock_readers
from app.services.transaction import transaction
from app.services.wish_queue import lapse_offers

BATCH = 500


@dataclass(frozen=True)
class DeadlineRun:
    """How many drifts, offers and addresses were due and have been dealt with."""

    drifts: int
    offers: int
    addresses: int
    stuck: list[int]
    """Drifts that could not be moved, such as one whose copy was changed by hand; the log says why."""


def run_deadlines(now: int) -> DeadlineRun:
    """Apply everything that is due at `now` (Unix seconds); a second run finds nothing to do."""
    addresses = erase_due_addresses(now)
    drifts, stuck = 0, list[int]()
    while batch := _due_drifts(now, stuck):
        drifts += _apply_all_but(stuck, batch, now)
    offers = 0
    while lapsed := lapse_offers(now, BATCH):
        offers += lapsed
    return DeadlineRun(drifts, offers, addresses, stuck)


def _due_drifts(now: int, stuck: list[int]) -> list[int]:
    db.session.rollback()
    due = select(Drift.id).where(Drift.due_time <= now, Drift.id.not_in(stuck)).order_by(Drift.due_time).limit(BATCH)
    return list(db.session.scalars(due))


def _apply_all_but(stuck: list[int], drift_ids: list[int], now: int) -> int:
    """Apply what is due; a drift that can not be moved is added to `stuck` and holds up no other."""
    try:
        return _apply(drift_ids, now)
    except OperationalError:  # the database itself: nothing could be moved
        raise
    except Exception as error:  # noqa: BLE001  (whatever is wrong with one drift, the others have their deadlines)
        if len(drift_ids) > 1:
            half = len(drift_ids) // 2
            return _apply_all_but(stuck, drift_ids[:half], now) + _apply_all_but(stuck, drift_ids[half:], now)
        log.error("drift can not be moved", drift=drift_ids[0], exc_info=error)
        stuck.append(drift_ids[0])
        return 0


@transaction
def _apply(drift_ids: list[int], now: int) -> int:
    """Take the step that is due of each drift, those with the same step together."""
    sides = db.session.execute(select(Drift.asker_id, Drift.giver_id).where(Drift.id.in_(drift_ids)))
    present = lock_readers(*(id for pair in sides for id in pair))
    drifts = select(Drift).where(Drift.id.in_(drift_ids), Drift.due_time <= now).order_by(Drift.id)
    locked = drifts.with_for_update().execution_options(populate_existing=True)
    batch = db.session.scalars(locked).all()
    steps: defaultdict[tuple[str, Action], list[Drift]] = defaultdict(list)
    for drift in batch:
        action = deadlines().find_due_action(DriftState(drift.state), drift.state_time, now)
        if action is None:  # the settings have changed since the deadline was written
            drift.due_time = deadlines().next_due(DriftState(drift.state), drift.state_time, now)
        else:
            steps[drift.state, action].append(drift)
    for (_, action), same in steps.items():
        take_steps(same, action, Role.CLOCK, now, present)
    return sum(map(len, steps.values()))
