"""Reports: what readers ask the people who run the site to look at; and holds, which the site itself asks them."""

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Report(Base):
    """A report of something, made at `create_time`."""

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("kind", "ref", "reporter_id"), Base.__table_args__)

    kind: Mapped[str] = mapped_column(String(20))
    ref: Mapped[int] = mapped_column(BigInteger)
    """The id of what is reported, in the table that `kind` says."""
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """None for a reader who has left."""
    about_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """The reader whose it is; None for a book."""
    reason: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    """What the reporter says about it, encrypted."""
    copied: Mapped[str] = mapped_column(Text)
    """What is reported, encrypted, because it may be erased before somebody looks."""
    is_late: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    """It waits behind others, because its reader reports so much."""
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), index=True)
    """What was decided about it; None while it is open."""


class Hold(Base):
    """Something that a rule of the site shows to nobody until somebody has looked at it; held at `create_time`."""

    __tablename__ = "hold"
    __table_args__ = (Index("ix_hold_kind_ref", "kind", "ref"), Base.__table_args__)

    kind: Mapped[str] = mapped_column(String(20))
    ref: Mapped[int] = mapped_column(BigInteger)
    """The id of what is held, in the table that `kind` says."""
    about_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    """The reader whose it is."""
    reason: Mapped[str] = mapped_column(String(20))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), index=True)
    """What was decided about it; None while it waits."""
