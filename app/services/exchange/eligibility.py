"""The facts that decide whether readers may ask, loaded in one statement for any number of them."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, ScalarSelect, Select, bindparam, func, select

from app.models.base import LIVE, db
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish
from app.rules.clock import DAY
from app.rules.exchange.asking import ABSENCES_COUNT, MISSING_COUNTS, AskerFacts, RequestedGift
from app.rules.exchange.audience import is_free_inside
from app.rules.exchange.drift import CAME_TO_NOTHING, ON_LOAN, PROMISED, UNDER_WAY, CopyState, DriftState, Role, Way
from app.rules.exchange.listing import WishState
from app.rules.exchange.promising import CANCELLED_COUNTS, GiverFacts
from app.services.errors import NotFound
from app.services.sight.audience import find_shared, is_free_for
from app.services.sight.visible import are_apart, has_blocked, sees_listing

_DRIFT = Drift.__table__  # the tables, not the classes, which would add a condition that is in no index
_USER: Any = User.__table__
_GIFT, _WISH = Gift.__table__, Wish.__table__
_NOW, _READER, _COPY, _HOLDER = (bindparam(name, type_=BigInteger) for name in ("now", "reader", "copy", "giver"))
_can_be_undone = _DRIFT.c.state.not_in(UNDER_WAY - ON_LOAN) & _DRIFT.c.undo_until.is_not(None)
_is_under_way = _DRIFT.c.state.in_(UNDER_WAY - ON_LOAN) | _can_be_undone


def find_requested_gift(gift: Gift, reader_id: int, now: int) -> RequestedGift:
    """Return the facts about a copy, and about this reader's earlier requests, that the rules of asking need."""
    values = {_COPY.key: gift.id, _HOLDER.key: gift.giver_id, _READER.key: reader_id, _NOW.key: now}
    found = db.session.execute(_REQUESTED, values).one()
    is_seen = not gift.is_closed or sees_listing(reader_id, gift.id)
    is_apart = found.is_apart or (gift.lender_id is not None and has_blocked(reader_id, gift.lender_id))
    is_there = (is_seen and (gift.state == CopyState.RESERVED or not is_apart)) or found.asker_id == reader_id
    return RequestedGift(
        giver_id=reader_id if reader_id == gift.lender_id else gift.giver_id,
        # Who is told of a copy that it was taken off the list learns nothing of a block, or of a circle.
        state=CopyState(gift.state) if is_there else CopyState.WITHDRAWN,
        offered_to=gift.offered_to,
        offer_until=gift.offer_until,
        asker_id=found.asker_id if gift.state == CopyState.RESERVED and is_there else None,
        ended_at=found.ended_at,
        asked_today=found.asked_today,
        away_until=found.away_until,
        is_free=is_free_inside(find_shared(gift, reader_id)),
    )


def ensure_exists_for(gift: Gift | None, reader_id: int) -> Gift:
    """Return a copy, unless there is none for a reader, who has never asked for it and does not see it.

    :raises NotFound: there is none.
    """
    if gift is None or (gift.is_closed and not _knows(gift, reader_id)):
        raise NotFound()
    return gift


def _knows(gift: Gift, reader_id: int) -> bool:
    asked = select(Drift.id).where(Drift.gift_id == gift.id, Drift.asker_id == reader_id).limit(1)
    return sees_listing(reader_id, gift.id) or db.session.scalar(asked) is not None


def list_asker_facts(reader_ids: Collection[int], now: int) -> dict[int, AskerFacts]:
    """Return the facts at `now` (Unix seconds) of those of these readers who have an account."""
    rows = db.session.execute(_ASKER_FACTS, {"readers": sorted(reader_ids), _NOW.key: now})
    return {
        row.id: AskerFacts(
            confirmed=row.confirmed_at is not None,
            beans=row.beans,
            received=row.received,
            under_way=row.under_way,
            given=row.given,
            missing=row.missing,
            missing_givers=row.missing_givers,
            kept=row.kept,
            is_away=row.away_until is not None and now < row.away_until,
            absences=row.absences,
            got_free=row.got_free + row.kept_free,
            gave_free=row.gave_free,
            limited_until=row.limited_until if now < (row.limited_until or 0) else None,
        )
        for row in rows
    }


