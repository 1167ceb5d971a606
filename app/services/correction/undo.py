"""Taking the last step of a drift back. Times are in Unix seconds."""

from typing import Any

from sqlalchemy import delete, update

from app.models.base import LIVE, db
from app.models.drift import Drift, DriftEvent
from app.models.message import Thanks
from app.rules.exchange.drift import TO_HAND_OVER, Action, DriftState, Role, Way
from app.rules.exchange.refusals import NothingToUndo
from app.rules.exchange.undo import LastStep, ensure_may_undo
from app.services.copy.stations import forget_receipt
from app.services.delivery.hand_over import change_code, forget_codes
from app.services.exchange.locking import lock_own_drift
from app.services.exchange.transition import NO_UNDO
from app.services.notice.notices import hide_overtaken, restore_hidden
from app.services.sight.hold import forget_line_holds
from app.services.transaction import changed_rows, transaction

NO_REASON = {"cancel_reason": None, "cancel_words": None}
SAID: dict[Action, dict[str, Any]] = {
    Action.MAILED: {"tracking": None},
    Action.RECEIVED: {"lent_until": None},
    Action.HAND_OVER: {"lent_until": None},
    Action.CANCEL: NO_REASON,
    Action.WITHDRAW: NO_REASON,
}
"""The columns that were set with a step, and are empty again after an undo."""


@transaction
def undo_step(reader_id: int, drift_id: int, now: int) -> None:
    """Take the reader's last step back: the drift is in the state from before, with the same deadline.

    :raises NotFound: the reader has no part in the drift.
    :raises NotYourMove: the other side took the step.
    :raises NothingToUndo: it cannot be undone, or not any more.
    """
    drift, role = lock_own_drift(reader_id, drift_id)
    event = DriftEvent.find_last_steps([drift_id]).get(drift_id)
    if event is None:
        raise NothingToUndo()
    step = LastStep(
        before=DriftState(event.from_state or ""),
        action=Action(event.action),
        role=Role(event.actor),
        until=drift.undo_until,
        undone=DriftEvent.count(drift_id, Action.UNDO),
    )
    ensure_may_undo(step, role, now)
    since = drift.undo_since
    _go_back(drift, step)
    if event.to_state in (DriftState.RECEIVED, DriftState.LENT, DriftState.PASSED_ON):
        forget_receipt(drift_id)
        forget_line_holds(Thanks.drift_id == drift_id, Thanks.status == LIVE)
        changed_rows(delete(Thanks).where(Thanks.drift_id == drift_id, Thanks.status == LIVE))
    hide_overtaken([drift_id], now)
    restore_hidden(drift_id, since)
    db.session.add(
        DriftEvent(
            drift_id=drift_id,
            action=Action.UNDO,
            actor=role,
            from_state=event.to_state,
            to_state=step.before,
            create_time=now,
        )
    )
    if drift.way == Way.MEET:
        _renew_code(drift_id, step.before)


def _renew_code(drift_id: int, state: DriftState) -> None:
    """Nobody can use a code that was shown before; nobody needs one of a book that is said to be handed over."""
    if state in TO_HAND_OVER:
        change_code(drift_id)
    else:
        forget_codes([drift_id])


def _go_back(drift: Drift, step: LastStep) -> None:
    before = {"state": step.before, "state_time": drift.undo_since, "due_time": drift.undo_due}
    before |= {"pause": drift.undo_pause or 0, "pay_from": None, "erase_time": None}
    back = update(Drift).where(Drift.id == drift.id, Drift.state == drift.state, Drift.undo_until == step.until)
    if changed_rows(back.values(before | NO_UNDO | SAID.get(step.action, {}))) != 1:
        raise NothingToUndo()
