"""The facts that decide whether readers may ask, loaded in one statement for any number of them."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from app.models.base import db
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish
from app.rules.clock import DAY
from app.rules.exchange.asking import ABSENCES_COUNT, MISSING_COUNTS, AskerFacts, RequestedGift
from app.rules.exchange.drift import CAME_TO_NOTHING, PROMISED, UNDER_WAY, CopyState, DriftState, Role, Way
from app.rules.exchange.listing import WishState
from app.rules.exchange.promising import CANCELLED_COUNTS, GiverFacts

_DRIFT = Drift.__table__  # the table, not the class, which would add a condition that is in no index
_can_be_undone = _DRIFT.c.state.not_in(UNDER_WAY) & _DRIFT.c.undo_until.is_not(None)
_is_under_way = _DRIFT.c.state.in_(UNDER_WAY) | _can_be_undone


def find_requested_gift(gift: Gift, reader_id: int, now: int) -> RequestedGift:
    """Return the facts about a copy, and about this reader's earlier requests, that the rules of asking need."""
    asker_id = None
    if gift.state == CopyState.RESERVED:
        asker_id = db.session.scalar(select(Drift.asker_id).where(Drift.open_gift_id == gift.id))
    mine, to_giver = Drift.asker_id == reader_id, _DRIFT.c.giver_id == gift.giver_id
    ended = select(func.max(Drift.state_time)).where(mine, Drift.gift_id == gift.id, Drift.state.in_(CAME_TO_NOTHING))
    today = select(func.count(_DRIFT.c.id)).where(_DRIFT.c.asker_id == reader_id, to_giver)
    today = today.where(_DRIFT.c.create_time > now - DAY)
    return RequestedGift(
        giver_id=gift.giver_id,
        state=CopyState(gift.state),
        offered_to=gift.offered_to,
        offer_until=gift.offer_until,
        asker_id=asker_id,
        ended_at=db.session.scalar(ended),
        asked_today=db.session.scalar(today) or 0,
        away_until=db.session.scalar(select(User.away_until).where(User.id == gift.giver_id)),
    )


def _count(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count(_DRIFT.c.id)).where(*conditions).correlate(User).scalar_subquery()


def _absent(role: Role, now: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that this side lately did not come and did not answer; one index finds the state."""
    is_lately = _DRIFT.c.state_time > now - ABSENCES_COUNT
    return _DRIFT.c.state == DriftState.EXPIRED, _DRIFT.c.absent == role, is_lately


def list_asker_facts(reader_ids: Collection[int], now: int) -> dict[int, AskerFacts]:
    """Return the facts at `now` (Unix seconds) of those of these readers who have an account."""
    received = (_DRIFT.c.state == DriftState.RECEIVED) & _DRIFT.c.undo_until.is_(None)
    missing = _DRIFT.c.state == DriftState.MISSING
    asks, gives = _DRIFT.c.asker_id == User.id, _DRIFT.c.giver_id == User.id
    lately = _DRIFT.c.state_time > now - MISSING_COUNTS
    kept = select(func.count(Gift.id)).join(Wish, Wish.id == Gift.offered_wish_id)
    kept = kept.where(Wish.user_id == User.id, Wish.state == WishState.OPEN, Gift.offer_until > now)
    givers = select(func.count(_DRIFT.c.giver_id.distinct())).where(asks, missing, lately)
    rows = db.session.execute(
        select(
            User.id,
            User.confirmed_at,
            User.beans,
            User.away_until,
            _count(asks, received).label("received"),
            _count(asks, _is_under_way).label("under_way"),
            _count(gives, received).label("given"),
            _count(asks, missing).label("missing"),
            givers.correlate(User).scalar_subquery().label("missing_givers"),
            (_count(asks, *_absent(Role.ASKER, now)) + _count(gives, *_absent(Role.GIVER, now))).label("absences"),
            kept.correlate(User).scalar_subquery().label("kept"),
        ).where(User.id.in_(reader_ids))
    )
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
        )
        for row in rows
    }


def get_giver_facts(reader_id: int, now: int) -> GiverFacts:
    """Return the facts at `now` (Unix seconds) that decide whether a giver may accept a request."""
    mine = select(func.count(Drift.id)).where(Drift.giver_id == reader_id)
    arrived = Drift.state == DriftState.RECEIVED
    given = db.session.scalar(mine.where(arrived, Drift.undo_until.is_(None))) or 0
    lately = (Drift.state == DriftState.CANCELLED) & (Drift.state_time > now - CANCELLED_COUNTS)
    can_be_undone = Drift.state.in_((DriftState.RECEIVED, DriftState.CANCELLED)) & Drift.undo_until.is_not(None)
    is_promised = Drift.state.in_(PROMISED) | can_be_undone | (lately & (Drift.way == Way.POST))
    promised = db.session.scalar(mine.where(is_promised)) or 0
    return GiverFacts(given=given, promised=promised)


def get_asker_facts(reader_id: int, now: int) -> AskerFacts:
    """Return the facts of one reader at `now` (Unix seconds)."""
    return list_asker_facts([reader_id], now)[reader_id]
