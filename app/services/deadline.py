"""Applying what is due: lapsed requests, reminders, receipts, offers, addresses to erase."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select

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


def run_deadlines(now: int) -> DeadlineRun:
    """Apply everything that is due at `now` (Unix seconds); a second run finds nothing to do."""
    drifts = 0
    while batch := _due_drifts(now):
        drifts += _apply(batch, now)
    offers = 0
    while lapsed := lapse_offers(now, BATCH):
        offers += lapsed
    return DeadlineRun(drifts, offers, erase_due_addresses(now))


def _due_drifts(now: int) -> list[int]:
    db.session.rollback()
    due = select(Drift.id).where(Drift.due_time <= now).order_by(Drift.due_time).limit(BATCH)
    return list(db.session.scalars(due))


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
