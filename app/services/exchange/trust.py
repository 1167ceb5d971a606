"""Facts that readers may know about each other before they exchange a book: counted as they are asked for."""

from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    bindparam,
    func,
    select,
    union_all,
)

from app.models.base import db, one_of
from app.models.decision import Complaint
from app.models.drift import Drift, DriftEvent
from app.models.user import User
from app.rules.exchange.drift import Action, DriftState, Role, Way
from app.rules.trust.complaint import ComplaintState
from app.rules.trust.facts import (
    LAST_REQUESTS,
    MOST_COUNTED,
    Counts,
    Facts,
    RequestEvent,
    count_facts,
    find_answer_seconds,
)
from app.services.errors import NotFound


def facts_of(reader_id: int) -> Facts:
    """Return what others may know of a reader; two short statements.

    :raises NotFound: there never was such a reader.
    """
    facts = facts_of_askers([reader_id]).get(reader_id)
    if facts is None:
        raise NotFound()
    return replace(facts, answer_seconds=_find_answer_seconds(reader_id))


def facts_of_askers(reader_ids: Collection[int]) -> dict[int, Facts]:
    """Return the same of several readers, without how soon they answer; one statement."""
    if not reader_ids:
        return {}
    values = {f"reader{place}": id for place, id in enumerate(sorted(reader_ids))}
    rows = db.session.execute(_facts(len(values)), values)
    return {row[0]: count_facts(row[1], Counts(*row[2:])) for row in rows}


def _find_answer_seconds(reader_id: int) -> int | None:
    rows = db.session.execute(_REQUESTS, {_READER.key: reader_id}).all()
    asked = {row.drift_id: row.asked for row in rows}
    return find_answer_seconds(asked, [RequestEvent(row.drift_id, *row[2:]) for row in rows])


_DRIFT, _EVENT, _USER, _COMPLAINT = (table.__table__ for table in (Drift, DriftEvent, User, Complaint))
_READER = bindparam("reader", type_=BigInteger)
_IN_PERSON = one_of(_DRIFT.c.way, (Way.MEET, Way.PLACE))
_BY_POST = _DRIFT.c.way == Way.POST


@lru_cache(maxsize=50)
def _facts(count: int) -> Select[Any] | CompoundSelect[Any]:
    # Built once for each number of readers: building it takes longer than running it.
    each = [_facts_of(bindparam(f"reader{place}", type_=BigInteger)) for place in range(count)]
    return each[0] if count == 1 else union_all(*each)


def _facts_of(reader: BindParameter[int]) -> Select[Any]:
    """Select the facts of one reader in the order of `Counts`, each counted in an index and no further than shown."""
    gives, asks = _DRIFT.c.giver_id == reader, _DRIFT.c.asker_id == reader
    received, missing, expired = DriftState.RECEIVED, DriftState.MISSING, DriftState.EXPIRED
    lapsed = _ended(gives, expired, _BY_POST).subquery()
    promised = select(_EVENT.c.id).join(lapsed, lapsed.c.id == _EVENT.c.drift_id)
    counted = (
        _ended(gives, received, _BY_POST),
        _ended(gives, received, _IN_PERSON),
        _ended(asks, received, _BY_POST),
        _ended(asks, received, _IN_PERSON),
        _ended(gives, missing, _BY_POST),
        _ended(gives, missing, _IN_PERSON),
        _ended(asks, missing),
        _ended(gives, DriftState.CANCELLED, _BY_POST),
        promised.where(_EVENT.c.action == Action.ACCEPT),
        _ended(gives, expired, _IN_PERSON, _DRIFT.c.absent == Role.GIVER),
        _ended(asks, expired, _IN_PERSON, _DRIFT.c.absent == Role.ASKER),
        _complaints(reader),
    )
    return select(_USER.c.id, _USER.c.create_time, *map(_count, counted)).where(_USER.c.id == reader)


def _complaints(reader: BindParameter[int]) -> Select[Any]:
    said = _COMPLAINT.c.about_id == reader, _COMPLAINT.c.state != ComplaintState.LEFT
    return select(_COMPLAINT.c.author_id).where(*said).distinct().limit(MOST_COUNTED)


def _ended(side: ColumnElement[bool], state: DriftState, *more: ColumnElement[bool]) -> Select[Any]:
    is_certain = _DRIFT.c.undo_until.is_(None)
    return select(_DRIFT.c.id).where(side, _DRIFT.c.state == state, is_certain, *more).limit(MOST_COUNTED)


def _count(found: Select[Any]) -> ColumnElement[int]:
    return select(func.count()).select_from(found.subquery()).scalar_subquery()


def _requests() -> Select[Any]:
    """Select when the last requests to a reader were made, and what began or ended the wait of their askers."""
    newest = select(_DRIFT.c.id, _DRIFT.c.create_time).where(_DRIFT.c.giver_id == _READER)
    last: FromClause = newest.order_by(_DRIFT.c.create_time.desc(), _DRIFT.c.id.desc()).limit(LAST_REQUESTS).subquery()
    waited = (_EVENT.c.from_state == DriftState.WAITING) | (_EVENT.c.to_state == DriftState.WAITING)
    columns = _EVENT.c.drift_id, last.c.create_time.label("asked"), _EVENT.c.action, _EVENT.c.to_state
    rows = select(*columns, _EVENT.c.create_time).join(last, last.c.id == _EVENT.c.drift_id)
    return rows.where(waited).order_by(_EVENT.c.id)


_REQUESTS = _requests()
