"""What makes a book rank high: copies on offer, readers waiting for it, past exchanges.

Only copies for everybody count: the index answers everybody alike.
"""

from sqlalchemy import ColumnElement, exists, func, select

from app.models.book import Book
from app.models.gift import Gift
from app.models.wish import Wish
from app.rules.exchange.drift import CopyState
from app.rules.exchange.listing import WishState
from app.search.write.source import Ranking

_COUNTED = (CopyState.OPEN, CopyState.RESERVED, CopyState.GIVEN)


def exchange_ranking() -> Ranking:
    """Return the ranking by gifts and wishes; the models write a `book_change` row when one of them changes."""
    return Ranking(
        popularity=_count(Gift.book_id == Book.id, Gift.state.in_(_COUNTED), ~Gift.is_closed)
        + _count(Wish.book_id == Book.id, Wish.state == WishState.OPEN),
        has_gift=exists().where(Gift.book_id == Book.id, Gift.state == CopyState.OPEN, ~Gift.is_closed),
    )


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).where(*conditions).correlate(Book).scalar_subquery()
