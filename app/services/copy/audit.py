"""Proving that copies are with who holds, lists or lends them; the database finds what is wrong."""

from collections.abc import Iterator
from typing import Any, cast

from sqlalchemy import Select, Table, func, or_, select

from app.models.base import LIVE, db
from app.models.copy import Copy, Whereabouts
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.rules.exchange.drift import ON_LOAN
from app.rules.exchange.listing import NOT_OVER

STREAMED = 1_000
_COPY, _GIFT, _DRIFT, _USER = (cast("Table", table.__table__) for table in (Copy, Gift, Drift, User))


def find_copy_faults() -> Iterator[tuple[str, str]]:
    """Yield each fault, as its kind and a line about it: four statements, in little memory."""
    for listing, copy, giver, holder in _read(_LISTINGS):
        line = f"listing {listing} of reader {giver} is of copy {copy}, with {_who(holder)}"
        yield "listings of others' copies", line
    for copy, state, holder in _read(_WHEREABOUTS):
        yield "misplaced copies", f"copy {copy} is {state} but with {_who(holder)}"
    for copy, listings in _read(_LISTED_TWICE):
        yield "copies listed twice", f"copy {copy} has {listings} listings that are not over"
    for drift, state in _read(_LOANS):
        yield "loans without an end", f"drift {drift} is {state} until no day"


def _read(statement: Select[Any]) -> Iterator[Any]:
    return iter(db.session.execute(statement.execution_options(yield_per=STREAMED)))


def _who(reader_id: int | None) -> str:
    return "nobody" if reader_id is None else f"reader {reader_id}"


_is_listed = _GIFT.c.state.in_(NOT_OVER)
_LISTINGS = (
    select(_GIFT.c.id, _GIFT.c.copy_id, _GIFT.c.giver_id, _COPY.c.holder_id)
    .join(_COPY, _COPY.c.id == _GIFT.c.copy_id)
    # What a borrower hands on is its lender's.
    .outerjoin(_USER, (_USER.c.id == func.coalesce(_GIFT.c.lender_id, _GIFT.c.giver_id)) & (_USER.c.status == LIVE))
    # A book that is on its way when its giver leaves is with nobody until it arrives.
    .where(_is_listed, func.coalesce(_COPY.c.holder_id, 0) != func.coalesce(_USER.c.id, 0))
    .order_by(_GIFT.c.id)
)
_is_kept = _COPY.c.state == Whereabouts.KEPT
_WHEREABOUTS = (
    select(_COPY.c.id, _COPY.c.state, _COPY.c.holder_id)
    .where(or_(_is_kept & _COPY.c.holder_id.is_(None), ~_is_kept & _COPY.c.holder_id.is_not(None)))
    .order_by(_COPY.c.id)
)
_LISTED_TWICE = (
    select(_GIFT.c.copy_id, func.count())
    .where(_is_listed, _GIFT.c.loan_id.is_(None))
    .group_by(_GIFT.c.copy_id)
    .having(func.count() > 1)
    .order_by(_GIFT.c.copy_id)
)
_LOANS = (
    select(_DRIFT.c.id, _DRIFT.c.state)
    .where(_DRIFT.c.state.in_(ON_LOAN), _DRIFT.c.lent_until.is_(None))
    .order_by(_DRIFT.c.id)
)
