"""Stations of copies that travelled before stations were written, and of those that were lent.

They say the month and no more: nobody has agreed to more, and everybody can at `/my/journeys`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0129"
down_revision = "0125"

AT_ONCE = 1_000
STATION_COLUMNS = ("copy_id", "drift_id", "reader_id", "month", "shows_name", "create_time", "status")
STATION = sa.table("station", *map(sa.column, STATION_COLUMNS))
DRIFT = sa.table(
    "drift",
    *map(sa.column, ("id", "gift_id", "asker_id", "giver_id", "state", "state_time", "undo_until", "lent_until")),
)
EVENT = sa.table("drift_event", *map(sa.column, ("drift_id", "from_state", "to_state", "create_time")))
GIFT = sa.table("gift", *map(sa.column, ("id", "copy_id", "create_time")))
USER = sa.table("user", *map(sa.column, ("id", "status")))

Row = dict[str, Any]


def upgrade() -> None:
    connection = op.get_bind()
    rows = list(_missing(connection))
    for start in range(0, len(rows), AT_ONCE):
        connection.execute(STATION.insert(), rows[start : start + AT_ONCE])


def _missing(connection: sa.Connection) -> Iterator[Row]:
    """Yield the stations of arrivals that have none, and before the first of a copy that of who gave it."""
    present = set(connection.scalars(sa.select(USER.c.id).where(USER.c.status == 1)))
    known = connection.execute(sa.select(STATION.c.copy_id, STATION.c.drift_id, STATION.c.reader_id)).all()
    written = {drift_id for _, drift_id, _ in known}
    were_there = {(copy_id, reader_id) for copy_id, _, reader_id in known}
    for drift_id, copy_id, giver, asker, listed, arrived in connection.execute(_arrivals()).all():
        if drift_id not in written:
            if (copy_id, giver) not in were_there:
                yield _station(copy_id, None, giver if giver in present else None, listed)
            yield _station(copy_id, drift_id, asker if asker in present else None, arrived)
        were_there |= {(copy_id, giver), (copy_id, asker)}


def _arrivals() -> sa.Select[tuple[Any, ...]]:
    """Return the exchanges whose books have arrived for certain, in the order in which they did."""
    lent = sa.select(sa.func.max(EVENT.c.create_time)).where(
        EVENT.c.drift_id == DRIFT.c.id, EVENT.c.to_state == "lent", EVENT.c.from_state.not_in(("lent", "given_back"))
    )
    was_lent = DRIFT.c.lent_until.is_not(None)
    arrived = sa.func.coalesce(sa.case((was_lent, lent.scalar_subquery())), DRIFT.c.state_time).label("arrived")
    may_be_undone = DRIFT.c.undo_until.is_not(None) & DRIFT.c.state.in_(("received", "lent"))
    return (
        sa.select(
            DRIFT.c.id, GIFT.c.copy_id, DRIFT.c.giver_id, DRIFT.c.asker_id, GIFT.c.create_time.label("listed"), arrived
        )
        .join_from(DRIFT, GIFT, GIFT.c.id == DRIFT.c.gift_id)
        .where(was_lent | (DRIFT.c.state == "received"), ~may_be_undone)
        .order_by(arrived, DRIFT.c.id)
    )


def _station(copy_id: int, drift_id: int | None, reader_id: int | None, time: int) -> Row:
    month = datetime.fromtimestamp(time, UTC).strftime("%Y-%m")
    values = (copy_id, drift_id, reader_id, month, False, time, 1)
    return dict(zip(STATION_COLUMNS, values, strict=True))


def downgrade() -> None:
    """Leave the stations: the table was there before, and nobody can tell them from others."""
