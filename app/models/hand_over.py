"""The codes with which askers show that a book has been handed over to them in person."""

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.encrypted import Encrypted


class HandOver(Base):
    """The code of a drift, from its acceptance until it ends. Times are in Unix seconds."""

    __tablename__ = "hand_over"

    drift_id: Mapped[int] = mapped_column(ForeignKey("drift.id"), unique=True)
    code: Mapped[str] = mapped_column(Encrypted)
    wrong_tries: Mapped[int] = mapped_column(default=0)
    """Since the last rest."""
    rest_until: Mapped[int | None] = mapped_column(BigInteger)
    """Until when no code is accepted."""
