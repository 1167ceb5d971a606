"""The ledger of beans: append-only."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.models.base import Base


class BeanTransfer(Base):
    """`amount` beans went from the account `source` to the account `target` at `create_time`.

    Accounts: `reader:<id>`, `escrow`, `mint`. The key is unique per event.
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


@event.listens_for(BeanTransfer, "before_update")
@event.listens_for(BeanTransfer, "before_delete")
def _refuse_change(_mapper: Mapper[Any], _connection: Connection, transfer: BeanTransfer) -> None:
    raise TypeError(f"bean transfer {transfer.id} is history and can not be changed")
