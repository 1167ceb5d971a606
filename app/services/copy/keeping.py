"""Putting copies on a reader's shelf, finding them there, and handing them on. Times are in Unix seconds."""

from collections.abc import Collection, Sequence
from typing import cast

from sqlalchemy import ColumnElement, Table, bindparam, func, select, update

from app.models.base import db
from app.models.book import Book
from app.models.copy import Copy, Whereabouts
from app.models.drift import Drift
from app.models.gift import Gift
from app.rules.exchange.drift import DriftState
from app.rules.exchange.listing import Condition
from app.rules.exchange.shelf import ensure_has_room
from app.rules.shelf.asking import Answer
from app.services.copy.questions import note_answer, queue_holder
from app.services.copy.stations import write_stations
from app.services.errors import NotFound
from app.services.transaction import transaction

_COPY = cast("Table", Copy.__table__)
_LISTING = cast("Table", Gift.__table__).alias("listing")
WITH_NOBODY = {"holder_id": None, "state": Whereabouts.GONE}


def is_listed(copy_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that a copy is listed, and the listing is not over."""
    return select(_LISTING.c.id).where(_LISTING.c.listed_copy_id == copy_id).exists()


@transaction
def keep_copy(holder_id: int, book_id: int, now: int, condition: Condition = Condition.GOOD) -> int:
    """Put a private copy of a book on a reader's shelf and return its id.

    :raises NotFound: there is no such book.
    :raises ShelfFull: the reader holds as many copies as is allowed.
    """
    if Book.find_by_id(book_id) is None:
        raise NotFound()
    return add_private(holder_id, book_id, condition, now).id


def add_private(holder_id: int, book_id: int, condition: Condition, now: int) -> Copy:
    """Put a private copy on a reader's shelf, for which they may be asked; inside a transaction.

    :raises ShelfFull: the reader holds as many copies as is allowed.
    """
    queue_holder(holder_id, now)
    return add_copy(holder_id, book_id, condition, now)


def add_copy(holder_id: int, book_id: int, condition: Condition, now: int) -> Copy:
    """Put a copy on a reader's shelf; inside a transaction.

    :raises ShelfFull: the reader holds as many copies as is allowed.
    """
    ensure_shelf_has_room(holder_id)
    copy = Copy(book_id=book_id, holder_id=holder_id, since=now, condition=condition, create_time=now)
    db.session.add(copy)
    db.session.flush()
    return copy


def ensure_shelf_has_room(holder_id: int) -> None:
    """Raise `ShelfFull` if a reader holds as many copies as is allowed."""
    held = select(func.count()).select_from(_COPY).where(_COPY.c.holder_id == holder_id)
    ensure_has_room(db.session.scalar(held) or 0)


def take_to_list(holder_id: int, book_id: int, condition: Condition, now: int, copy_id: int | None = None) -> Copy:
    """Return the copy to list: the one named, else one of the book that lies private on the shelf, else a new one.

    Inside a transaction that has locked its holder.

    :raises NotFound: the reader does not hold the copy named, or it is listed.
    :raises ShelfFull: the reader holds as many copies as is allowed.
    """
    private = select(Copy).where(Copy.holder_id == holder_id, Copy.book_id == book_id, ~is_listed(_COPY.c.id))
    if copy_id is not None:
        private = private.where(Copy.id == copy_id)
    copy = db.session.scalar(private.order_by(Copy.id).limit(1).with_for_update())
    if copy is None:
        if copy_id is not None:
            raise NotFound()
        return add_copy(holder_id, book_id, condition, now)
    copy.condition = condition
    note_answer(copy.id, holder_id, Answer.LISTED)
    return copy


def find_own_copy(holder_id: int, copy_id: int) -> Copy:
    """Lock a copy on a reader's shelf and return it; raises `NotFound` if the reader holds no such copy."""
    copy = db.session.scalar(select(Copy).where(Copy.id == copy_id, Copy.holder_id == holder_id).with_for_update())
    if copy is None:
        raise NotFound()
    return copy


def hand_on(drifts: Sequence[Drift], state: DriftState, present: Collection[int]) -> None:
    """Note that the copies of these drifts have got to their askers, or were lost; inside a transaction."""
    listed = select(Gift.copy_id).where(Gift.id == bindparam("gift")).scalar_subquery()
    since = select(Drift.state_time).where(Drift.id == bindparam("drift")).scalar_subquery()
    move = update(_COPY).where(_COPY.c.id == listed)
    move = move.values(holder_id=bindparam("holder"), state=bindparam("now_is"), since=since)
    rows = [{"gift": drift.gift_id, "drift": drift.id, **_whereabouts(drift, state, present)} for drift in drifts]
    db.session.connection().execute(move, rows)
    if state is DriftState.RECEIVED:
        write_stations(drifts, present)


def _whereabouts(drift: Drift, state: DriftState, present: Collection[int]) -> dict[str, object]:
    if state in (DriftState.MISSING, DriftState.LOST):
        return {"holder": None, "now_is": Whereabouts.LOST}
    if drift.asker_id not in present:
        return {"holder": None, "now_is": Whereabouts.GONE}
    return {"holder": drift.asker_id, "now_is": Whereabouts.KEPT}


def drop_copies_of(holder_id: int, now: int) -> None:
    """Take all copies off the shelf of a reader who leaves; inside a transaction."""
    db.session.execute(update(Copy).where(Copy.holder_id == holder_id).values(**WITH_NOBODY, since=now))
