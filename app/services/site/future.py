"""Times that cannot be: what is noted as done, but later than now. A clock was wrong when it was written."""

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.models.base import db
from app.models.bean import BeanTransfer
from app.models.drift import Drift, DriftEvent
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish

CLOCKS_DIFFER = 300
"""Seconds by which the clocks of two good machines may differ."""
DONE: tuple[InstrumentedAttribute[int] | InstrumentedAttribute[int | None], ...] = (
    User.create_time, User.confirmed_at, Gift.create_time, Wish.create_time, Drift.create_time, Drift.state_time,
    DriftEvent.create_time, BeanTransfer.create_time,
)  # fmt: skip
"""When something was done in the exchange; what is due lies in the future rightly."""


def find_future_times(now: int) -> list[str]:
    """Return the columns that hold times in the future, one line each, with how many and the first row."""
    lines = []
    for column in DONE:
        future = select(func.count(), func.min(column.class_.id)).where(column > now + CLOCKS_DIFFER)
        count, first = db.session.execute(future.execution_options(include_deleted=True)).one()
        if count:
            lines.append(f"{column.class_.__tablename__}.{column.key}: {count} in the future, the first in row {first}")
    return lines
