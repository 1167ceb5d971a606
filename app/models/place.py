"""Meeting places: where a giver leaves a book and its asker finds it, and which of them suit a copy."""

from sqlalchemy import Boolean, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.user import AREA_LENGTH, exact_text
from app.rules.exchange.place import LONGEST_FINDING, LONGEST_NAME, LONGEST_OPENING, PlaceKind


class Place(Base):
    """A public place; no coordinate. A closed one is kept, because exchanges name it, and can be opened again."""

    __tablename__ = "place"
    __table_args__ = (UniqueConstraint("area", "name"), Base.__table_args__)

    name: Mapped[str] = mapped_column(exact_text(LONGEST_NAME))
    words: Mapped[str] = mapped_column(String(LONGEST_FINDING), default="")
    """How it is found."""
    opening: Mapped[str] = mapped_column(String(LONGEST_OPENING), default="")
    """When it is open."""
    kind: Mapped[str] = mapped_column(String(10), default=PlaceKind.SHELF)
    area: Mapped[str] = mapped_column(exact_text(AREA_LENGTH), default="")
    """The path of its area; empty if that is not known."""
    closed: Mapped[bool] = mapped_column(Boolean, default=False)


class GiftPlace(Base):
    """A place that suits the giver of a copy."""

    __tablename__ = "gift_place"
    __table_args__ = (UniqueConstraint("gift_id", "place_id"), Base.__table_args__)

    gift_id: Mapped[int] = mapped_column(ForeignKey("gift.id"))
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
