"""Locks on readers, taken first and in order by every action that changes what they have."""

from sqlalchemy import select

from app.models.base import LIVE, db
from app.models.drift import Drift
from app.models.user import User
from app.rules.exchange.drift import Role
from app.rules.exchange.refusals import EmailNotConfirmed, Limited
from app.services.errors import NotFound


def lock_readers(*reader_ids: int) -> dict[int, bool]:
    """Lock these readers until the end of the transaction; return, for those with an account, whether it is confirmed.

    Every action that changes a reader's balance or lists takes this lock first, in the same order, so
    that two actions of the same reader never overlap.
    """
    locked = (
        select(User.id, User.status, User.confirmed_at)
        .where(User.id.in_(sorted(set(reader_ids))))
        .order_by(User.id)
        .with_for_update()
        .execution_options(include_deleted=True)
    )
    rows = db.session.execute(locked)
    return {reader_id: confirmed_at is not None for reader_id, status, confirmed_at in rows if status == LIVE}


def lock_present(reader_id: int, *others: int) -> None:
    """Lock the acting reader, and others.

    :raises NotFound: the reader's account has just been closed.
    :raises EmailNotConfirmed: the reader has not confirmed the address.
    """
    present = lock_readers(reader_id, *others)
    if reader_id not in present:
        raise NotFound()
    if not present[reader_id]:
        raise EmailNotConfirmed()


def ensure_not_limited(reader_id: int, now: int) -> None:
    """Raise `Limited` if the people who run the site let the reader begin nothing new at `now` (Unix seconds)."""
    until = db.session.scalar(select(User.limited_until).where(User.id == reader_id))
    if until is not None and now < until:
        raise Limited(until)


def lock_own_drift(reader_id: int, drift_id: int) -> tuple[Drift, Role]:
    """Lock the two sides of a drift, and the drift itself; return it with the reader's role.

    :raises NotFound: there is no such drift, or the reader has no part in it.
    """
    sides = db.session.execute(select(Drift.asker_id, Drift.giver_id).where(Drift.id == drift_id)).one_or_none()
    if sides is None or reader_id not in sides:
        raise NotFound()
    lock_readers(*sides)
    locked = select(Drift).where(Drift.id == drift_id).with_for_update()
    drift = db.session.scalars(locked.execution_options(populate_existing=True)).one()
    return drift, Role.ASKER if drift.asker_id == reader_id else Role.GIVER
