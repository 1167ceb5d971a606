"""Wishes: which reader waits for which work, or for which edition of it."""

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.book import note_ranked_by
from app.rules.exchange.listing import WishState
from app.rules.exchange.wish_scope import WishScope


class Wish(Base):
    """A reader has been waiting for a book since `create_time`."""

    __tablename__ = "wish"
    __table_args__ = (
        Index("ix_wish_of_book", "book_id", "state", "create_time"),
        Index("ix_wish_of_reader", "user_id", "state", "id"),
        Base.__table_args__,
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id"))
    scope: Mapped[str] = mapped_column(String(16), default=WishScope.THIS_EDITION)
    """Which editions of the work grant it."""
    state: Mapped[str] = mapped_column(String(10), default=WishState.OPEN)
    open_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    """Set while the wish is open, so that the database allows one open wish per reader and book."""

    end_time: Mapped[int | None] = mapped_column(BigInteger)
    """When its reader took it off the list, in Unix seconds."""

    @staticmethod
    def key_of(user_id: int, book_id: int) -> str:
        """Return the `open_key` of a reader's wish for a book."""
        return f"{user_id}:{book_id}"


note_ranked_by(Wish)
