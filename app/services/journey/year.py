"""A reader's year in books: what they gave and received, for themselves or at a secret address for others.

The address is a keyed hash of the reader, the year and a counter that is odd while the year is shared and only grows,
so that no address comes back: see `services.feed.address`, which does the same.
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, or_, select, update

from app.models.base import db
from app.models.book import Book
from app.models.drift import Drift
from app.models.journey import SharedYear, Station
from app.models.user import User
from app.rules.exchange.drift import DriftState
from app.services.errors import NotFound
from app.services.exchange.locking import lock_present
from app.services.hashing import keyed_hash
from app.services.transaction import changed_rows, transaction

FIRST_YEAR, LAST_YEAR = 2000, 2999
MOST_COVERS = 12
"""Most covers on the picture of a year."""
_DIGITS = 40
_TOKEN = re.compile(rf"(\d{{1,18}})-(\d{{4}})-([0-9a-f]{{{_DIGITS}}})", re.ASCII)


@dataclass(frozen=True)
class Year:
    """What a reader gave and received in a year of their time zone."""

    reader_id: int
    nickname: str
    year: int
    given: int
    received: int
    pages: int
    """Of the received books whose number of pages is known."""
    cities: int
    """In how many areas the books are that the reader gave, as far as their readers tell it."""
    books: Sequence[Book]
    """The first ones received, and then given, at most `MOST_COVERS`."""


def get_year(reader_id: int, year: int) -> Year:
    """Return a reader's year.

    :raises NotFound: there is no such reader, or no such year.
    """
    user = User.find(reader_id)
    if user is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound()
    arrived = _arrived_in(year, user.time_zone)
    given, _, given_books = _sum(arrived & (Drift.giver_id == reader_id))
    received, pages, received_books = _sum(arrived & (Drift.asker_id == reader_id))
    books = [*received_books, *given_books][:MOST_COVERS]
    cities = _count_cities(arrived & (Drift.giver_id == reader_id))
    return Year(reader_id, user.nickname, year, given, received, pages, cities, books)


def count_year(user: User, year: int) -> tuple[int, int]:
    """Return how many books a reader gave and received in a year; one statement."""
    gave, received = Drift.giver_id == user.id, Drift.asker_id == user.id
    counts = (func.coalesce(func.sum(case((side, 1), else_=0)), 0) for side in (gave, received))
    row = db.session.execute(select(*counts).where(or_(gave, received), _arrived_in(year, user.time_zone))).one()
    return int(row[0]), int(row[1])


def _arrived_in(year: int, time_zone: str) -> ColumnElement[bool]:
    zone = ZoneInfo(time_zone)
    first, after = (int(datetime(one, 1, 1, tzinfo=zone).timestamp()) for one in (year, year + 1))
    is_certain = (Drift.state == DriftState.RECEIVED) & Drift.undo_until.is_(None)
    return is_certain & (Drift.state_time >= first) & (Drift.state_time < after)


def _sum(which: ColumnElement[bool]) -> tuple[int, int, Sequence[Book]]:
    books = select(Book).join(Drift, Drift.book_id == Book.id).where(which)
    sums = select(func.count(), func.coalesce(func.sum(Book.pages), 0)).select_from(Drift)
    count, pages = db.session.execute(sums.join(Book, Book.id == Drift.book_id).where(which)).one()
    newest = db.session.scalars(books.order_by(Drift.state_time, Drift.id).limit(MOST_COVERS)).all()
    return count, int(pages), newest


def _count_cities(which: ColumnElement[bool]) -> int:
    areas = select(func.count(Station.area.distinct())).join(Drift, Drift.id == Station.drift_id)
    return db.session.scalar(areas.where(which)) or 0


def find_token(reader_id: int, year: int) -> str | None:
    """Return what names the shared year in its address; None if it is not shared."""
    mine = select(SharedYear.number).where(SharedYear.reader_id == reader_id, SharedYear.year == year)
    number = db.session.scalar(mine)
    return None if number is None or number % 2 == 0 else f"{reader_id}-{year:04d}-{_secret(reader_id, year, number)}"


def get_shared_year(token: str, now: int) -> Year:
    """Return the year that has this address.

    :raises NotFound: none has it, or not any more, or its reader has left, or is suspended at `now` (Unix seconds).
    """
    found = _TOKEN.fullmatch(token)
    shared = find_token(int(found[1]), int(found[2])) if found else None
    if found is None or shared is None or not hmac.compare_digest(shared, token):
        raise NotFound()
    user = User.find(int(found[1]))
    if user is None or (user.suspended_until or 0) > now:
        raise NotFound()
    return get_year(user.id, int(found[2]))


@transaction
def share_year(reader_id: int, year: int) -> None:
    """Give a reader's year an address for others, or a new one; the one that it had is gone.

    :raises NotFound: there is no such year.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound()
    lock_present(reader_id)
    mine = select(SharedYear).where(SharedYear.reader_id == reader_id, SharedYear.year == year).with_for_update()
    shared = db.session.scalar(mine)
    if shared is None:
        db.session.add(SharedYear(reader_id=reader_id, year=year))
    else:
        shared.number += 2 if shared.number % 2 else 1


@transaction
def stop_sharing(reader_id: int, year: int) -> None:
    """End the address of a reader's year, if it has one."""
    on = update(SharedYear).where(SharedYear.reader_id == reader_id, SharedYear.year == year)
    changed_rows(on.where(SharedYear.number % 2 == 1).values(number=SharedYear.number + 1))


def _secret(reader_id: int, year: int, number: int) -> str:
    return keyed_hash(f"year:{reader_id}:{year}:{number}")[:_DIGITS]
