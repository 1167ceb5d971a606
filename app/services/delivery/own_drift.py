"""A drift as one of its two sides may see it."""

from sqlalchemy import select

from app.models.base import db
from app.models.drift import Drift, role_of
from app.rules.exchange.drift import Role
from app.services.errors import NotFound


def is_free(drift_id: int) -> bool:
    """Return whether no bean is needed for the book of a drift, in a circle."""
    return db.session.scalar(select(Drift.beans).where(Drift.id == drift_id)) == 0


def get_own_drift(reader_id: int, drift_id: int) -> tuple[Drift, Role]:
    """Return a drift, as it is stored now, and the reader's role in it.

    :raises NotFound: there is no such drift, or the reader has no part in it.
    """
    found = select(Drift).where(Drift.id == drift_id).execution_options(populate_existing=True)
    drift = db.session.scalar(found)
    role = role_of(drift, reader_id) if drift else None
    if drift is None or role is None:
        raise NotFound()
    return drift, role
