"""A reader's drifts in both roles: first those waiting for the reader, then for the other side, then the ended ones."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Select,
    Table,
    bindparam,
    case,
    func,
    null,
    select,
    union_all,
)

from app.models.base import LIVE, db, one_of
from app.models.book import Book
from app.models.copy import Copy
from app.models.drift import Drift, DriftEvent, DriftSummary, counted_from, role_of
from app.models.gift import Gift
from app.models.message import Message
from app.models.place import Place
from app.models.user import User
from app.rules.exchange.deadlines import Deadlines
from app.rules.exchange.drift import (
    BEFORE_MAILING,
    OVER,
    PROMISED,
    UNDER_WAY,
    Action,
    CopyState,
    DriftState,
    Role,
    Way,
    states_of_turn,
)
from app.rules.exchange.listing import NOT_OVER
from app.rules.exchange.payment import is_put_off
from app.rules.exchange.steps import UNDOABLE, actions_of
from app.rules.exchange.undo import MOST_UNDONE
from app.rules.trust.facts import Facts
from app.services.copy.keeping import is_listed
from app.services.delivery.meeting import unseal_proposals
from app.services.delivery.postal_address import PostalAddress, find_address, find_text, is_erased
from app.services.delivery.thread import Line, Thread, is_for, line_of, thread_of
from app.services.exchange.deadline_settings import deadlines
from app.services.exchange.trust import facts_of_askers
from app.services.page import Page, Part, part_behind


class Turn(IntEnum):
    """Whose turn it is, in the order of the page."""

    MINE = 0
    THEIRS = 1
    ON_LOAN = 2
    """Nobody's, until the book is due."""
    ENDED = 3


class PastStep(NamedTuple):
    """An event in a drift's history; `create_time` is in Unix seconds."""

    drift_id: int
    action: str
    actor: str
    create_time: int


class DriftRow(NamedTuple):
    """A drift as shown to one of its two sides. Times are in Unix seconds."""

    drift: DriftSummary
    role: Role
    other: str | None
    """The other side's nickname; None if that reader has left."""
    turn: Turn
    actions: tuple[Action, ...]
    missing_from: int | None
    """The time from which a mailed book can be reported missing; None if it can be already."""
    end: int
    """When the clock ends its state, or when a book that is lent is to be back; 0 if it has ended."""
    address: PostalAddress | None
    proposals: tuple[str, ...]
    """When and where the asker could come."""
    meeting: str | None
    """When and where the two meet."""
    place: tuple[str, ...]
    """The meeting place: its name, its words, and when it is open."""
    tracking: str | None
    events: tuple[PastStep, ...]
    can_be_brought_back: bool
    undo_until: int | None
    """Until when the last step can be undone; None if it cannot be (any more)."""
    may_undo: bool
    """The reader took that step."""
    may_pass_on: bool
    """The reader has received the copy, and can list it again."""
    cancel_words: str | None
    """What the giver said when cancelling."""
    may_change_address: bool
    is_put_off: bool
    """The giver's payment waits until the asker has given a book."""

    @property
    def is_private(self) -> bool:
        """Return whether its row must not be cached, because it shows private words or a form of the session."""
        is_giver, state = self.role is Role.GIVER, DriftState(self.drift.state)
        has_form = self.drift.way == Way.MEET or state is DriftState.MAILED or (is_giver and state in PROMISED)
        return bool(self.address or self.cancel_words or has_form)


@dataclass(frozen=True)
class DriftPage(Page[DriftRow]):
    """One page of a reader's drifts."""

    open: int
    """The number of drifts under way, on all pages."""
    threads: dict[int, Thread]
    """What the two sides wrote, by drift; apart from the rows, which are cached."""

    past: dict[int, Facts]
    """What may be known of those who ask the reader for a book, by drift."""

    @property
    def new(self) -> list[int]:
        """Return the ids of the messages on this page that the reader has not seen before."""
        return [message_id for thread in self.threads.values() for message_id in thread.new]


