"""Facts that readers may know about each other before they exchange a book."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, bindparam, func, select

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
    return Trust(*db.session.execute(_TRUST, {_READER.key: reader_id}).one())


def _count(side: ColumnElement[bool], state: DriftState, *more: ColumnElement[bool]) -> ColumnElement[int]:
    found = select(_DRIFT.c.id).where(side, _DRIFT.c.state == state, *more)
    return select(func.count()).select_from(found.limit(MOST_COUNTED).subquery()).scalar_subquery()


_DRIFT = Drift.__table__
_READER = bindparam("reader", type_=BigInteger)
_sides = _DRIFT.c.giver_id == _READER, _DRIFT.c.asker_id == _READER
_counts = [_count(side, state) for state in (DriftState.RECEIVED, DriftState.MISSING) for side in _sides]
_absences = [
    _count(side, DriftState.EXPIRED, _DRIFT.c.absent == role)
    for side, role in zip(_sides, (Role.GIVER, Role.ASKER), strict=True)
]
# Built once: building it takes longer than running it.
_TRUST = select(*_counts, _absences[0] + _absences[1])
