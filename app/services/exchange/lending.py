"""What the two sides of a loan can do once the book has arrived. Times are in Unix seconds."""

from sqlalchemy import BigInteger, exists, func, literal, select

from app.models.base import db
from app.models.drift import Drift, DriftEvent
from app.models.gift import Gift
from app.models.wish import Wish
from app.rules.exchange.drift import Action, DriftState, Role, Way
from app.rules.exchange.lending import ensure_may_say_given_back, extend
from app.rules.exchange.listing import WishState
from app.rules.exchange.steps import transition_for
from app.services.delivery.own_drift import get_own_drift
from app.services.exchange.editions import list_editions
from app.services.exchange.locking import lock_own_drift
from app.services.exchange.transition import apply_transition
from app.services.sight.visible import are_apart, is_within_sight
from app.services.transaction import transaction


@transaction
def extend_loan(reader_id: int, drift_id: int, now: int) -> int:
    """Let the borrower keep the book for as many days more, and return when it is to be back.

    This and the functions below raise `NotFound` when the reader has no part in the drift,
    `NotYourMove` when it is the other side's turn, and `AlreadyDone` when the drift has moved on.

    :raises ExtendedBefore, LoanIsOver, SomebodyWaits: see `rules.exchange.lending.extend`.
    """
    drift, role = lock_own_drift(reader_id, drift_id)
    transition_for(DriftState(drift.state), Action.EXTEND, role, Way(drift.way))
    waits = _somebody_waits(drift)
    extensions = DriftEvent.count(drift_id, Action.EXTEND)
    until = extend(drift.lend_days or 0, drift.lent_until or 0, extensions, waits, now)
    drift.lent_until = until
    db.session.flush()
    apply_transition(drift, Action.EXTEND, role, now)
    return until


@transaction
def say_given_back(reader_id: int, drift_id: int, now: int) -> None:
    """Say, as the borrower, that the lender has the book back; the lender has some days to object.

    :raises SaidTooOften: the lender has objected to that several times.
    """
    drift, role = get_own_drift(reader_id, drift_id)
    transition_for(DriftState(drift.state), Action.GIVE_BACK, role, Way(drift.way))
    ensure_may_say_given_back(_count_objections(drift_id))
    apply_transition(drift, Action.GIVE_BACK, role, now)


@transaction
def confirm_returned(reader_id: int, drift_id: int, now: int) -> None:
    """Say, as the lender, that the book is back: the borrower gets the bean, and the copy is open again."""
    drift, role = get_own_drift(reader_id, drift_id)
    apply_transition(drift, Action.RETURNED, role, now)


@transaction
def report_lost(reader_id: int, drift_id: int, now: int) -> Role:
    """Say that a lent book is lost: if its borrower says so, the lender gets the bean, otherwise the borrower.

    Returns who said so.
    """
    drift, role = get_own_drift(reader_id, drift_id)
    apply_transition(drift, Action.LOST, role, now)
    return role


def is_loan(drift_id: int) -> bool:
    """Return whether the book of a drift is lent."""
    return db.session.scalar(select(Drift.lend_days).where(Drift.id == drift_id)) is not None


def _count_objections(drift_id: int) -> int:
    objected = DriftEvent.from_state == DriftState.GIVEN_BACK, DriftEvent.action == Action.OBJECT
    return db.session.scalar(select(func.count(DriftEvent.id)).where(DriftEvent.drift_id == drift_id, *objected)) or 0


def _somebody_waits(drift: Drift) -> bool:
    """Return whether another reader, whom the lender may meet, has a wish that the copy would grant."""
    wished = exists().where(list_editions(drift.book_id).is_wished(), Wish.state == WishState.OPEN)
    others = wished.where(Wish.user_id.not_in((drift.asker_id, drift.giver_id)))
    others = others.where(~are_apart(Wish.user_id, literal(drift.giver_id, BigInteger)))
    others = others.where(Gift.id == drift.gift_id, is_within_sight(Gift, Wish.user_id))
    return bool(db.session.scalar(select(others)))