def list_drifts(reader_id: int, page: int, size: int, now: int) -> DriftPage:
    """Return a page of a reader's drifts; four statements at most, however many there are."""
    mine = {"reader_id": reader_id}
    under_way, ended = db.session.execute(_COUNTS, mine).one()
    skipped = (page - 1) * size
    open = Part(min(skipped, under_way), max(0, min(size, under_way - skipped)))
    over = part_behind(ended, max(0, skipped - under_way), size - open.size)
    places = {
        "open_skipped": open.skipped,
        "open_size": open.size,
        "over_skipped": over.skipped,
        "over_size": over.size,
    }
    reach = {"reach": over.skipped + over.size}
    found = db.session.execute(_OLDEST if over.is_from_oldest else _NEWEST, mine | places | reach)
    rows = list(map(DriftSummary._make, found.all()))
    events, lines = _history_of([row.id for row in rows], reader_id)
    limits = deadlines()
    shown = [_as_row(reader_id, row, events[row.id], now, limits) for row in rows]
    threads = {row.id: thread_of(row, lines[row.id], None not in (row.asker, row.giver), now) for row in rows}
    return DriftPage(shown, under_way + ended, page, size, under_way, threads, _facts_of_askers(shown))


def _facts_of_askers(rows: Sequence[DriftRow]) -> dict[int, Facts]:
    """Return what may be known of those whose request waits for the reader's answer, by drift."""
    waiting = [row.drift for row in rows if row.role is Role.GIVER and row.drift.state == DriftState.WAITING]
    past = facts_of_askers({drift.asker_id for drift in waiting})
    return {drift.id: past[drift.asker_id] for drift in waiting}


def _history_of(
    drift_ids: Sequence[int], reader_id: int
) -> tuple[defaultdict[int, list[PastStep]], defaultdict[int, list[Line]]]:
    """Return the events and the messages of drifts."""
    events: defaultdict[int, list[PastStep]] = defaultdict(list)
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    for row in db.session.execute(_HISTORY, {"drift_ids": drift_ids}):
        if row.action is None and is_for(row, reader_id):
            lines[row.drift_id].append(line_of(row, reader_id))
        elif row.action is not None:
            events[row.drift_id].append(PastStep(row.drift_id, row.action, row.actor, row.create_time))
    return events, lines


def _as_row(reader_id: int, row: DriftSummary, events: list[PastStep], now: int, limits: Deadlines) -> DriftRow:
    role, state, way = role_of(row, reader_id) or Role.ASKER, DriftState(row.state), Way(row.way)
    is_mailed, is_shown = state is DriftState.MAILED, not is_erased(row, now)
    missing_from = limits.missing_from(way, row.state_time) if is_mailed else 0
    undo_until = row.undo_until if row.undo_until and now < row.undo_until else None
    return DriftRow(
        drift=row,
        role=role,
        other=row.giver if role is Role.ASKER else row.asker,
        turn=Turn(row.turn),
        actions=_actions(row, role, events, now, limits),
        missing_from=missing_from if now < missing_from else None,
        end=counted_from(row) if state is DriftState.LENT else limits.end_of(state, way, counted_from(row)) or 0,
        address=find_address(row, reader_id, now),
        proposals=unseal_proposals(row.proposals) if is_shown else (),
        meeting=find_text(row.meeting) if is_shown else None,
        place=tuple(filter(None, (row.place, row.place_words, row.place_opening))) if is_shown else (),
        tracking=row.tracking if is_shown else None,
        events=tuple(events),
        undo_until=undo_until,
        may_undo=undo_until is not None and _may_undo(role, events),
        may_pass_on=role is Role.ASKER and state is DriftState.RECEIVED and (row.may_pass_on or undo_until is not None),
        cancel_words=find_text(row.cancel_words) if is_shown else None,
        may_change_address=role is Role.ASKER and way is Way.POST and state in BEFORE_MAILING,
        is_put_off=row.pay_from is not None and is_put_off(row.state_time, row.pay_from),
        can_be_brought_back=role is Role.GIVER and state is DriftState.EXPIRED and row.copy_state == CopyState.HIDDEN,
    )


