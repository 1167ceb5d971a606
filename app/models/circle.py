"""Circles, who belongs to them, how one gets in, and which listings are for them alone."""

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.user import AREA_LENGTH, InvitationLink, exact_text
from app.rules.circle.circle import (
    LONGEST_ABOUT,
    LONGEST_ANNOUNCEMENT,
    LONGEST_DOMAIN,
    LONGEST_NAME,
    LONGEST_REQUEST,
    LONGEST_SLUG,
    CircleState,
    Door,
    MemberRole,
    MemberState,
)
from app.rules.exchange.drift import Way

ALL_WAYS = f"{Way.POST} {Way.MEET} {Way.PLACE}"


class Circle(Base):
    """A circle of readers with a shelf of its own. Times are in Unix seconds."""

    __tablename__ = "circle"
    __table_args__ = (Index("ix_circle_listed", "state", "listed", "area"), Base.__table_args__)

    slug: Mapped[str] = mapped_column(exact_text(LONGEST_SLUG), unique=True)
    """What stands for it in addresses."""
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    about: Mapped[str] = mapped_column(String(LONGEST_ABOUT), default="")
    announcement: Mapped[str] = mapped_column(String(LONGEST_ANNOUNCEMENT), default="")
    area: Mapped[str | None] = mapped_column(exact_text(AREA_LENGTH))
    """The path of its area; None if it has none."""
    door: Mapped[str] = mapped_column(String(6), default=Door.ASK)
    domain: Mapped[str | None] = mapped_column(exact_text(LONGEST_DOMAIN), index=True)
    """Readers whose confirmed mail address ends in it may come in, whatever the door, unless that is closed."""
    listed: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    """Whether strangers find it in the directory."""
    ways: Mapped[str] = mapped_column(String(20), default=ALL_WAYS)
    """How copies may be handed over inside: words of `Way`, with blanks between them."""
    needs_beans: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    """Whether a copy that is for it alone costs a bean."""
    lends: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    """Whether copies may be lent inside."""
    members_invite: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    """Whether each member may invite, or stewards alone."""
    state: Mapped[str] = mapped_column(String(5), default=CircleState.ALIVE)
    feed_number: Mapped[int] = mapped_column(default=0, server_default="0")
    """It grows whenever the secret address of its feed changes."""


class Membership(Base):
    """How a reader stands to a circle since `since`; one row each."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("circle_id", "user_id"),
        Index("ix_membership_of_user", "user_id", "state", "circle_id"),
        Index("ix_membership_of_circle", "circle_id", "state", "role", "since"),
        Base.__table_args__,
    )

    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role: Mapped[str] = mapped_column(String(7), default=MemberRole.MEMBER)
    state: Mapped[str] = mapped_column(String(5), default=MemberState.IN)
    since: Mapped[int] = mapped_column(BigInteger)
    words: Mapped[str] = mapped_column(String(LONGEST_REQUEST), default="")
    """What the reader says when asking to be let in."""
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """Whose invitation it was; None without one, and for a reader without an account any more."""
    steward_asked_at: Mapped[int | None] = mapped_column(BigInteger)
    """When the longest-standing member of a circle without a steward was asked to be it."""


class CircleInvitation(InvitationLink, Base):
    """A link by which readers get into a circle, and strangers into the site as well."""

    __tablename__ = "circle_invitation"

    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id"), index=True)


class GiftCircle(Base):
    """A listing is for this circle; a listing that is closed exists for nobody else."""

    __tablename__ = "gift_circle"
    __table_args__ = (
        UniqueConstraint("gift_id", "circle_id"),
        Index("ix_gift_circle_of_circle", "circle_id", "gift_id"),
        Base.__table_args__,
    )

    gift_id: Mapped[int] = mapped_column(ForeignKey("gift.id"))
    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id"))


class CircleTitle(Base):
    """A book that a circle wants to read by a day. It says nothing about any reader."""

    __tablename__ = "circle_title"
    __table_args__ = (UniqueConstraint("circle_id", "book_id"), Base.__table_args__)

    circle_id: Mapped[int] = mapped_column(ForeignKey("circle.id"))
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id"), index=True)
    wanted_by: Mapped[int] = mapped_column(BigInteger)
    """Noon of the day in UTC, which is the same day for nearly everybody; in Unix seconds."""
