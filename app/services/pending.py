"""A reader's drifts, in both roles: what to do first, then what is awaited, then history."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Case, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from app.models.base import db
from app.models.book import Book
from app.models.drift import Drift, DriftEvent
from app.models.gift import Gift
from app.models.user import User
from app.rules.drift import UNDER_WAY, Action, CopyState, DriftState, Role, actions_of
from app.services.address import PostalAddress, find_address, find_text
from app.services.settings import deadlines

MY_MOVE, AWAITED, ENDED = 0, 1, 2


@dataclass(frozen=True)
class DriftRow:
    """One drift as one of its two sides sees it. Times are Unix seconds."""

    drift: Drift
    book: Book
    role: Role
    other: str | None
    """The other side's nickname; None when that reader has left."""
    group: int
    """MY_MOVE, AWAITED or ENDED."""
    actions: list[Action]
    missing_from: int | None
    """From when on a mailed book can be reported missing."""
    address: PostalAddress | None
    note: str | None
    events: list[DriftEvent]
    can_be_brought_back: bool


@dataclass(frozen=True)
class DriftPage:
    """One page of a reader's drifts; `page` counts from 1."""

    rows: list[DriftRow]
    total: int
    page: int
    pages: int


def list_drifts(reader_id: int, page: int, size: int) -> DriftPage:
    """Return a reader's drifts; three statements whatever their number."""
    mine = or_(Drift.asker_id == reader_id, Drift.giver_id == reader_id)
    total = db.session.scalar(select(func.count(Drift.id)).where(mine)) or 0
    asker, giver = aliased(User), aliased(User)
    group = _group_of(reader_id)
    rows: Sequence[Any] = db.session.execute(
        select(Drift, Book, asker.nickname, giver.nickname, Gift.state, group)
        .join(Book, Book.isbn == Drift.isbn)
        .join(Gift, Gift.id == Drift.gift_id)
        .outerjoin(asker, asker.id == Drift.asker_id)
        .outerjoin(giver, giver.id == Drift.giver_id)
        .where(mine)
        .order_by(group, case((Drift.state.in_(UNDER_WAY), Drift.due_time), else_=0), Drift.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    ).all()
    events = _events_of([row[0].id for row in rows])
    shown = [_as_row(reader_id, row, events[row[0].id]) for row in rows]
    return DriftPage(shown, total, page, max(1, -(-total // size)))


def _group_of(reader_id: int) -> Case[int]:
    gives, asks = Drift.giver_id == reader_id, Drift.asker_id == reader_id
    return case(
        (and_(gives, Drift.state.in_([DriftState.WAITING, DriftState.ACCEPTED])), MY_MOVE),
        (and_(asks, Drift.state == DriftState.MAILED), MY_MOVE),
        (Drift.state.in_(UNDER_WAY), AWAITED),
        else_=ENDED,
    )


def _events_of(drift_ids: Sequence[int]) -> defaultdict[int, list[DriftEvent]]:
    events: defaultdict[int, list[DriftEvent]] = defaultdict(list)
    found = select(DriftEvent).where(DriftEvent.drift_id.in_(drift_ids)).order_by(DriftEvent.id)
    for event in db.session.scalars(found):
        events[event.drift_id].append(event)
    return events


def _as_row(reader_id: int, row: Any, events: list[DriftEvent]) -> DriftRow:
    drift, book, asker, giver, copy, group = row
    role = drift.role_of(reader_id) or Role.ASKER
    state = DriftState(drift.state)
    return DriftRow(
        drift=drift,
        book=book,
        role=role,
        other=giver if role is Role.ASKER else asker,
        group=group,
        actions=actions_of(state, role),
        missing_from=deadlines().missing_from(drift.state_time) if state is DriftState.MAILED else None,
        address=find_address(drift, reader_id),
        note=find_text(drift.note),
        events=events,
        can_be_brought_back=role is Role.GIVER and state is DriftState.EXPIRED and copy == CopyState.HIDDEN,
    )


@dataclass(frozen=True)
class Trust:
    """Facts of past exchanges of a reader: numbers of books."""

    given: int
    received: int


def find_trust(reader_id: int) -> Trust:
    """Return how many books a reader has given and received."""
    arrived = Drift.state == DriftState.RECEIVED
    counts = select(
        func.count(case((Drift.giver_id == reader_id, 1))), func.count(case((Drift.asker_id == reader_id, 1)))
    ).where(arrived, or_(Drift.giver_id == reader_id, Drift.asker_id == reader_id))
    given, received = db.session.execute(counts).one()
    return Trust(given, received)
