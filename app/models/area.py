"""Areas: countries, provinces, cities and districts, of which a reader may choose one."""

from sqlalchemy import SmallInteger, String, Text
from sqlalchemy.dialects.mysql import TEXT
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.user import AREA_LENGTH, exact_text


class Area(Base):
    """An area by its path, such as `CN/上海市/上海市/徐汇区`; no coordinate. Rows are hidden, never removed."""

    __tablename__ = "area"

    path: Mapped[str] = mapped_column(exact_text(AREA_LENGTH), unique=True)
    name_zh: Mapped[str] = mapped_column(String(255))
    """Its name with those of the areas around it, the largest first."""
    name_en: Mapped[str] = mapped_column(String(255))
    """The same in English, the smallest first."""
    weight: Mapped[int] = mapped_column(SmallInteger)
    """Of areas found alike, the heavier one comes first."""
    sought: Mapped[str] = mapped_column(Text().with_variant(TEXT(collation="utf8mb4_bin"), "mysql", "mariadb"))
    """The normalised words by which it is found, each behind a blank: its own names first."""
