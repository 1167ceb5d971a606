"""The page of a copy: its book, its stations, and what is said of it. It tells what those on it agreed to, no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, and_, case, select

from app.i18n import area_names
from app.models.area import Area
from app.models.base import db
from app.models.book import Book
from app.models.copy import Copy, Whereabouts
from app.models.gift import Gift
from app.models.journey import IN_ORDER, JournalLine, Station
from app.models.user import User
from app.rules.exchange.drift import CopyState
from app.rules.journey.telling import LineState, month_of
from app.services.sight.visible import Sight, listing_visible_to, visible_to

MOST_STATIONS = 60
MOST_LINES = 40
_AREA = cast("Table", Area.__table__)


@dataclass(frozen=True)
class StationLine:
    """Where the copy was; `areas` are the names of the area by language, if it is told."""

    month: str
    areas: dict[str, str] | None
    name: str | None


@dataclass(frozen=True)
class Line:
    """A line about the copy; nobody is named."""

    id: int
    words: str
    state: str
    is_of_reader: bool
    """Somebody with an account wrote it."""
    month: str
    is_mine: bool


@dataclass(frozen=True)
class CopyPage:
    """A copy as somebody sees it."""

    copy_id: int
    mark: str
    state: str
    left_at: str
    number: str
    title: str
    authors: Sequence[str]
    is_holder: bool
    is_who_left_it: bool
    gift_id: int | None
    """Its listing, if it can be asked for."""
    stations: Sequence[StationLine]
    lines: Sequence[Line]


def find_copy_page(mark: str, reader_id: int | None, sight: Sight, sees_held: bool) -> CopyPage | None:
    """Return the page of the copy with this mark as a reader, or a visitor, sees it; None if there is none.

    `sees_held` is whether somebody from the desk looks, who sees the lines that wait, as the holder does.
    """
    found = db.session.execute(select(Copy, Book).join(Book, Book.id == Copy.book_id).where(Copy.mark == mark))
    row = found.tuples().one_or_none()
    if row is None or row[0].mark != mark:  # to MariaDB, a trailing space makes no difference
        return None
    copy, book = row
    is_holder = reader_id is not None and copy.holder_id == reader_id
    return CopyPage(
        copy_id=copy.id,
        mark=mark,
        state=copy.state,
        left_at=copy.left_at if copy.state == Whereabouts.FREE else "",
        number=book.number,
        title=book.title,
        authors=book.authors,
        is_holder=is_holder,
        is_who_left_it=reader_id is not None and copy.freed_by_id == reader_id,
        gift_id=None if is_holder else _find_listing(copy.id, sight),
        stations=_list_stations(copy.id, sight),
        lines=_list_lines(copy.id, reader_id, sight, is_holder or sees_held),
    )


def _find_listing(copy_id: int, sight: Sight) -> int | None:
    is_open = Gift.listed_copy_id == copy_id, Gift.state == CopyState.OPEN, listing_visible_to(sight, Gift)
    return db.session.scalar(select(Gift.id).where(*is_open), sight.values)


def _list_stations(copy_id: int, sight: Sight) -> list[StationLine]:
    name = case((and_(Station.shows_name, visible_to(sight, Station.reader_id)), User.nickname))
    rows = select(Station.month, _AREA.c.name_zh, _AREA.c.name_en, name)
    rows = rows.outerjoin(User, User.id == Station.reader_id).outerjoin(_AREA, _AREA.c.path == Station.area)
    rows = rows.where(Station.copy_id == copy_id, Station.month.is_not(None))
    newest = db.session.execute(
        rows.order_by(*(column.desc() for column in IN_ORDER)).limit(MOST_STATIONS), sight.values
    ).all()
    return [
        StationLine(month or "", area_names(zh, en or "") if zh else None, nickname)
        for month, zh, en, nickname in reversed(newest)
    ]


def _list_lines(copy_id: int, reader_id: int | None, sight: Sight, sees_held: bool) -> list[Line]:
    rows = select(JournalLine).where(JournalLine.copy_id == copy_id)
    is_shown = JournalLine.state == LineState.SHOWN
    is_seen = is_shown | (JournalLine.author_id == reader_id) if reader_id is not None else is_shown
    if not sees_held:
        rows = rows.where(is_seen)
    if sight.has_blocks:
        rows = rows.where(JournalLine.author_id.is_(None) | visible_to(sight, JournalLine.author_id))
    return [
        Line(
            id=line.id,
            words=line.words,
            state=line.state,
            is_of_reader=line.author_id is not None,
            month=month_of(line.create_time),
            is_mine=line.author_id == (reader_id or 0),
        )
        for line in db.session.scalars(rows.order_by(JournalLine.id.desc()).limit(MOST_LINES), sight.values)
    ]
