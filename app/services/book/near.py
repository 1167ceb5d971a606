"""Which copies are near a reader: by the areas of their givers, in SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, or_, select

from app.models.base import LIVE, db
from app.models.gift import Gift
from app.models.user import User
from app.rules.exchange.drift import CopyState
from app.rules.exchange.nearness import PARTS

_gift: Any = Gift.__table__
_giver: Any = User.__table__.alias("giver")


def lies_in(area: ColumnElement[Any], path: Any) -> ColumnElement[bool]:
    """Return `rules.exchange.nearness.is_within` as a condition for which an index is enough; a path may be bound."""
    return or_(area == path, and_(area > path + PARTS, area < path + chr(ord(PARTS) + 1)))


def order_of_nearness(paths: Sequence[Any], giver_id: Any) -> list[ColumnElement[Any]]:
    """Return how to order copies by the areas around a reader, the smallest first; nothing without any."""
    around = [(lies_in(_giver.c.area, path), place) for place, path in enumerate(paths)]
    if not around:
        return []
    return [select(case(*around, else_=len(around))).where(_giver.c.id == giver_id).scalar_subquery()]


def select_copies_in(path: str, *columns: ColumnElement[Any]) -> Select[Any]:
    """Select the open copies whose givers have chosen an area at a path or within it."""
    # No join: SQLite would begin with all open copies of the site.
    givers = select(_giver.c.id).where(lies_in(_giver.c.area, path))
    is_open = (_gift.c.state == CopyState.OPEN) & (_gift.c.status == LIVE)
    return select(*columns).where(_gift.c.giver_id.in_(givers), is_open)


def find_books_in(path: str) -> frozenset[int]:
    """Return the ids of the books of which there are open copies in an area; one statement."""
    return frozenset(db.session.scalars(select_copies_in(path, _gift.c.book_id)))
