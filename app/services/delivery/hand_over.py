"""Handing a book over in person: the asker shows a code, and the giver who enters it is paid."""

from collections.abc import Collection

from sqlalchemy import delete, select, update

from app.models.base import db
from app.models.drift import Drift
from app.models.hand_over import HandOver
from app.rules.exchange import hand_over as rules
from app.rules.exchange.drift import Action, DriftState, Role, Way
from app.rules.exchange.hand_over import Tries
from app.rules.exchange.refusals import AlreadyDone, NotYourMove
from app.rules.exchange.steps import transition_for
from app.rules.refusal import Refusal


def make_code(drift_id: int) -> None:
    """Make the code of a drift that is accepted; inside a transaction."""
    db.session.add(HandOver(drift_id=drift_id, code=rules.new_code()))


def change_code(drift_id: int) -> None:
    """Make another code of a drift, for which as many wrong ones have been entered; inside a transaction."""
    db.session.execute(update(HandOver).where(HandOver.drift_id == drift_id).values(code=rules.new_code()))


def forget_codes(drift_ids: Collection[int]) -> None:
    """Erase the codes of these drifts, which are good for nothing any more; inside a transaction."""
    db.session.execute(delete(HandOver).where(HandOver.drift_id.in_(drift_ids)))


def ensure_code_is_wanted(drift: Drift, role: Role, side: Role) -> None:
    """Raise `NotYourMove` or `AlreadyDone` unless this is the side that shows, or enters, a code now."""
    transition_for(DriftState(drift.state), Action.HAND_OVER, Role.GIVER, Way(drift.way))
    if role is not side:
        raise NotYourMove(Action.HAND_OVER, role)


def find_code(drift_id: int) -> str | None:
    """Return the code of a drift."""
    return db.session.scalar(select(HandOver.code).where(HandOver.drift_id == drift_id))


def try_code(drift: Drift, typed: str, now: int) -> Refusal | None:
    """Return None if this is the code; otherwise count the try, and return what is to be raised after the commit.

    :raises CodeRests: too many wrong codes were entered within the last hour.
    :raises AlreadyDone: the drift has no code any more.
    """
    known = db.session.scalar(select(HandOver).where(HandOver.drift_id == drift.id).with_for_update())
    if known is None:
        raise AlreadyDone(drift.state, Action.HAND_OVER)
    tries = Tries(known.wrong_tries, known.rest_until)
    rules.ensure_may_try(tries, now)
    if rules.is_same(typed, known.code):
        return None
    tries = tries.after_a_wrong_one(now)
    known.wrong_tries, known.rest_until = tries.wrong, tries.rest_until
    return rules.refusal_of(tries)
