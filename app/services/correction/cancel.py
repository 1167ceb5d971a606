"""Cancelling a promise."""

from app.models.encrypted import seal
from app.rules.correction.cancelling import Cancelling
from app.rules.exchange.drift import Action, DriftState, Way
from app.rules.exchange.steps import transition_for
from app.services.delivery.own_drift import get_own_drift
from app.services.exchange.locking import lock_own_drift
from app.services.exchange.transition import apply_transition
from app.services.transaction import transaction


def ensure_may_cancel(reader_id: int, drift_id: int) -> None:
    """Raise what `cancel_promise` raises, before anything is said about why."""
    drift, role = get_own_drift(reader_id, drift_id)
    transition_for(DriftState(drift.state), Action.CANCEL, role, Way(drift.way))


@transaction
def cancel_promise(reader_id: int, drift_id: int, cancelling: Cancelling, now: int) -> None:
    """Cancel a request that the giver had accepted; the asker is told why, and gets the bean back.

    :raises NotFound: the reader has no part in the drift.
    :raises NotYourMove: the reader is the asker.
    :raises AlreadyDone: the request is not accepted (any more).
    """
    drift, role = lock_own_drift(reader_id, drift_id)
    action = Action.WITHDRAW if cancelling.is_copy_withdrawn else Action.CANCEL
    words = seal(cancelling.words) if cancelling.words else None
    apply_transition(drift, action, role, now, cancel_reason=cancelling.reason, cancel_words=words)
