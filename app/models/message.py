"""Messages: what the two sides of a drift write to each other; and lines of thanks, for others to read."""

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Message(Base):
    """A message of one side of a drift. Times are in Unix seconds."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("drift_id", "author_id", "form_key"),
        Index("ix_message_unread", "reader_id", "read_time"),
        Base.__table_args__,
    )

    drift_id: Mapped[int] = mapped_column(ForeignKey("drift.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    reader_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    """The other side."""
    sealed: Mapped[str] = mapped_column(Text)
    """What was written, or the key of the quick phrase that was chosen, encrypted."""
    is_phrase: Mapped[bool] = mapped_column(default=False)
    read_time: Mapped[int | None] = mapped_column(BigInteger)
    """When a page first showed it to the other side."""
    withheld: Mapped[str] = mapped_column(String(10), default="", server_default="")
    """Why only its author sees it, a word of `Withheld`; empty for one that both sides see."""
    erase_time: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """Until when it is kept if it is hidden from both sides; None for one that is shown."""
    form_key: Mapped[str | None] = mapped_column(String(64))
    """Identifies the form and what was written in it, so that a form sent twice is one message."""


class Thanks(Base):
    """A line of thanks for one book. Times are in Unix seconds; one that the desk has hidden is `DELETED`."""

    __tablename__ = "thanks"
    __table_args__ = (Index("ix_thanks_shown", "reader_id", "shown_time"), Base.__table_args__)

    drift_id: Mapped[int] = mapped_column(ForeignKey("drift.id"), unique=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    reader_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    """The giver of the book."""
    words: Mapped[str] = mapped_column(String(200))
    shown_time: Mapped[int | None] = mapped_column(BigInteger)
    """Since when it stands on the giver's page; None as long as the giver does not want that."""