def get_giver_facts(reader_id: int, now: int) -> GiverFacts:
    """Return the facts at `now` (Unix seconds) that decide whether a giver may accept a request."""
    mine = select(func.count(Drift.id)).where(Drift.giver_id == reader_id)
    arrived = Drift.state == DriftState.RECEIVED
    given = db.session.scalar(mine.where(arrived, Drift.undo_until.is_(None))) or 0
    lately = (Drift.state == DriftState.CANCELLED) & (Drift.state_time > now - CANCELLED_COUNTS)
    can_be_undone = Drift.state.in_(
        (DriftState.RECEIVED, DriftState.LENT, DriftState.PASSED_ON, DriftState.CANCELLED)
    ) & Drift.undo_until.is_not(None)
    is_promised = Drift.state.in_(PROMISED) | can_be_undone | (lately & (Drift.way == Way.POST))
    promised = db.session.scalar(mine.where(is_promised)) or 0
    return GiverFacts(given=given, promised=promised)


def get_asker_facts(reader_id: int, now: int) -> AskerFacts:
    """Return the facts of one reader at `now` (Unix seconds)."""
    return list_asker_facts([reader_id], now)[reader_id]


def _count(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count(_DRIFT.c.id)).where(*conditions).correlate(_USER).scalar_subquery()


def _absent(role: Role) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that this side lately did not come and did not answer; one index finds the state."""
    is_lately = _DRIFT.c.state_time > _NOW - ABSENCES_COUNT
    return _DRIFT.c.state == DriftState.EXPIRED, _DRIFT.c.absent == role, is_lately


def _select_asker_facts() -> Select[Any]:
    received = (_DRIFT.c.state == DriftState.RECEIVED) & _DRIFT.c.undo_until.is_(None)
    missing = _DRIFT.c.state == DriftState.MISSING
    asks, gives = _DRIFT.c.asker_id == _USER.c.id, _DRIFT.c.giver_id == _USER.c.id
    lately = _DRIFT.c.state_time > _NOW - MISSING_COUNTS
    kept = select(func.count(_GIFT.c.id)).join_from(_GIFT, _WISH, _WISH.c.id == _GIFT.c.offered_wish_id)
    kept = kept.where(_WISH.c.user_id == _USER.c.id, _WISH.c.state == WishState.OPEN, _GIFT.c.offer_until > _NOW)
    kept = kept.where(_WISH.c.status == LIVE, _GIFT.c.status == LIVE)
    kept_free = kept.where(is_free_for(_GIFT, _USER.c.id))
    is_free = _DRIFT.c.beans == 0
    givers = select(func.count(_DRIFT.c.giver_id.distinct())).where(asks, missing, lately)
    return select(
        *(_USER.c[name] for name in ("id", "confirmed_at", "beans", "away_until", "limited_until")),
        _count(asks, received).label("received"),
        _count(asks, _is_under_way).label("under_way"),
        _count(gives, received).label("given"),
        _count(asks, missing).label("missing"),
        givers.correlate(_USER).scalar_subquery().label("missing_givers"),
        (_count(asks, *_absent(Role.ASKER)) + _count(gives, *_absent(Role.GIVER))).label("absences"),
        kept.correlate(_USER).scalar_subquery().label("kept"),
        _count(asks, is_free, received | _is_under_way | missing).label("got_free"),
        kept_free.correlate(_USER).scalar_subquery().label("kept_free"),
        _count(gives, is_free, received).label("gave_free"),
    ).where(_USER.c.id.in_(bindparam("readers", expanding=True)), _USER.c.status == LIVE)


def _select_requested() -> Select[Any]:
    asks, to_giver = _DRIFT.c.asker_id == _READER, _DRIFT.c.giver_id == _HOLDER
    ended = select(func.max(_DRIFT.c.state_time)).where(
        asks, _DRIFT.c.gift_id == _COPY, _DRIFT.c.state.in_(CAME_TO_NOTHING), _DRIFT.c.status == LIVE
    )
    today = select(func.count(_DRIFT.c.id)).where(asks, to_giver, _DRIFT.c.create_time > _NOW - DAY)
    asker = select(_DRIFT.c.asker_id).where(_DRIFT.c.open_gift_id == _COPY, _DRIFT.c.status == LIVE)
    away = select(_USER.c.away_until).where(_USER.c.id == _HOLDER, _USER.c.status == LIVE)
    names = {"ended_at": ended, "asked_today": today, "asker_id": asker, "away_until": away}
    columns = (one.scalar_subquery().label(name) for name, one in names.items())
    return select(*columns, are_apart(_READER, _HOLDER).label("is_apart"))


# Built once: building these takes longer than running them.
_ASKER_FACTS, _REQUESTED = _select_asker_facts(), _select_requested()
