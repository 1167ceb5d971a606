"""The ledger of beans, which is append-only, what the pool holds, and what is kept of the economy for each day."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.models.base import Base


class BeanTransfer(Base):
    """`amount` beans went from the account `source` to the account `target` at `create_time`.

    Accounts: `reader:<id>`, `escrow`, `mint`, `pool`. The key is unique per event.
    """

    __tablename__ = "bean_transfer"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        # Covering indexes for the sums of audits and ledger pages, which then read no rows.
        Index("ix_bean_transfer_out_of", "source", "id", "amount"),
        Index("ix_bean_transfer_into", "target", "id", "amount"),
        Index("ix_bean_transfer_of_drift", "drift_id", "source", "target", "amount"),
        Base.__table_args__,
    )

    source: Mapped[str] = mapped_column(String(32))
    target: Mapped[str] = mapped_column(String(32))
    amount: Mapped[int]
    reason: Mapped[str] = mapped_column(String(20))
    drift_id: Mapped[int | None] = mapped_column(ForeignKey("drift.id"))
    key: Mapped[str] = mapped_column(String(80), unique=True)


class BeanPool(Base):
    """The one row with the balance of the account `pool`, which changes only together with a bean transfer."""

    __tablename__ = "bean_pool"
    __table_args__ = (CheckConstraint("beans >= 0", name="beans_not_negative"), Base.__table_args__)

    beans: Mapped[int] = mapped_column(default=0)


@event.listens_for(BeanTransfer, "before_update")
@event.listens_for(BeanTransfer, "before_delete")
def _refuse_change(_mapper: Mapper[Any], _connection: Connection, transfer: BeanTransfer) -> None:
    raise TypeError(f"bean transfer {transfer.id} is history and can not be changed")


class RefusedAsk(Base):
    """How many requests were refused for one reason on one day; days are counted from the first of 1970, in UTC."""

    __tablename__ = "refused_ask"
    __table_args__ = (UniqueConstraint("day", "reason"), Base.__table_args__)

    day: Mapped[int]
    reason: Mapped[str] = mapped_column(String(40))
    """The code of the refusal."""
    count: Mapped[int]


class EconomyDay(Base):
    """The report on the economy as it was on one day, counted in the same way."""

    __tablename__ = "economy_day"

    day: Mapped[int] = mapped_column(unique=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
