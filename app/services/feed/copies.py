"""The newest open copies, as feeds for everybody list them."""

from typing import Any, NamedTuple, cast

from sqlalchemy import BigInteger, ColumnElement, Select, Table, bindparam, select, type_coerce

from app.models.base import LIVE, db
from app.models.book import Book, Names
from app.models.gift import Gift
from app.models.user import User
from app.rules.book.local_number import number_of
from app.rules.exchange.drift import CopyState
from app.services.sight.visible import Sight, listing_visible_to

MOST = 50
"""Entries of a feed."""


class NewCopy(NamedTuple):
    """An open copy with what visitors see of its book and its giver; `time` is in Unix seconds."""

    id: int
    time: int
    condition: str
    book_id: int
    isbn: str | None
    title: str
    authors: tuple[str, ...]
    publisher: str
    year: int | None
    giver: str

    @property
    def number(self) -> str:
        """What names the book in addresses."""
        return number_of(self.isbn, self.book_id)


def list_new_copies(sight: Sight) -> list[NewCopy]:
    """Return the newest open copies that there are for who looks, in one statement."""
    return list(map(NewCopy._make, db.session.execute(_NEWEST.where(_is_seen(sight)), sight.values)))


def list_new_copies_of(book: Book, sight: Sight) -> list[NewCopy]:
    """Return those of all editions of a book's work, in two statements."""
    # The ids rather than a subquery: MariaDB would read all copies of the site.
    editions = db.session.scalars(select(Book.id).where(Book.work_id == book.work_id)).all()
    return list(
        map(NewCopy._make, db.session.execute(_NEWEST_OF.where(_is_seen(sight)), {"editions": editions} | sight.values))
    )


def _is_seen(sight: Sight) -> ColumnElement[bool]:
    return listing_visible_to(sight, _GIFT)


_GIFT, _BOOK, _GIVER = (cast("Table", table.__table__) for table in (Gift, Book, User))
_NEWEST: Select[Any] = (
    select(
        *(_GIFT.c[name] for name in ("id", "create_time", "condition", "book_id")),
        *(_BOOK.c[name] for name in ("isbn", "title")),
        type_coerce(_BOOK.c.authors, Names).label("authors"),
        *(_BOOK.c[name] for name in ("publisher", "year")),
        _GIVER.c.nickname,
    )
    .join(_BOOK, (_BOOK.c.id == _GIFT.c.book_id) & (_BOOK.c.status == LIVE))
    .join(_GIVER, (_GIVER.c.id == _GIFT.c.giver_id) & (_GIVER.c.status == LIVE))
    .where(_GIFT.c.state == CopyState.OPEN, _GIFT.c.status == LIVE)
    .order_by(_GIFT.c.id.desc())
    .limit(MOST)
)
_NEWEST_OF = _NEWEST.where(_GIFT.c.book_id.in_(bindparam("editions", type_=BigInteger, expanding=True)))
