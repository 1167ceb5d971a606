"""Gifts: one row each time that a reader lists a copy, and the wishes for which it has been offered."""

from collections.abc import Iterable

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Computed,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
    false,
    func,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, db
from app.models.book import note_ranked_by
from app.rules.exchange.drift import CopyState, Way
from app.rules.exchange.listing import Condition
from app.rules.exchange.way import LONGEST_WORDS, Terms, in_order

COPY_UNTIL_OVER = "CASE WHEN loan_id IS NULL AND state IN ('open', 'reserved', 'hidden', 'held') THEN copy_id END"


class Gift(Base):
    """A copy that is listed by who holds it. Times are in Unix seconds.

    While the copy is on offer to one reader, `offered_to`, `offered_wish_id` and `offer_until` say to
    whom, for which wish and until when; one copy at a time is offered for a wish.
    """

    __tablename__ = "gift"
    __table_args__ = (
        UniqueConstraint("giver_id", "form_key"),
        Index("ix_gift_newest", "state", "id"),
        Index("ix_gift_newest_public", "is_closed", "state", "id"),
        Index("ix_gift_of_book", "book_id", "state", "id", "is_closed"),
        Index("ix_gift_of_reader", "giver_id", "state", "id"),
        Index("ix_gift_of_reader_and_book", "giver_id", "book_id", "state"),
        Base.__table_args__,
    )

    giver_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id"))
    copy_id: Mapped[int] = mapped_column(ForeignKey("copy.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default=CopyState.OPEN)
    listed_copy_id: Mapped[int | None] = mapped_column(BigInteger, Computed(COPY_UNTIL_OVER), unique=True)
    """The copy, until the listing is over, so that the database allows one listing of each by who holds it."""
    condition: Mapped[str] = mapped_column(String(10), default=Condition.GOOD)
    note: Mapped[str] = mapped_column(String(200), default="")
    ways: Mapped[str] = mapped_column(String(20), default=Way.POST)
    """How it is handed over: words of `Way`, with blanks between them."""
    meeting_words: Mapped[str] = mapped_column(String(LONGEST_WORDS), default="")
    """When and where it suits the giver to meet."""
    lend_days: Mapped[int | None] = mapped_column(SmallInteger)
    """For how many days it is lent; None if it is given for good."""
    goes_on: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    """Whether its borrower may hand it on to the next reader who waits for it."""
    loan_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """The loan of the copy, if its borrower has listed it, so that it goes on to the next reader."""
    lender_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Whose copy it is in that case."""
    is_closed: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    """Whether it is for the circles of `gift_circle` alone, or for everybody."""
    form_key: Mapped[str | None] = mapped_column(String(32))
    """Identifies the form with which it was listed, so that a form sent twice lists one copy."""

    offered_to: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    offered_wish_id: Mapped[int | None] = mapped_column(ForeignKey("wish.id"), unique=True)
    offer_until: Mapped[int | None] = mapped_column(BigInteger, index=True)

    @property
    def terms(self) -> Terms:
        """Return how it is handed over."""
        return Terms(in_order(self.ways.split()), self.meeting_words, lend_days=self.lend_days, goes_on=self.goes_on)

    @classmethod
    def count_open(cls, book_ids: Iterable[int], *which: ColumnElement[bool], **values: int | None) -> dict[int, int]:
        """Return how many copies of each book are to be had; one statement; books without one are left out.

        `which` are conditions on them, `values` their parameters.
        """
        counted = select(cls.book_id, func.count().label("copies"))
        counted = counted.where(cls.book_id.in_(list(book_ids)), cls.state == CopyState.OPEN, *which)
        return {row.book_id: row.copies for row in db.session.execute(counted.group_by(cls.book_id), values)}


class WishOffer(Base):
    """A copy was offered for a wish; it is not offered to the same reader again."""

    __tablename__ = "wish_offer"
    __table_args__ = (UniqueConstraint("gift_id", "wish_id"), Base.__table_args__)

    gift_id: Mapped[int] = mapped_column(ForeignKey("gift.id"))
    wish_id: Mapped[int] = mapped_column(ForeignKey("wish.id"), index=True)
    refused: Mapped[bool] = mapped_column(Boolean, default=False)
    """The reader does not want this edition."""


note_ranked_by(Gift)
