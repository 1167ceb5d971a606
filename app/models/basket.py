"""Baskets: the books that readers bring along, many at once."""

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.book import Names
from app.rules.shelf.basket import Done, LineState, Plan


class BasketLine(Base):
    """A book in the basket of a reader, as a list named it; the line goes when the reader's word is done."""

    __tablename__ = "basket_line"
    __table_args__ = (
        UniqueConstraint("reader_id", "line_key"),
        Index("ix_basket_line_of_reader", "reader_id", "state", "id"),
        Base.__table_args__,
    )

    reader_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    line_key: Mapped[str] = mapped_column(String(40))
    """The same for the same book on every list, so that a list that is brought twice adds nothing."""
    isbn: Mapped[str | None] = mapped_column(String(13))
    """13 digits with a right check digit."""
    said: Mapped[str] = mapped_column(String(80), default="")
    """What stands in the list in the place of a number."""
    title: Mapped[str] = mapped_column(Text, default="")
    authors: Mapped[tuple[str, ...]] = mapped_column(Names, default=())
    year: Mapped[int | None]
    book_id: Mapped[int | None] = mapped_column(ForeignKey("book.id"), index=True)
    candidates: Mapped[list[int]] = mapped_column(JSON, default=list)
    """The ids of the books that may be meant, the likeliest first."""
    state: Mapped[str] = mapped_column(String(8), default=LineState.LOOKING)
    reason: Mapped[str] = mapped_column(String(20), default="")
    """A `Fault` or a `Missing`, where no book is found."""
    intent: Mapped[str] = mapped_column(String(8), default=Plan.OPEN)
    """A `Plan`."""
    condition: Mapped[str] = mapped_column(String(10), default="")
    """A `Condition`; empty where that of all lines counts."""


class BroughtRow(Base):
    """A row of a list that a reader brought at `create_time` (Unix seconds), kept for the report of what became of it.

    What is still in the basket says there how it stands.
    """

    __tablename__ = "brought_row"
    __table_args__ = (
        UniqueConstraint("reader_id", "line_key"),
        Index("ix_brought_row_create_time", "create_time"),
        Base.__table_args__,
    )

    reader_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    line_key: Mapped[str] = mapped_column(String(40))
    """That of the line in the basket."""
    number: Mapped[int]
    """The line in the list, from 1."""
    isbn: Mapped[str | None] = mapped_column(String(13))
    said: Mapped[str] = mapped_column(String(80), default="")
    title: Mapped[str] = mapped_column(Text, default="")
    authors: Mapped[tuple[str, ...]] = mapped_column(Names, default=())
    done: Mapped[str] = mapped_column(String(8), default=Done.NOT_YET)
    """A `Done`."""
