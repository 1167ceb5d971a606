"""What people have decided about works: the log of joining and splitting, kept for ever."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class ActKind(StrEnum):
    """What was done."""

    JOIN = "join"
    SPLIT = "split"


class WorkAct(Base):
    """Somebody joined the work `other_id` to `work_id`, or split editions off `work_id`, which made `other_id`."""

    __tablename__ = "work_act"

    kind: Mapped[str] = mapped_column(String(8))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """None: on the command line."""
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("work.id"), index=True)
    moved: Mapped[list[list[Any]]] = mapped_column(JSON)
    """The editions it changed, each as id of the book, its work and its `placed_by` before."""
    undone_at: Mapped[int | None] = mapped_column(BigInteger)
