"""Applying deadlines: expiries, reminders, receipts, ends of undo, payments, offers, addresses to erase."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import InstrumentedAttribute

from app.logs import log
from app.models.base import db
from app.models.drift import Drift, DriftEvent, counted_from
from app.models.gift import Gift
from app.rules.clock import DAY
from app.rules.exchange.drift import Action, CopyState, DriftState, Role, Way
from app.rules.exchange.steps import transition_for
from app.services.bean.first_bean import forget_mailboxes
from app.services.delivery.postal_address import erase_due_addresses
from app.services.exchange.deadline_settings import deadlines
from app.services.exchange.locking import lock_readers
from app.services.exchange.looking_again import look_for_readers
from app.services.exchange.payment import settle
from app.services.exchange.transition import NO_UNDO, apply_transitions, end_columns, have_effects
from app.services.exchange.wish_queue import lapse_offers
from app.services.transaction import changed_rows, transaction

BATCH = 500


@dataclass(frozen=True)
class DeadlineRun:
    """How many due drifts, payments, offers and addresses have been processed."""

    steps: int
    """Steps that could be undone until now."""
    drifts: int
    payments: int
    """Payments that were due for books that have arrived; some wait another day."""
    offers: int
    addresses: int
    stuck: list[int]
    """Drifts that could not be moved, such as one whose copy was changed by hand, or that stay due; see the log."""
    looks: int = 0
    """Readers for whose wishes copies were looked for; at most `BATCH` in one run."""


def run_deadlines(now: int) -> DeadlineRun:
    """Apply everything that is due at `now` (Unix seconds); idempotent."""
    stuck: list[int] = []
    steps = _run(finish_due_steps, Drift.undo_until, stuck, now)
    addresses = erase_due_addresses(now)
    forget_mailboxes(now)
    drifts = _run(_apply, Drift.due_time, stuck, now)
    payments = _run(_pay, Drift.pay_from, stuck, now)
    offers = 0
    while lapsed := lapse_offers(now, BATCH):
        offers += lapsed
    return DeadlineRun(steps, drifts, payments, offers, addresses, stuck, look_for_readers(now, BATCH))


Apply = Callable[[list[int], int], int]
"""Processes a batch of drifts and returns how many."""


Due = tuple[int, str, int | None]
"""The id of a drift, with its state and due time, one of which must change when it is processed."""


def _run(apply: Apply, due_time: InstrumentedAttribute[int | None], stuck: list[int], now: int) -> int:
    done = 0
    before: set[Due] = set()
    while batch := _find_due(due_time, stuck, now):
        if unmoved := before.intersection(batch):  # selecting them again would never end
            stuck += sorted(drift_id for drift_id, *_ in unmoved)
            log.error("drifts stay due after they were dealt with", drifts=stuck[-len(unmoved) :])
            continue
        done += _apply_all_but(stuck, apply, [drift_id for drift_id, *_ in batch], now)
        before = set(batch)
    return done


def _find_due(due_time: InstrumentedAttribute[int | None], stuck: list[int], now: int) -> list[Due]:
    db.session.rollback()
    due = select(Drift.id, Drift.state, due_time).where(due_time <= now, Drift.id.not_in(stuck))
    return list(db.session.execute(due.order_by(due_time).limit(BATCH)).tuples())


def _apply_all_but(stuck: list[int], apply: Apply, drift_ids: list[int], now: int) -> int:
    """Apply what is due; a drift that cannot be moved is added to `stuck` and does not block others."""
    try:
        return apply(drift_ids, now)
    except OperationalError:  # the database itself is unavailable: nothing could be moved
        raise
    except Exception as error:  # noqa: BLE001  (whatever is wrong with one drift, the others have their deadlines)
        if len(drift_ids) > 1:
            half = len(drift_ids) // 2
            halves = drift_ids[:half], drift_ids[half:]
            return sum(_apply_all_but(stuck, apply, some, now) for some in halves)
        log.error("drift can not be moved", drift=drift_ids[0], exc_info=error)
        stuck.append(drift_ids[0])
        return 0


@transaction
def finish_due_steps(drift_ids: list[int], now: int) -> int:
    """Let those of the last steps of these drifts that cannot be undone any more have their effects."""
    batch, present = _lock(drift_ids, Drift.undo_until, now)
    finish_steps(batch, now, present)
    return len(batch)


def finish_running_step(now: int, *which: ColumnElement[bool]) -> None:
    """End the time in which the last step of a drift can be undone; inside a transaction.

    `which` are conditions that fit one drift at most; what is loaded is read again after that.
    """
    running = *which, Drift.undo_until.is_not(None)
    sides = db.session.execute(select(Drift.asker_id, Drift.giver_id).where(*running)).one_or_none()
    if sides is None:
        return
    present = lock_readers(*sides)
    locked = select(Drift).where(*running).with_for_update().execution_options(populate_existing=True)
    finish_steps(db.session.scalars(locked).all(), now, present)
    db.session.flush()
    db.session.expire_all()


def finish_steps(drifts: Sequence[Drift], now: int, present: Collection[int]) -> None:
    """Let the last steps of these drifts, which could be undone, have their effects; inside a transaction.

    `present` are those of their readers who still have an account; the caller has locked them.
    """
    last = DriftEvent.find_last_steps([drift.id for drift in drifts])
    groups: defaultdict[tuple[str, str, str, str, bool, bool], list[Drift]] = defaultdict(list)
    for drift in drifts:
        event, is_loan, goes_on = last[drift.id], drift.lend_days is not None, drift.loan_id is not None
        groups[event.from_state or "", event.action, event.actor, drift.way, is_loan, goes_on].append(drift)
    for (before, action, role, way, is_loan, goes_on), same in groups.items():
        step = transition_for(DriftState(before), Action(action), Role(role), Way(way), is_loan, goes_on)
        done = update(Drift).where(Drift.id.in_([drift.id for drift in same]))
        changed_rows(done.values(NO_UNDO | end_columns(step.to)))
        have_effects(same, step, now, present)


@transaction
def _apply(drift_ids: list[int], now: int) -> int:
    """Apply the due transition of each drift, the same ones together."""
    batch, present = _lock(drift_ids, Drift.due_time, now)
    steps: defaultdict[tuple[Action, str, str, int | None, bool], list[Drift]] = defaultdict(list)
    promised = _find_promised([drift.id for drift in batch])
    for drift in batch:
        if drift.id in promised:
            drift.due_time = now + DAY
            continue
        place = DriftState(drift.state), Way(drift.way), counted_from(drift), now
        action = deadlines().find_due_action(*place)
        if action is None:  # the settings have changed since the deadline was stored
            drift.due_time = deadlines().next_due(*place)
        else:
            steps[action, drift.state, drift.way, drift.lend_days, drift.loan_id is not None].append(drift)
    db.session.flush()
    for (action, *_), same in steps.items():
        apply_transitions(same, action, Role.CLOCK, now, present)
    return sum(map(len, steps.values()))


def _find_promised(loan_ids: Collection[int]) -> set[int | None]:
    """Return the loans whose books the next readers have asked for: these wait until that has come to an end."""
    asked_for = select(Gift.loan_id).where(Gift.loan_id.in_(loan_ids), Gift.state == CopyState.RESERVED)
    return set(db.session.scalars(asked_for))


@transaction
def _pay(drift_ids: list[int], now: int) -> int:
    """Pay those givers of books that have arrived who can be paid."""
    batch, present = _lock(drift_ids, Drift.pay_from, now)
    settle(batch, now, present)
    return len(batch)


def _lock(
    drift_ids: list[int], due_time: InstrumentedAttribute[int | None], now: int
) -> tuple[Sequence[Drift], dict[int, bool]]:
    """Lock the readers of these drifts, then the drifts; return those still due, and the readers with an account."""
    sides = db.session.execute(select(Drift.asker_id, Drift.giver_id).where(Drift.id.in_(drift_ids)))
    present = lock_readers(*(id for pair in sides for id in pair))
    drifts = select(Drift).where(Drift.id.in_(drift_ids), due_time <= now).order_by(Drift.id)
    locked = drifts.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(locked).all(), present
