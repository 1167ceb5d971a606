"""Where the books are that a reader had: the last that their journeys tell."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, select

from app.i18n import area_names
from app.models.area import Area
from app.models.base import db
from app.models.book import Book
from app.models.copy import Copy, Whereabouts
from app.models.journey import IN_ORDER, Station

MOST = 100
_AREA = cast("Table", Area.__table__)


@dataclass(frozen=True)
class Travelling:
    """A copy that the reader had, or has, with their own station on its way."""

    station_id: int
    copy_id: int
    title: str
    number: str
    mark: str | None
    state: str
    left_at: str
    is_held: bool
    """The reader has it (again)."""
    is_left: bool
    """The reader has left it somewhere, and nobody has found it yet."""
    month: str
    """When the reader got it."""
    shows_area: bool
    shows_name: bool
    is_last: bool
    """No station after the reader's is known."""
    last_month: str
    last_areas: dict[str, str] | None
    """The names of the area of the last station by language, if it is told."""


def list_travelling(reader_id: int) -> list[Travelling]:
    """Return the copies on whose journeys the reader is, the newest first, at most `MOST`; two statements."""
    rows = select(Station, Copy, Book).join(Copy, Copy.id == Station.copy_id).join(Book, Book.id == Copy.book_id)
    rows = rows.where(Station.reader_id == reader_id, Station.month.is_not(None))
    found = db.session.execute(rows.order_by(Station.id.desc()).limit(MOST)).tuples().all()
    last = _last_stations({copy.id for _, copy, _ in found})
    return [
        Travelling(
            station_id=station.id,
            copy_id=copy.id,
            title=book.title,
            number=book.number,
            mark=copy.mark,
            state=copy.state,
            left_at=copy.left_at if copy.state == Whereabouts.FREE else "",
            is_held=copy.holder_id == reader_id,
            is_left=copy.freed_by_id == reader_id,
            month=station.month or "",
            shows_area=station.area is not None,
            shows_name=station.shows_name,
            is_last=last[copy.id][0] == station.id,
            last_month=last[copy.id][1],
            last_areas=last[copy.id][2],
        )
        for station, copy, book in found
    ]


def _last_stations(copy_ids: Collection[int]) -> dict[int, tuple[int, str, dict[str, str] | None]]:
    rows = select(Station.copy_id, Station.id, Station.month, _AREA.c.name_zh, _AREA.c.name_en)
    rows = rows.outerjoin(_AREA, _AREA.c.path == Station.area)
    rows = rows.where(Station.copy_id.in_(copy_ids), Station.month.is_not(None))
    rows = rows.order_by(*IN_ORDER)
    return {
        copy_id: (id, month or "", area_names(zh, en or "") if zh else None)
        for copy_id, id, month, zh, en in db.session.execute(rows)
    }
