"""A reader's drifts, in both roles: what to do first, then what is awaited, then history."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Row, bindparam, case, func, or_, select

from app.models.base import LIVE, db, one_of
from app.models.book import Book, BookLike
from app.models.drift import Drift, DriftEvent, DriftLike, role_of
from app.models.gift import Gift
from app.models.user import User
from app.rules.drift import UNDER_WAY, Action, CopyState, DriftState, Role, actions_of
from app.services.address import PostalAddress, find_address, find_text
from app.services.settings import deadlines

MY_MOVE, AWAITED, ENDED = 0, 1, 2


class DriftRow(NamedTuple):
    """One drift as one of its two sides sees it. Times are Unix seconds."""

    drift: DriftLike
    book: BookLike
    role: Role
    other: str | None
    """The other side's nickname; None when that reader has left."""
    group: int
    """MY_MOVE, AWAITED or ENDED."""
    actions: tuple[Action, ...]
    missing_from: int | None
    """From when on a mailed book can be reported missing; None when it can be now."""
    address: PostalAddress | None
    note: str | None
    events: tuple[Row[Any], ...]
    can_be_brought_back: bool

    @property
    def is_private(self) -> bool:
        """Tell whether what is shown of it must be remembered nowhere: an address, a letter, a form of the session."""
        return bool(self.address or self.note or Action.MAILED in self.actions)


@dataclass(frozen=True)
class DriftPage:
    """One page of a reader's drifts; `page` counts from 1."""

    rows: list[DriftRow]
    total: int
    page: int
    pages: int


def list_drifts(reader_id: int, page: int, size: int, now: int) -> DriftPage:
    """Return a reader's drifts; three statements whatever their number."""
    mine = {"reader_id": reader_id}
    total = db.session.scalar(_COUNT, mine) or 0
    rows = db.session.execute(_ROWS, mine | {"size": size, "skipped": (page - 1) * size}).all()
    events = _events_of([row.id for row in rows])
    shown = [_as_row(reader_id, row, events[row.id], now) for row in rows]
    return DriftPage(shown, total, page, max(1, -(-total // size)))


def _events_of(drift_ids: Sequence[int]) -> defaultdict[int, list[Row[Any]]]:
    events: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for event in db.session.execute(_EVENTS, {"drift_ids": drift_ids}):
        events[event.drift_id].append(event)
    return events


def _as_row(reader_id: int, row: Row[Any], events: list[Row[Any]], now: int) -> DriftRow:
    role, state = role_of(row, reader_id) or Role.ASKER, DriftState(row.state)
    missing_from = deadlines().missing_from(row.state_time) if state is DriftState.MAILED else 0
    return DriftRow(
        drift=row,
        book=row,
        role=role,
        other=row.giver if role is Role.ASKER else row.asker,
        group=row.part,
        actions=actions_of(state, role),
        missing_from=missing_from if now < missing_from else None,
        address=find_address(row, reader_id),
        note=find_text(row.note),
        events=tuple(events),
        can_be_brought_back=role is Role.GIVER and state is DriftState.EXPIRED and row.copy_state == CopyState.HIDDEN,
    )


# Made once, of plain columns: to build them and to make ORM objects would cost more than all the rest of the page.
_DRIFT, _EVENT, _BOOK, _GIFT = Drift.__table__, DriftEvent.__table__, Book.__table__, Gift.__table__
_ASKER, _GIVER = User.__table__.alias("asker"), User.__table__.alias("giver")
_READER, _SIZE, _SKIPPED = (bindparam(name, type_=BigInteger) for name in ("reader_id", "size", "skipped"))
_asks, _gives = _DRIFT.c.asker_id == _READER, _DRIFT.c.giver_id == _READER
_is_mine = (_asks | _gives) & (_DRIFT.c.status == LIVE)
_is_under_way = one_of(_DRIFT.c.state, UNDER_WAY)
_group = case(
    (_gives & one_of(_DRIFT.c.state, [DriftState.WAITING, DriftState.ACCEPTED]), MY_MOVE),
    (_asks & (_DRIFT.c.state == DriftState.MAILED), MY_MOVE),
    (_is_under_way, AWAITED),
    else_=ENDED,
)
_COUNT = select(func.count(_DRIFT.c.id)).where(_is_mine)
_ROWS = (
    select(
        *[_DRIFT.c[name] for name in ("id", "gift_id", "asker_id", "giver_id", "state", "state_time")],
        *[_DRIFT.c[name] for name in ("due_time", "tracking", "address", "note")],
        *[_BOOK.c[name] for name in ("isbn", "title")],
        _ASKER.c.nickname.label("asker"),
        _GIVER.c.nickname.label("giver"),
        _GIFT.c.state.label("copy_state"),
        _group.label("part"),
    )
    .join_from(_DRIFT, _BOOK, (_BOOK.c.isbn == _DRIFT.c.isbn) & (_BOOK.c.status == LIVE))
    .join(_GIFT, (_GIFT.c.id == _DRIFT.c.gift_id) & (_GIFT.c.status == LIVE))
    .outerjoin(_ASKER, (_ASKER.c.id == _DRIFT.c.asker_id) & (_ASKER.c.status == LIVE))
    .outerjoin(_GIVER, (_GIVER.c.id == _DRIFT.c.giver_id) & (_GIVER.c.status == LIVE))
    .where(_is_mine)
    .order_by(_group, case((_is_under_way, _DRIFT.c.due_time), else_=0), _DRIFT.c.id.desc())
    .limit(_SIZE)
    .offset(_SKIPPED)
)
_EVENTS = (
    select(*[_EVENT.c[name] for name in ("drift_id", "action", "actor", "create_time")])
    .where(_EVENT.c.drift_id.in_(bindparam("drift_ids", expanding=True)), _EVENT.c.status == LIVE)
    .order_by(_EVENT.c.id)
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
