"""Books: one row for each edition, and the change list that feeds the search index."""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    TypeDecorator,
    bindparam,
    event,
    insert,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.dialects.mysql import MEDIUMTEXT, VARCHAR
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from app.models.base import LIVE, Base, db, now
from app.rules.book import isbn as isbn_rules
from app.rules.book import local_number
from app.rules.book.identity import identity_of
from app.rules.book.placing import Placing

LongText = Text().with_variant(MEDIUMTEXT(), "mysql", "mariadb")
# Compared by code points on every engine, so that consecutive pages of a sorted list neither skip nor repeat a book.
SortKey = String(80).with_variant(VARCHAR(80, charset="utf8mb4", collation="utf8mb4_bin"), "mysql", "mariadb")


class Names(TypeDecorator[tuple[str, ...]]):
    """A list of names that is read as a tuple, so that rows with it can be hashed."""

    impl = JSON
    cache_ok = True

    def process_result_value(self, value: Any, _dialect: Dialect) -> tuple[str, ...]:
        """Return the names."""
        return tuple(value)


class Book(Base):
    """An edition as catalogues describe it. Names are display text, such as `[英] 乔治·奥威尔`."""

    __tablename__ = "book"
    __table_args__ = (
        # None begins with the status: SQLite would read all live books in its order, whichever few are asked for.
        Index("ix_book_shelf", "language", "status", "sort_key"),
        Index("ix_book_shelf_of_year", "language", "status", "year", "sort_key"),
        Base.__table_args__,
    )

    isbn: Mapped[str | None] = mapped_column(String(13), unique=True)
    """The 13 digits; None for a book without one, which is named by a number of ours."""
    identity: Mapped[str | None] = mapped_column(String(32), unique=True)
    """By what a book without an ISBN is known again; None for all others."""
    title: Mapped[str] = mapped_column(Text)
    subtitle: Mapped[str] = mapped_column(Text, default="")
    authors: Mapped[list[str]] = mapped_column(JSON, default=list)
    translators: Mapped[list[str]] = mapped_column(JSON, default=list)
    publisher: Mapped[str] = mapped_column(Text, default="")
    pubdate: Mapped[str] = mapped_column(String(64), default="")
    year: Mapped[int | None]
    pages: Mapped[int | None]
    price: Mapped[str] = mapped_column(Text, default="")
    binding: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(LongText, default="")
    language: Mapped[str] = mapped_column(String(16), default="")
    original_title: Mapped[str] = mapped_column(Text, default="")
    series: Mapped[str] = mapped_column(Text, default="")
    series_number: Mapped[str] = mapped_column(String(32), default="")
    """The place in the series, such as `2`, `1-3` or `上`."""
    subjects: Mapped[list[str]] = mapped_column(JSON, default=list)
    work_key: Mapped[str] = mapped_column(String(32), default="")
    """Open Library's key of the work, such as `OL45804W`."""
    first_year: Mapped[int | None]
    """The year in which the work was first published; negative before the Common Era."""
    cover: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(32), default="")
    fetched_at: Mapped[int] = mapped_column(BigInteger, default=now)
    entered_by_hand: Mapped[bool] = mapped_column(Boolean, default=False)
    corrected: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The columns that a person has corrected; catalogues never overwrite them."""
    sort_key: Mapped[str] = mapped_column(SortKey, default="")
    work_id: Mapped[int] = mapped_column(ForeignKey("work.id"), index=True)
    """The work of which this is an edition; `app.models.work` finds it when a book is stored."""
    work_version: Mapped[int] = mapped_column(SmallInteger, index=True)
    """The version of the rules by which the work was found."""
    placed_by: Mapped[str] = mapped_column(String(8), default=Placing.RULES)
    shelf_version: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0", index=True)
    """The version of the rules by which the shelves were found on which it stands; 0 before they are."""

    @classmethod
    def find_by_isbn(cls, isbn: str) -> "Book | None":
        """Return the book with this 13-digit ISBN."""
        book = db.session.scalar(_BY_ISBN, {"isbn": isbn})
        # To MariaDB, a trailing space or full-width digits make no difference.
        return book if book is not None and book.isbn == isbn else None

    @property
    def number(self) -> str:
        """What names the book in addresses: its ISBN, or a number of ours."""
        return local_number.number_of(self.isbn, self.id)

    @classmethod
    def find_by_number(cls, text: str) -> "Book | None":
        """Return the book with the ISBN or the local number in a text, however it is typed."""
        if book := cls.find_by_local_number(text):
            return book
        isbn = isbn_rules.parse(text)
        return cls.find_by_isbn(isbn) if isbn else None

    @classmethod
    def find_by_local_number(cls, text: str) -> "Book | None":
        """Return the book with this local number, which it keeps when it has got an ISBN."""
        id = local_number.parse(text)
        return None if id is None else cls.find_by_id(id)

    @classmethod
    def get_number(cls, id: int) -> str:
        """Return the number of the book with this id, which a foreign key has named."""
        isbn = db.session.scalars(select(_TABLE.c.isbn).where(_TABLE.c.id == id)).one()
        return local_number.number_of(isbn, id)

    @classmethod
    def find_by_id(cls, id: int) -> "Book | None":
        """Return the book with this id."""
        return db.session.scalar(_BY_ID, {"id": id}) if id < 2**63 else None

    @classmethod
    def list_by_ids(cls, ids: Iterable[int]) -> "list[BookSummary]":
        """Return the books in the order of `ids`; one statement; unknown ids are left out."""
        wanted = list(ids)
        found = db.session.execute(_ROWS_BY_ID, {"ids": wanted}).all()
        rows = {row[0]: BookSummary._make(row) for row in found}
        return [rows[id] for id in wanted if id in rows]

    @classmethod
    def map_by_isbn(cls, isbns: Iterable[str], include_deleted: bool = False) -> "dict[str, Book]":
        """Return the books with these 13-digit ISBNs, by ISBN; one statement; unknown ones are missing."""
        wanted = select(cls).where(cls.isbn.in_(list(isbns)))
        rows = db.session.scalars(wanted, execution_options={"include_deleted": include_deleted})
        return {book.isbn: book for book in rows if book.isbn}

    @classmethod
    def list_older_than(cls, fetched_before: int, limit: int) -> "list[Book]":
        """Return the books with an ISBN last fetched from a catalogue before a time in Unix seconds, oldest first."""
        older = select(cls).where(cls.fetched_at < fetched_before, cls.isbn.is_not(None))
        return list(db.session.scalars(older.order_by(cls.fetched_at, cls.id).limit(limit)))

    @classmethod
    def list_first(cls, limit: int) -> "list[ShelfBook]":
        """Return the books with the lowest ids."""
        first = select(*SHELF_COLUMNS).where(_TABLE.c.status == LIVE).order_by(_TABLE.c.id).limit(limit)
        return [ShelfBook(*row) for row in db.session.execute(first)]


class BookSummary(NamedTuple):
    """The columns of a book that pages show; loading ORM objects takes three times as long."""

    id: int
    isbn: str | None
    title: str
    subtitle: str
    authors: list[str]
    translators: list[str]
    publisher: str
    pubdate: str
    year: int | None
    pages: int | None
    price: str
    binding: str
    summary: str
    language: str
    cover: str
    source: str
    fetched_at: int
    entered_by_hand: bool
    work_id: int

    @property
    def number(self) -> str:
        """What names the book in addresses."""
        return local_number.number_of(self.isbn, self.id)


class ShelfBook(NamedTuple):
    """The columns of a book that a shelf shows; it can be hashed, so that a shelf is drawn once."""

    id: int
    isbn: str | None
    title: str
    names: str
    """The authors as JSON, which need not be read for a shelf that was drawn before."""
    work_id: int

    @property
    def authors(self) -> list[str]:
        """The names of the authors."""
        names: list[str] = json.loads(self.names)
        return names

    @property
    def number(self) -> str:
        """What names the book in addresses."""
        return local_number.number_of(self.isbn, self.id)


BookLike = Book | BookSummary
# Built once: building a statement, and the key of SQLAlchemy's cache, takes longer than running it.
_BY_ISBN = select(Book).where(Book.isbn == bindparam("isbn"))
_BY_ID = select(Book).where(Book.id == bindparam("id"))
_TABLE = Book.__table__
SHELF_COLUMNS = (_TABLE.c.id, _TABLE.c.isbn, _TABLE.c.title, type_coerce(_TABLE.c.authors, Text), _TABLE.c.work_id)
"""Those of a `ShelfBook`."""
_SHOWN = [_TABLE.c[name] for name in BookSummary._fields]
_ROWS_BY_ID = select(*_SHOWN).where(_TABLE.c.id.in_(bindparam("ids", expanding=True)), _TABLE.c.status == LIVE)


class BookChange(Base):
    """A book was stored, changed or hidden, so that the search index has to be updated."""

    __tablename__ = "book_change"

    book_id: Mapped[int] = mapped_column(BigInteger)

    @classmethod
    def note_by_ids(cls, book_ids: Iterable[int]) -> None:
        """Note the books with these ids after a bulk write, which fires no ORM event, in the same transaction."""
        changed = [{"book_id": id, "create_time": now(), "status": LIVE} for id in book_ids]
        db.session.execute(insert(cls), changed)

    @classmethod
    def note_of_works(cls, work_ids: Iterable[int]) -> None:
        """Note the editions of these works, as `note_by_ids` does."""
        cls._note_where(Book.__table__.c.work_id.in_(work_ids))

    @classmethod
    def note_after(cls, id: int) -> None:
        """Note the books with a higher id, as `note_by_ids` does."""
        cls._note_where(Book.__table__.c.id > id)

    @classmethod
    def _note_where(cls, condition: ColumnElement[bool]) -> None:
        changed = select(Book.__table__.c.id, literal(now()), literal(LIVE)).where(condition)
        db.session.execute(insert(cls).from_select(["book_id", "create_time", "status"], changed))


@event.listens_for(Book, "before_insert")
@event.listens_for(Book, "before_update")
def _identify(_mapper: Mapper[Any], _connection: Connection, book: Book) -> None:
    book.identity = None if book.isbn else identity_of(book.title, book.subtitle or "", book.authors or (), book.year)


@event.listens_for(Book, "after_insert")
@event.listens_for(Book, "after_update")
@event.listens_for(Book, "after_delete")
def _note_change(_mapper: Mapper[Any], connection: Connection, book: Book) -> None:
    _note(connection, book.id)


def _note(connection: Connection, book_id: int) -> None:
    # In the same transaction as the change, so that the index cannot miss it.
    connection.execute(insert(BookChange).values(book_id=book_id, create_time=now(), status=LIVE))


def note_ranked_by(model: type[Base]) -> None:
    """Note the book of a `model` row whenever one is stored, changed or removed, because books are ranked by them."""
    for moment in ("after_insert", "after_update", "after_delete"):
        event.listen(model, moment, _note_book_of)


def _note_book_of(_mapper: Mapper[Any], connection: Connection, row: Any) -> None:
    _note(connection, row.book_id)
