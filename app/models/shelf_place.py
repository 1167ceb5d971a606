"""Where books stand on the shelves on which readers look for them: by what is to be had, the newest listing first."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    bindparam,
    delete,
    event,
    func,
    select,
    update,
)
from sqlalchemy import inspect as inspected
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.models.base import LIVE, Base, db, insert_rows, now
from app.models.book import Book, BookChange
from app.models.gift import Gift
from app.rules.book.shelves import shelves_of
from app.rules.exchange.drift import CopyState

EVERY = ""
"""The shelf of all books that are to be had, whatever they are about."""


class ShelfPlace(Base):
    """A book on one of its shelves.

    What a page sorts and filters by is repeated here, so that an index answers for each choice of filters.
    """

    __tablename__ = "shelf_place"
    __table_args__ = (
        UniqueConstraint("book_id", "shelf"),
        Index("ix_shelf_place_newest", "shelf", "listed"),
        Index("ix_shelf_place_of_language", "shelf", "language", "listed"),
        Index("ix_shelf_place_of_year", "shelf", "year", "listed"),
        Index("ix_shelf_place_of_language_and_year", "shelf", "language", "year", "listed"),
        Base.__table_args__,
    )

    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"))
    shelf: Mapped[str] = mapped_column(String(12))
    """One of `rules.book.shelves.Shelf`, or `EVERY`."""
    language: Mapped[str] = mapped_column(String(16))
    year: Mapped[int | None]
    listed: Mapped[int] = mapped_column(BigInteger, default=0)
    """The id of its newest open copy that is not for circles alone; 0 if there is none."""


class _Stand(NamedTuple):
    """What is known of a book on each of its shelves."""

    language: str
    year: int | None
    listed: int


_place: Any = ShelfPlace.__table__
_book: Any = Book.__table__
_gift: Any = Gift.__table__
_IDS: Any = bindparam("ids", expanding=True)
_STORED = select(_place.c.id, _place.c.book_id, _place.c.shelf, *(_place.c[name] for name in _Stand._fields))
_STORED = _STORED.where(_place.c.book_id.in_(_IDS)).with_for_update()
_listed = select(func.max(_gift.c.id)).where(_gift.c.book_id == _book.c.id, _gift.c.state == CopyState.OPEN)
_listed = _listed.where(~_gift.c.is_closed)
_BOOKS = select(
    _book.c.id,
    _book.c.subjects,
    _book.c.language,
    _book.c.year,
    func.coalesce(_listed.where(_gift.c.status == LIVE).scalar_subquery(), 0).label("listed"),
).where(_book.c.id.in_(_IDS))


def place_on_shelves(connection: Connection, book_ids: Iterable[int]) -> None:
    """Put books where they belong by what is stored of them and of their copies; inside a transaction."""
    ids = {"ids": sorted(set(book_ids))}
    # Locked before the copies are read, so that of two who change copies of a book, the later one counts both changes.
    stored = {(row.book_id, row.shelf): row for row in connection.execute(_STORED, ids)}
    wanted = {
        (book.id, shelf): _Stand(book.language, book.year, book.listed)
        for book in connection.execute(_BOOKS, ids)
        for shelf in (*shelves_of(book.subjects or ()), *([EVERY] if book.listed else ()))
    }
    gone = [row.id for key, row in stored.items() if key not in wanted]
    if gone:
        connection.execute(delete(_place).where(_place.c.id.in_(gone)))
    for key, row in stored.items():
        if key in wanted and wanted[key] != row[3:]:
            connection.execute(update(_place).where(_place.c.id == row.id).values(wanted[key]._asdict()))
    made = {"create_time": now(), "status": LIVE}
    new = [(key, stand) for key, stand in wanted.items() if key not in stored]
    rows = [{"book_id": id, "shelf": str(shelf), **stand._asdict(), **made} for (id, shelf), stand in new]
    insert_rows(connection, _place, rows)


def note_copies(book_ids: Collection[int]) -> None:
    """Note that copies of these books were listed or are gone, after a write that fires no ORM event."""
    BookChange.note_by_ids(book_ids)
    place_on_shelves(db.session.connection(), book_ids)


@event.listens_for(Gift, "after_insert")
def _note_copy(_mapper: Mapper[Any], connection: Connection, gift: Gift) -> None:
    place_on_shelves(connection, [gift.book_id])


@event.listens_for(Gift, "after_update")
def _note_state(_mapper: Mapper[Any], connection: Connection, gift: Gift) -> None:
    attributes = inspected(gift).attrs
    if attributes.state.history.has_changes() or attributes.is_closed.history.has_changes():
        place_on_shelves(connection, [gift.book_id])


@event.listens_for(Book, "before_update")
def _note_subjects(_mapper: Mapper[Any], _connection: Connection, book: Book) -> None:
    attributes = inspected(book).attrs
    if any(attributes[name].history.has_changes() for name in ("subjects", "language", "year")):
        book.shelf_version = 0