def _may_undo(role: Role, events: Sequence[PastStep]) -> bool:
    if sum(event.action == Action.UNDO for event in events) >= MOST_UNDONE:
        return False
    return next((event.actor == role for event in reversed(events) if event.action in UNDOABLE), False)


def _actions(
    row: DriftSummary, role: Role, events: Sequence[PastStep], now: int, limits: Deadlines
) -> tuple[Action, ...]:
    """Return what this side can do now.

    That the other one did not come can only be said some time after acceptance, and a loan be extended until it is due.
    """
    actions = actions_of(DriftState(row.state), role, Way(row.way))
    too_early = {Action.ABSENT} if now < limits.absent_from(row.state_time) else set()
    is_extended = any(event.action == Action.EXTEND for event in events)
    too_late = {Action.EXTEND} if is_extended or now >= (row.lent_until or 0) else set()
    return tuple(action for action in actions if action not in too_early | too_late)


# Built once, with plain columns: building it and loading ORM objects would take longer than the rest of the page.
_DRIFT, _BOOK, _GIFT = Drift.__table__, Book.__table__, Gift.__table__
_EVENT, _MESSAGE = cast("Table", DriftEvent.__table__), cast("Table", Message.__table__)
_ASKER, _GIVER, _PLACE = User.__table__.alias("asker"), User.__table__.alias("giver"), Place.__table__
_READER = bindparam("reader_id", type_=BigInteger)
_COPY = cast("Table", Copy.__table__)
_has_copy_unlisted = select(_COPY.c.id).where(
    _COPY.c.id == _GIFT.c.copy_id, _COPY.c.holder_id == _DRIFT.c.asker_id
).exists() & ~is_listed(_GIFT.c.copy_id)
_FURTHER = Gift.__table__.alias("further")
_next_listing = select(_FURTHER.c.state).where(_FURTHER.c.loan_id == _DRIFT.c.id, one_of(_FURTHER.c.state, NOT_OVER))
_asks, _gives = _DRIFT.c.asker_id == _READER, _DRIFT.c.giver_id == _READER
_is_under_way = one_of(_DRIFT.c.state, UNDER_WAY)
_is_lent = _DRIFT.c.state == DriftState.LENT
_is_overdue = _is_lent & (_DRIFT.c.due_time > _DRIFT.c.lent_until)
_turn = case(
    (_is_lent & ~(_asks & _is_overdue), Turn.ON_LOAN.value),
    (_gives & one_of(_DRIFT.c.state, states_of_turn(Role.GIVER)), Turn.MINE.value),
    (_asks & one_of(_DRIFT.c.state, states_of_turn(Role.ASKER)), Turn.MINE.value),
    (_is_under_way, Turn.THEIRS.value),
    else_=Turn.ENDED.value,
)


def _number(name: str) -> BindParameter[int]:
    return bindparam(name, type_=BigInteger)


def _in_states(is_open: bool) -> list[Select[Any]]:
    """Select a reader's drifts that are under way, or that have ended, as asker and as giver; none is both."""
    is_wanted = one_of(_DRIFT.c.state, UNDER_WAY if is_open else OVER)
    return [select(_DRIFT.c.id).where(is_mine, is_wanted) for is_mine in (_asks, _gives)]


def _count_of(is_open: bool) -> ColumnElement[int]:
    """Count them, reading only the indexes."""
    asked, given = (select(func.count()).select_from(each.subquery()).scalar_subquery() for each in _in_states(is_open))
    return asked + given


_COUNTS = select(_count_of(is_open=True), _count_of(is_open=False))


def _open_numbers() -> Select[tuple[int]]:
    """Select the ids of the drifts under way on a page: those waiting for the reader, then those for the other side."""
    each = (one.add_columns(_turn.label("turn"), _DRIFT.c.due_time) for one in _in_states(is_open=True))
    both = union_all(*each).subquery()
    numbers = select(both.c.id).order_by(both.c.turn, both.c.due_time, both.c.id.desc())
    return numbers.limit(_number("open_size")).offset(_number("open_skipped"))


