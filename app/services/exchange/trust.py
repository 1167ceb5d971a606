"""Facts that readers may know about each other before they exchange a book."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from app.models.base import db
from app.models.drift import Drift
from app.rules.exchange.drift import DriftState, Role

MOST_COUNTED = 100
"""Most books that are counted, because higher numbers create no more trust."""


@dataclass(frozen=True)
class Trust:
    """A reader's past exchanges: numbers of books, at most `MOST_COUNTED` each."""

    given: int
    received: int
    lost: int = 0
    """Books that the reader mailed and that were reported missing and have not arrived since."""
    missed: int = 0
    """Books that the reader reported missing and that have not arrived since."""
    absences: int = 0
    """Exchanges in which the reader did not come, or left no book, and did not answer either."""


def find_trust(reader_id: int) -> Trust:
    """Return how many books a reader has given and received, and how many went missing; one short statement."""
    drifts = Drift.__table__
    sides = drifts.c.giver_id == reader_id, drifts.c.asker_id == reader_id
    counts = (_count(side, state) for state in (DriftState.RECEIVED, DriftState.MISSING) for side in sides)
    waited = zip(sides, (Role.GIVER, Role.ASKER), strict=True)
    absences = [_count(side, DriftState.EXPIRED, drifts.c.absent == role) for side, role in waited]
    return Trust(*db.session.execute(select(*counts, absences[0] + absences[1])).one())


def _count(side: ColumnElement[bool], state: DriftState, *more: ColumnElement[bool]) -> ColumnElement[int]:
    found = select(Drift.__table__.c.id).where(side, Drift.__table__.c.state == state, *more)
    return select(func.count()).select_from(found.limit(MOST_COUNTED).subquery()).scalar_subquery()
