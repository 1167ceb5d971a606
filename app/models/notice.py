"""Notices: what a reader is told on the site, beside the mail about the same event."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, insert
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import LIVE, Base, db


class Notice(Base):
    """One event for one reader. Times are in Unix seconds."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_unseen", "user_id", "seen_time", "show_from"),
        Index("ix_notice_of_reader", "user_id", "show_from"),
        Base.__table_args__,
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[str] = mapped_column(String(30))
    """A word of `MailKind`, or of `CircleNews` behind `circle_`."""
    drift_id: Mapped[int | None] = mapped_column(ForeignKey("drift.id"), index=True)
    gift_id: Mapped[int | None] = mapped_column(ForeignKey("gift.id"), index=True)
    copy_id: Mapped[int | None] = mapped_column(ForeignKey("copy.id"), index=True)
    """A private copy of the reader's that somebody waits for."""
    circle_id: Mapped[int | None] = mapped_column(ForeignKey("circle.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), index=True)
    since: Mapped[int | None] = mapped_column(BigInteger)
    """When the drift entered the state that it is about."""
    show_from: Mapped[int | None] = mapped_column(BigInteger)
    """When its mail is sent, from when on pages show it; None if it was overtaken before."""
    seen_time: Mapped[int | None] = mapped_column(BigInteger)
    """When a page first showed it to the reader."""
    mailed_time: Mapped[int | None] = mapped_column(BigInteger)
    """When it was put into a summary, or its kind changed to a summary after it was mailed at once; set from the
    beginning for what is in no summary."""
    key: Mapped[str] = mapped_column(String(100), unique=True)
    """The key of its mail, which is the same for the same event."""

    @classmethod
    def add_all(cls, notices: Sequence[dict[str, Any]], now: int) -> None:
        """Write notices, each with the same columns, except those whose key exists; inside `auto_commit`."""
        if not notices:
            return
        shared = {"create_time": now, "status": LIVE}
        row = insert(cls).prefix_with("OR IGNORE", dialect="sqlite")
        row = row.prefix_with("IGNORE", dialect="mysql").prefix_with("IGNORE", dialect="mariadb")
        db.session.connection().execute(row, [notice | shared for notice in notices])
