"""Mailboxes of accounts that were closed recently."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class ClosedMailbox(Base):
    """The keyed hash of a mailbox, erased at `forget_time` (Unix seconds); it cannot be traced to the reader."""

    __tablename__ = "closed_mailbox"

    hash: Mapped[str] = mapped_column(String(64), unique=True)
    forget_time: Mapped[int] = mapped_column(BigInteger, index=True)