def _ended_numbers(part: Part) -> Select[tuple[int]]:
    """Select the ids of the ended drifts on a page, from the end of the list that `part` says."""
    sides = _in_states(is_open=False)
    reach = (each.order_by(part.order(_DRIFT.c.id)).limit(_number("reach")).subquery() for each in sides)
    both = union_all(*map(select, reach)).subquery()
    numbers = select(both.c.id).order_by(part.order(both.c.id))
    return numbers.limit(_number("over_size")).offset(_number("over_skipped"))


def _rows_of(part: Part) -> Select[Any]:
    """Select the drifts of a page, with the columns of a `DriftSummary` in its order.

    Their ids are found first, and only then the rest of their rows is loaded.
    """
    shown = union_all(select(_open_numbers().subquery()), select(_ended_numbers(part).subquery())).subquery()
    return (
        select(
            *[_DRIFT.c[name] for name in ("id", "gift_id", "asker_id", "giver_id", "way", "state")],
            *[_DRIFT.c[name] for name in ("state_time", "due_time", "pause", "pay_from", "undo_until", "absent")],
            *[_DRIFT.c[name] for name in ("lend_days", "lent_until")],
            *[_DRIFT.c[name] for name in ("tracking", "cancel_reason", "cancel_words", "address", "proposals")],
            *[_DRIFT.c[name] for name in ("meeting", "place_id", "erase_time", "book_id")],
            *[_BOOK.c[name] for name in ("isbn", "title")],
            _ASKER.c.nickname.label("asker"),
            _GIVER.c.nickname.label("giver"),
            _GIFT.c.state.label("copy_state"),
            _PLACE.c.name.label("place"),
            _PLACE.c.words.label("place_words"),
            _PLACE.c.opening.label("place_opening"),
            _GIFT.c.copy_id,
            _GIFT.c.goes_on,
            case((_is_lent, _next_listing.scalar_subquery())).label("next_listing"),
            _has_copy_unlisted.label("may_pass_on"),
            _turn.label("turn"),
            _DRIFT.c.beans,
        )
        .join_from(shown, _DRIFT, _DRIFT.c.id == shown.c.id)
        .join(_BOOK, (_BOOK.c.id == _DRIFT.c.book_id) & (_BOOK.c.status == LIVE))
        .join(_GIFT, (_GIFT.c.id == _DRIFT.c.gift_id) & (_GIFT.c.status == LIVE))
        .outerjoin(_PLACE, _PLACE.c.id == _DRIFT.c.place_id)
        .outerjoin(_ASKER, (_ASKER.c.id == _DRIFT.c.asker_id) & (_ASKER.c.status == LIVE))
        .outerjoin(_GIVER, (_GIVER.c.id == _DRIFT.c.giver_id) & (_GIVER.c.status == LIVE))
        .order_by(_turn, case((_is_under_way, _DRIFT.c.due_time), else_=0), _DRIFT.c.id.desc())
    )


_NEWEST, _OLDEST = _rows_of(Part(0, 0)), _rows_of(Part(0, 0, is_from_oldest=True))
_SAID = [_MESSAGE.c[name] for name in ("author_id", "sealed", "is_phrase", "read_time", "erase_time", "withheld")]
_DONE = [_EVENT.c[name] for name in ("action", "actor")]


def _of_drifts(table: Table, *columns: ColumnElement[Any]) -> Select[Any]:
    is_wanted = table.c.drift_id.in_(bindparam("drift_ids", expanding=True)) & (table.c.status == LIVE)
    return select(table.c.id, table.c.drift_id, table.c.create_time, *columns).where(is_wanted)


# Events and messages in one statement, which a page needs for either of them.
_HISTORY = union_all(
    _of_drifts(_MESSAGE, *_SAID, *[null().label(column.name) for column in _DONE]),
    _of_drifts(_EVENT, *[null() for _ in _SAID], *_DONE),
).order_by("id")
