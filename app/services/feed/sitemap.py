"""The books whose pages search engines are told of: those of which a copy is to be had."""

from typing import Any, NamedTuple, cast

from sqlalchemy import BigInteger, Select, Table, bindparam, func, select

from app.models.base import LIVE, db
from app.models.book import Book
from app.models.gift import Gift
from app.rules.book.local_number import number_of
from app.rules.exchange.drift import CopyState
from app.services.sight.visible import PUBLIC, listing_visible_to

SPAN = 10_000
"""How many ids of books a part covers, so that none of the parts grows with the site; the protocol allows 50,000."""


class ListedBook(NamedTuple):
    """A book; `time` is when its newest copy was listed, in Unix seconds."""

    id: int
    isbn: str | None
    time: int

    @property
    def number(self) -> str:
        """What names the book in addresses."""
        return number_of(self.isbn, self.id)


def count_parts() -> int:
    """Return how many parts there are; one statement, read from the end of an index."""
    highest = db.session.scalar(_HIGHEST)
    return 0 if highest is None else highest // SPAN + 1


def list_books(part: int) -> list[ListedBook]:
    """Return the books of a part, of which the first is 1, in the order of their ids; one statement.

    A book is listed if everybody can see that a copy of it is to be had.
    """
    span = {"first": (part - 1) * SPAN, "last": part * SPAN - 1}
    return list(map(ListedBook._make, db.session.execute(_OF_PART, span)))


_GIFT, _BOOK = (cast("Table", table.__table__) for table in (Gift, Book))
_FIRST, _LAST = bindparam("first", type_=BigInteger), bindparam("last", type_=BigInteger)
_IS_PUBLIC = listing_visible_to(PUBLIC, _GIFT)
_HIGHEST = select(_GIFT.c.book_id).where(_IS_PUBLIC).order_by(_GIFT.c.book_id.desc()).limit(1)
_OF_PART: Select[Any] = (
    select(_BOOK.c.id, _BOOK.c.isbn, func.max(_GIFT.c.create_time))
    .join(_BOOK, (_BOOK.c.id == _GIFT.c.book_id) & (_BOOK.c.status == LIVE))
    .where(_GIFT.c.book_id.between(_FIRST, _LAST), _GIFT.c.state == CopyState.OPEN, _GIFT.c.status == LIVE, _IS_PUBLIC)
    .group_by(_BOOK.c.id, _BOOK.c.isbn)
    .order_by(_BOOK.c.id)
)
