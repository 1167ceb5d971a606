"""Copies: the books on paper, who holds them, the marks by which they are found again, and who was asked for them."""

from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.rules.exchange.listing import Condition
from app.rules.shelf.asking import Answer


class Whereabouts(StrEnum):
    """Where a copy is, as far as the site knows."""

    KEPT = "kept"
    """With its holder."""
    FREE = "free"
    """Left in a public place for whoever finds it."""
    LOST = "lost"
    """It was sent and did not arrive."""
    GONE = "gone"
    """Its holder has taken it off the shelf, or has left."""


class Copy(Base):
    """A book on paper. Times are in Unix seconds.

    Each time that it is listed is a row of `gift`, of which one at most is not over; a copy that is
    not listed is private.
    """

    __tablename__ = "copy"
    __table_args__ = (
        Index("ix_copy_of_holder", "holder_id", "id"),
        Index("ix_copy_of_book", "book_id", "holder_id"),
        Base.__table_args__,
    )

    book_id: Mapped[int] = mapped_column(ForeignKey("book.id"))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Who has it; None unless it is kept."""
    state: Mapped[str] = mapped_column(String(5), default=Whereabouts.KEPT)
    since: Mapped[int] = mapped_column(BigInteger)
    """Since when it is where it is."""
    condition: Mapped[str] = mapped_column(String(10), default=Condition.GOOD)
    """How worn it was when its holder last said so."""
    mark: Mapped[str | None] = mapped_column(String(8), unique=True)
    """What is printed on its label; made when the label is first asked for."""
    left_at: Mapped[str] = mapped_column(String(100), default="", server_default="")
    """Where it was left for whoever finds it, in the words of who left it."""
    freed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """Who left it there; None unless it is free, and for a reader without an account any more."""


class CopyQuestion(Base):
    """The holder of a private copy was asked at `create_time` whether they would part with it. Times are Unix seconds.

    Nobody else learns of it. A holder is asked once about a copy, for whomever it may be.
    """

    __tablename__ = "copy_question"
    __table_args__ = (
        UniqueConstraint("copy_id", "holder_id"),
        Index("ix_copy_question_of_holder", "holder_id", "create_time"),
        Index("ix_copy_question_of_wish", "wish_id", "create_time"),
        Base.__table_args__,
    )

    copy_id: Mapped[int] = mapped_column(ForeignKey("copy.id"))
    holder_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    wish_id: Mapped[int] = mapped_column(ForeignKey("wish.id"))
    """The wish that had waited longest; no page shows whose it is."""
    answer: Mapped[str] = mapped_column(String(6), default=Answer.NONE)
    mail_time: Mapped[int] = mapped_column(BigInteger)
    """When the mail is sent that tells of it, and of all others of the holder's with the same time."""
