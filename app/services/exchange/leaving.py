"""Ending a reader's exchanges when the account is closed, or when the people who run the site stop them."""

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import aliased

from app.models.base import db
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.place import GiftPlace
from app.models.user import User
from app.models.wish import Wish
from app.rules.bean.transfer import closing
from app.rules.exchange.drift import UNDER_WAY, Action, CopyState, DriftState, Role, Way
from app.rules.exchange.listing import WITHDRAWABLE, WishState
from app.rules.exchange.steps import can_be_stopped, ends_by_leaving
from app.services.bean.pool import bring_back
from app.services.bean.transfers import move_beans
from app.services.copy.keeping import drop_copies_of
from app.services.delivery.postal_address import erase_addresses_of
from app.services.exchange.deadlines import finish_steps
from app.services.exchange.locking import lock_readers
from app.services.exchange.transition import apply_transition
from app.services.exchange.wish import end_wish
from app.services.exchange.wish_queue import end_offer, release_wish


def end_exchanges(reader_id: int, now: int) -> None:
    """End all exchanges, gifts and wishes of a reader who closes the account.

    Must be called inside the transaction that closes it, before the account is marked as closed.
    Requests not yet mailed are withdrawn or declined, a mailed book counts as received when its
    asker leaves, a lent book is its borrower's when its lender leaves, and when its borrower leaves the lender
    gets the bean. Remaining beans, also those that sleep, go to the mint, the reader's addresses are erased at once,
    and messages hidden.
    """
    lock_readers(reader_id)
    _finish_steps(reader_id, now)
    _withdraw_gifts(reader_id, now)
    for wish_id in _open_wishes(reader_id):
        end_wish(wish_id, WishState.WITHDRAWN, now)
    _give_what_is_on_its_way(reader_id)
    for drift in _find_drifts(reader_id, Drift.state.in_(UNDER_WAY)):
        role = Role.ASKER if drift.asker_id == reader_id else Role.GIVER
        if ends_by_leaving(DriftState(drift.state), role, Way(drift.way)):
            apply_transition(drift, Action.LEAVE, role, now)
    drop_copies_of(reader_id, now)
    erase_addresses_of(reader_id, now)
    bring_back(reader_id, now)
    beans = db.session.scalar(select(User.beans).where(User.id == reader_id)) or 0
    if beans:
        move_beans(closing(reader_id, beans), now)


def stop_exchanges(reader_id: int, now: int) -> None:
    """End what a reader who is suspended has not handed over or got yet, and the offers to them; inside a transaction.

    The other sides are told, beans go back, and copies that were promised are hidden until their giver is back.
    """
    lock_readers(reader_id)
    _finish_steps(reader_id, now)
    for wish_id in _open_wishes(reader_id):
        release_wish(wish_id, now)
    for drift in _find_drifts(reader_id, Drift.state.in_(UNDER_WAY)):
        if can_be_stopped(DriftState(drift.state), Way(drift.way)):
            apply_transition(drift, Action.STOP, Role.ASKER if drift.asker_id == reader_id else Role.GIVER, now)


def _give_what_is_on_its_way(reader_id: int) -> None:
    """Nobody could give a book back to a lender who has left, so that one that is on its way is given for good.

    One that its borrower hands on is the borrower's from now on, who is leaving.
    """
    lent = Drift.giver_id == reader_id, Drift.state == DriftState.MAILED, Drift.lend_days.is_not(None)
    db.session.execute(update(Drift).where(*lent).values(lend_days=None, loan_id=None))


def _finish_steps(reader_id: int, now: int) -> None:
    """End the time in which steps of the reader, or of the other side, could be undone."""
    drifts = _find_running(reader_id)
    present = lock_readers(*(side for drift in drifts for side in (drift.asker_id, drift.giver_id)))
    finish_steps(_find_running(reader_id), now, present)


def _find_running(reader_id: int) -> list[Drift]:
    """Return the drifts of a reader whose last step could be undone, also those that hand on the reader's own copy."""
    lent, can_be_undone = aliased(Drift), Drift.undo_until.is_not(None)
    own = select(lent.id).where(lent.giver_id == reader_id, lent.state == DriftState.LENT)
    handed_on = select(Drift).where(Drift.loan_id.in_(own), can_be_undone).order_by(Drift.id)
    running = db.session.scalars(handed_on.execution_options(populate_existing=True)).all()
    return _find_drifts(reader_id, can_be_undone) + list(running)


def _withdraw_gifts(reader_id: int, now: int) -> None:
    listed = select(Gift).where(Gift.giver_id == reader_id, Gift.state.in_(WITHDRAWABLE))
    for gift in db.session.scalars(listed.with_for_update()).all():
        end_offer(gift, now)
        gift.state = CopyState.WITHDRAWN
    db.session.flush()
    # The words on a copy, even one given away long ago, may contain personal data of its owner.
    db.session.execute(update(Gift).where(Gift.giver_id == reader_id).values(note="", meeting_words=""))
    mine = select(Gift.id).where(Gift.giver_id == reader_id)
    db.session.execute(delete(GiftPlace).where(GiftPlace.gift_id.in_(mine)))


def _open_wishes(reader_id: int) -> list[int]:
    wishes = select(Wish.id).where(Wish.user_id == reader_id, Wish.state == WishState.OPEN)
    return list(db.session.scalars(wishes))


def _find_drifts(reader_id: int, which: ColumnElement[bool]) -> list[Drift]:
    mine = or_(Drift.asker_id == reader_id, Drift.giver_id == reader_id)
    drifts = select(Drift).where(mine, which).order_by(Drift.id)
    return list(db.session.scalars(drifts.execution_options(populate_existing=True)))
