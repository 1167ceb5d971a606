"""What readers may know of each other before they exchange a book."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from app.models.base import db
from app.models.drift import Drift
from app.rules.exchange.drift import DriftState

MOST_COUNTED = 100
"""Books that are counted: nobody trusts a reader more who has given more."""


@dataclass(frozen=True)
class Trust:
    """Facts of past exchanges of a reader: numbers of books, at most `MOST_COUNTED` each."""

    given: int
    received: int
    lost: int = 0
    """Books that the reader mailed, that were reported missing and have not turned up."""
    missed: int = 0
    """Books that the reader reported missing and that have not turned up."""


def find_trust(reader_id: int) -> Trust:
    """Return how many books a reader has given and received, and how many went missing; one short statement."""
    drifts = Drift.__table__
    sides = drifts.c.giver_id == reader_id, drifts.c.asker_id == reader_id
    counts = (_count(side, state) for state in (DriftState.RECEIVED, DriftState.MISSING) for side in sides)
    return Trust(*db.session.execute(select(*counts)).one())


def _count(side: ColumnElement[bool], state: DriftState) -> ColumnElement[int]:
    found = select(Drift.__table__.c.id).where(side, Drift.__table__.c.state == state).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(found).scalar_subquery()
