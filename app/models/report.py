"""Reports: what readers ask the people who run the site to look at."""

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
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
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), index=True)
    """What was decided about it; None while it is open."""
