"""The beans of drifts: held when a book is asked for, returned, or paid to the giver when the book has arrived."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, literal, or_, select, update
from sqlalchemy.orm import aliased

from app.models.base import db
from app.models.bean import BeanTransfer
from app.models.drift import Drift, is_settled
from app.models.user import User
from app.rules.bean.transfer import MINT, BeanMove, Transfer, first_book_reward, reader_account, transfer_for
from app.rules.exchange.drift import DriftState, Way
from app.rules.exchange.payment import DELAY, NEXT_LOOK, is_hasty, waits_for_a_gift
from app.rules.exchange.steps import Transition
from app.services.bean.transfers import make_whole, move_all, was_made_whole
from app.services.exchange.locking import lock_readers

FIRST_BOOK_OF = first_book_reward(0).key[:-1]


def pay_for(drifts: Sequence[Drift], transition: Transition, now: int, present: Collection[int]) -> None:
    """Move the beans of a transition that is certain; `present` are the readers who have an account."""
    if transition.beans is not None and transition.beans is not BeanMove.PAY:
        move_all([(_transfer(drift, transition.beans), drift.id) for drift in drifts], now)
    for drift in drifts if transition.to is DriftState.MISSING else ():
        if drift.giver_id in present:
            make_whole(drift, now)
    if transition.beans in (BeanMove.PAY, BeanMove.HOLD_LATE):
        unpaid = [drift for drift in drifts if drift.beans and (drift.pay_from is None or drift.pay_from <= now)]
        hasty = [drift for drift in unpaid if transition.beans is BeanMove.PAY and _is_hasty(drift, now)]
        _look_again(hasty, now + DELAY)
        settle([drift for drift in unpaid if drift not in hasty], now, present)


def settle(drifts: Sequence[Drift], now: int, present: Collection[int]) -> None:
    """Pay the givers of books that have arrived; payments that wait for the asker to give are checked again later.

    Beans due to a giver who has left go to the mint, and so do payments that wait for an asker who has left.
    Must be called inside a transaction that has locked the readers.
    """
    waiting = _find_waiting(drifts)
    _look_again([drift for drift in drifts if drift.id in waiting and drift.asker_id in present], now + NEXT_LOOK)
    due = [drift for drift in drifts if drift.id not in waiting or drift.asker_id not in present]
    owed = {drift.id for drift in due if drift.giver_id in present and drift.id not in waiting}
    late = _find_late(due)
    move_all([(_payment(drift, drift.id in late, drift.id in owed), drift.id) for drift in due], now)
    _look_again([drift for drift in due if drift.pay_from is not None], None)
    _reward_first_books(due, now)


def _is_hasty(drift: Drift, now: int) -> bool:
    """Return whether a book that arrives now does so too soon; when those that could be undone are paid is known."""
    return drift.pay_from is None and is_hasty(Way(drift.way), drift.create_time, drift.state_time, now)


def _look_again(drifts: Sequence[Drift], time: int | None) -> None:
    if drifts:
        rows = update(Drift).where(Drift.id.in_([drift.id for drift in drifts]))
        db.session.execute(rows.values(pay_from=time).execution_options(synchronize_session=False))


def _find_waiting(drifts: Sequence[Drift]) -> set[int]:
    """Return the drifts whose giver was paid for another request of an asker who has never given a book."""
    askers = {drift.asker_id for drift in drifts}
    gave = exists().where(Drift.giver_id == User.id, is_settled())
    generous = set(db.session.scalars(select(User.id).where(User.id.in_(askers), gave)))
    if generous == askers:
        return set()
    others = is_settled(), Drift.asker_id.in_(askers - generous), Drift.id.not_in([drift.id for drift in drifts])
    pairs = select(Drift.asker_id, Drift.giver_id).where(*others)
    paid = {(asker, giver) for asker, giver in db.session.execute(pairs)}
    waiting = set()
    for drift in drifts:
        if waits_for_a_gift(drift.asker_id in generous, (drift.asker_id, drift.giver_id) in paid):
            waiting.add(drift.id)
        paid.add((drift.asker_id, drift.giver_id))
    return waiting


def _find_late(drifts: Sequence[Drift]) -> set[int | None]:
    """Return the drifts that were reported missing before their books arrived."""
    keys = [_transfer(drift, BeanMove.HOLD_LATE).key for drift in drifts]
    return set(db.session.scalars(select(BeanTransfer.drift_id).where(BeanTransfer.key.in_(keys))))


def _payment(drift: Drift, is_late: bool, is_owed: bool) -> Transfer:
    if not is_late:
        return _transfer(drift, BeanMove.PAY, is_owed)
    return _transfer(drift, BeanMove.PAY_LATE, is_owed and not was_made_whole(drift))


def _transfer(drift: Drift, move: BeanMove, is_owed: bool = True) -> Transfer:
    giver = reader_account(drift.giver_id) if is_owed else MINT
    return transfer_for(move, drift.id, drift.beans, asker=reader_account(drift.asker_id), giver=giver)


def _reward_first_books(drifts: Sequence[Drift], now: int) -> None:
    """Pay the bean for a first book to the givers who have earned it through these exchanges, once each.

    The receiver of the book must have had an exchange with a third reader, before or after, which shows that the
    account is not a second one of its giver.
    """
    sides = {side for drift in drifts for side in (drift.asker_id, drift.giver_id)}
    earned = dict(db.session.execute(_find_earned(sides)).tuples().all()) if sides else {}
    present = lock_readers(*earned) if earned else {}
    move_all([(first_book_reward(giver), earned[giver]) for giver in present], now)


def _find_earned(receivers: Collection[int]) -> Select[tuple[int, int]]:
    """Select the givers who have earned the bean with a book for one of these readers, and the drift of that book."""
    paid = exists().where(BeanTransfer.key == literal(FIRST_BOOK_OF).concat(cast(Drift.giver_id, String(20))))
    firsts = select(Drift.giver_id, func.min(Drift.id)).where(
        Drift.asker_id.in_(receivers), is_settled(), receiver_met_a_third(), ~paid
    )
    return firsts.group_by(Drift.giver_id)


def receiver_met_a_third() -> ColumnElement[bool]:
    """Return the condition that the asker of a drift has dealt with a third reader, as somebody else would have."""
    other = aliased(Drift)
    of_receiver = [
        and_(other.asker_id == Drift.asker_id, other.giver_id != Drift.giver_id),
        and_(other.giver_id == Drift.asker_id, other.asker_id != Drift.giver_id),
    ]
    return or_(*(exists().where(each, is_settled(other)) for each in of_receiver))
