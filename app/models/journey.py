"""Journeys: where copies were, what is said of them on the way, and marks that are printed before they are used."""

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.user import AREA_LENGTH
from app.rules.journey.telling import LineState


class Station(Base):
    """A copy was with somebody from some month on; it says no more of them than they agreed to.

    `create_time` is when it got there, by which stations are in order; no page shows more of it than the month.
    """

    __tablename__ = "station"
    __table_args__ = (
        UniqueConstraint("copy_id", "drift_id", "reader_id"),
        Index("ix_station_of_reader", "reader_id", "copy_id"),
        Base.__table_args__,
    )

    copy_id: Mapped[int] = mapped_column(ForeignKey("copy.id"))
    drift_id: Mapped[int | None] = mapped_column(ForeignKey("drift.id"), index=True)
    """The exchange that brought the copy there; None for who listed it first, and for who found it."""
    reader_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """None for a reader who has left."""
    area: Mapped[str | None] = mapped_column(String(AREA_LENGTH))
    """A city or something larger, as a path; None if the reader does not want it to be said."""
    month: Mapped[str | None] = mapped_column(String(7))
    """The month as `2027-01`, in UTC; None while the receipt can still be undone, so that nobody sees the station."""
    shows_name: Mapped[bool] = mapped_column(default=False)


IN_ORDER = Station.create_time, Station.drift_id, Station.id
"""The order of stations; of two in one second, who gave the copy away comes before who received it."""


class JournalLine(Base):
    """A line about a copy, written at `create_time` on its page; one that the desk has hidden is `DELETED`."""

    __tablename__ = "journal_line"
    __table_args__ = (Index("ix_journal_line_of_copy", "copy_id", "state"), Base.__table_args__)

    copy_id: Mapped[int] = mapped_column(ForeignKey("copy.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """None for somebody without an account."""
    words: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(6), default=LineState.HELD, index=True)


class BlankMark(Base):
    """A mark on a label that a reader has printed before it belongs to a copy."""

    __tablename__ = "blank_mark"
    __table_args__ = (Index("ix_blank_mark_of_reader", "reader_id", "create_time"), Base.__table_args__)

    mark: Mapped[str] = mapped_column(String(8), unique=True)
    reader_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    copy_id: Mapped[int | None] = mapped_column(ForeignKey("copy.id"), index=True)
    """The copy that it was stuck on; None until then."""


class SharedYear(Base):
    """A reader's year in books that has, or had, an address for others."""

    __tablename__ = "shared_year"
    __table_args__ = (UniqueConstraint("reader_id", "year"), Base.__table_args__)

    reader_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    year: Mapped[int]
    number: Mapped[int] = mapped_column(BigInteger, default=1)
    """Odd while it is shared; it only grows, so that no address comes back."""
