"""Impossible times: past events dated in the future, because a machine's clock was wrong."""

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.models.base import db
from app.models.bean import BeanTransfer
from app.models.drift import Drift, DriftEvent
from app.models.gift import Gift
from app.models.message import Message
from app.models.user import User
from app.models.wish import Wish

CLOCKS_DIFFER = 300
"""Seconds by which the clocks of two well-kept machines may differ."""
DONE: tuple[InstrumentedAttribute[int] | InstrumentedAttribute[int | None], ...] = (
    User.create_time, User.confirmed_at, Gift.create_time, Wish.create_time, Wish.end_time, Drift.create_time,
    Drift.state_time, DriftEvent.create_time, BeanTransfer.create_time, Message.create_time, Message.read_time,
)  # fmt: skip
"""The columns that record past events of the exchange; deadlines may of course be in the future."""


def find_future_times(now: int) -> list[str]:
    """Return a line for each column that contains times in the future, with their number and the first row."""
    lines = []
    for column in DONE:
        future = select(func.count(), func.min(column.class_.id)).where(column > now + CLOCKS_DIFFER)
        count, first = db.session.execute(future.execution_options(include_deleted=True)).one()
        if count:
            lines.append(f"{column.class_.__tablename__}.{column.key}: {count} in the future, the first in row {first}")
    return lines
