"""Postal addresses that readers keep for their next request."""

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Address(Base):
    """Recipient, phone and address of a reader, encrypted."""

    __tablename__ = "address"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    sealed: Mapped[str] = mapped_column(Text)
