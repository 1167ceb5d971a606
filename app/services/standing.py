"""What counts about readers when they ask: read in one statement for any number of them."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from app.models.base import LIVE, db
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.rules.asking import Copy, Standing
from app.rules.drift import UNDER_WAY, CopyState, DriftState
from app.services.missing import NotFound


def lock_readers(*reader_ids: int) -> set[int]:
    """Lock the rows of these readers until the end of the transaction; return who is still here.

    Everything that changes a reader's balance or lists takes this lock first, in the same order, so
    that two actions of one reader never overlap.
    """
    locked = (
        select(User.id, User.status)
        .where(User.id.in_(sorted(set(reader_ids))))
        .order_by(User.id)
        .with_for_update()
        .execution_options(include_deleted=True)
    )
    return {reader_id for reader_id, status in db.session.execute(locked) if status == LIVE}


def lock_present(reader_id: int, *others: int) -> None:
    """Lock a reader who acts, and others.

    :raises NotFound: the reader's account was closed a moment ago.
    """
    if reader_id not in lock_readers(reader_id, *others):
        raise NotFound()


def find_copy(gift: Gift) -> Copy:
    """Return what the rules of asking need to know of a copy."""
    asker_id = None
    if gift.state == CopyState.RESERVED:
        asker_id = db.session.scalar(select(Drift.asker_id).where(Drift.open_gift_id == gift.id))
    return Copy(gift.uid, CopyState(gift.state), gift.offered_to, gift.offer_until, asker_id)


def _count(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count(Drift.id)).where(*conditions).correlate(User).scalar_subquery()


def find_standings(reader_ids: Collection[int]) -> dict[int, Standing]:
    """Return the standing of each of these readers who has an account."""
    received = Drift.state == DriftState.RECEIVED
    rows = db.session.execute(
        select(
            User.id,
            User.confirmed_at,
            User.beans,
            _count(Drift.asker_id == User.id, received),
            _count(Drift.asker_id == User.id, Drift.state.in_(UNDER_WAY)),
            _count(Drift.giver_id == User.id, received),
        ).where(User.id.in_(reader_ids))
    )
    return {id: Standing(confirmed is not None, *counts) for id, confirmed, *counts in rows}


def get_standing(reader_id: int) -> Standing:
    """Return the standing of one reader."""
    return find_standings([reader_id])[reader_id]
