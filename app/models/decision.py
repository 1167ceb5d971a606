"""Decisions of the desk, to which rows are only ever added, and appeals against them. Times are in Unix seconds."""

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Decision(Base):
    """What was decided about something at `create_time`, and why."""

    __tablename__ = "decision"
    __table_args__ = (Index("ix_decision_kind_ref", "kind", "ref"), Base.__table_args__)

    kind: Mapped[str] = mapped_column(String(20))
    ref: Mapped[int] = mapped_column(BigInteger)
    """The id of what it is about, in the table that `kind` says."""
    about_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """The reader whose it is."""
    act: Mapped[str] = mapped_column(String(10))
    until: Mapped[int | None] = mapped_column(BigInteger)
    """When the restriction of the reader ends; None if there is none."""
    ground: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    """What whoever decided says about it, encrypted."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """None for a decision that was made on the command line."""
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), unique=True)
    """The earlier decision that this one takes back."""


class Appeal(Base):
    """The one appeal against a decision, made at `create_time`."""

    __tablename__ = "appeal"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), unique=True)
    reader_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    """Why the reader thinks that it is wrong, encrypted."""
    answer: Mapped[str | None] = mapped_column(Text)
    """What the desk answers, encrypted; None until it has."""
    answer_time: Mapped[int | None] = mapped_column(BigInteger, index=True)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class Complaint(Base):
    """What who received a book says is not as described about it, at `create_time`."""

    __tablename__ = "complaint"
    __table_args__ = (
        Index("ix_complaint_about", "about_id", "author_id"),
        Index("ix_complaint_state", "state", "id"),
        Base.__table_args__,
    )

    drift_id: Mapped[int] = mapped_column(ForeignKey("drift.id"), unique=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    about_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    """The giver of the book."""
    fault: Mapped[str] = mapped_column(String(10))
    words: Mapped[str | None] = mapped_column(Text)
    """What the author says, encrypted; None once it is erased."""
    answer: Mapped[str | None] = mapped_column(Text)
    """What the giver says, encrypted."""
    state: Mapped[str] = mapped_column(String(10))
    state_time: Mapped[int] = mapped_column(BigInteger)
    due_time: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """When the clock next acts: the time to answer is over, or the words are erased."""
