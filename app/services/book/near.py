"""Which copies are near a reader: by the areas of their givers, in SQL.

In an area with few readers, these are looked at one by one. In a large one, such as a whole country, copies are looked
at until enough of them lie in it, which is soon.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from app.models.base import LIVE, db
from app.models.gift import Gift
from app.models.user import User
from app.rules.exchange.drift import CopyState
from app.rules.exchange.nearness import PARTS
from app.services.sight.visible import PUBLIC, Sight, listing_visible_to, visible_to

MANY_GIVERS = 5_000
"""How many readers make an area a large one."""
LOOKED_THROUGH = 20_000
"""How many of the newest open copies are looked at for those in a large area."""

_gift: Any = Gift.__table__
_giver: Any = User.__table__.alias("giver")
_other: Any = Gift.__table__.alias("other")


def lies_in(area: ColumnElement[Any], path: Any) -> ColumnElement[bool]:
    """Return `rules.exchange.nearness.is_within` as a condition for which an index is enough; a path may be bound."""
    return or_(area == path, and_(area > path + PARTS, area < path + chr(ord(PARTS) + 1)))


def order_of_nearness(paths: Sequence[Any], giver_id: Any) -> list[ColumnElement[Any]]:
    """Return how to order copies by the areas around a reader, the smallest first; nothing without any."""
    around = [(lies_in(_giver.c.area, path), place) for place, path in enumerate(paths)]
    if not around:
        return []
    return [select(case(*around, else_=len(around))).where(_giver.c.id == giver_id).scalar_subquery()]


def select_copies_in(path: str, *columns: ColumnElement[Any], sight: Sight = PUBLIC) -> Select[Any]:
    """Select the open copies whose givers have chosen an area at a path or within it; run with the sight's `values`."""
    # No join: SQLite would begin with all open copies of the site.
    givers = select(_giver.c.id).where(lies_in(_giver.c.area, path))
    is_open = (_gift.c.state == CopyState.OPEN) & (_gift.c.status == LIVE)
    return select(*columns).where(_gift.c.giver_id.in_(givers), is_open, listing_visible_to(sight, _gift))


def is_large(path: str) -> bool:
    """Return whether an area has many readers; reads no more of them than that takes."""
    some = select(_giver.c.id).where(lies_in(_giver.c.area, path)).limit(MANY_GIVERS + 1).subquery()
    return (db.session.scalar(select(func.count()).select_from(some)) or 0) > MANY_GIVERS


def find_books_in(path: str, sight: Sight = PUBLIC) -> frozenset[int]:
    """Return the ids of the books of which there are open copies in an area that is not large; one statement."""
    return frozenset(db.session.scalars(select_copies_in(path, _gift.c.book_id, sight=sight), sight.values))


def _copies_of(path: str, sight: Sight) -> Select[Any]:
    """Select the books of open copies in an area, to be limited by conditions on the copies."""
    found = select(_gift.c.book_id).select_from(_gift.join(_giver, _giver.c.id == _gift.c.giver_id))
    found = found.where(_gift.c.state == CopyState.OPEN, _gift.c.status == LIVE, lies_in(_giver.c.area, path))
    found = found.where(listing_visible_to(sight, _gift))
    # MariaDB would begin with all readers of the area.
    return found.prefix_with("STRAIGHT_JOIN", dialect="mysql").prefix_with("STRAIGHT_JOIN", dialect="mariadb")


def has_copy_in(path: str, book_id: Any, sight: Sight = PUBLIC) -> ColumnElement[bool]:
    """Return the condition that there is an open copy of a book in an area; for each book, its copies are read.

    To be run with the sight's `values`.
    """
    # One copy and no EXISTS, which MariaDB would turn into a join that begins with all copies.
    copy = _copies_of(path, sight).where(_gift.c.book_id == book_id).correlate(book_id.table).limit(1)
    return copy.scalar_subquery().is_not(None)


def list_newest_books_in(path: str, limit: int, sight: Sight = PUBLIC) -> list[int]:
    """Return the ids of the books of the newest `limit` open copies in a large area, each book once."""
    oldest = select(_gift.c.id).where(_gift.c.state == CopyState.OPEN, ~_gift.c.is_closed).order_by(_gift.c.id.desc())
    first = db.session.scalar(oldest.offset(LOOKED_THROUGH).limit(1)) or 0
    newest = _copies_of(path, sight).where(_gift.c.id > first)
    return list(dict.fromkeys(db.session.scalars(newest.order_by(_gift.c.id.desc()).limit(limit), sight.values)))


def find_books_only_from_unseen(sight: Sight) -> frozenset[int]:
    """Return the ids of the books all of whose open copies are out of sight, but for those that are closed.

    No statement for who has no blocks.
    """
    if not sight.has_blocks:
        return frozenset()
    is_open = (_gift.c.state == CopyState.OPEN) & (_gift.c.status == LIVE) & ~_gift.c.is_closed
    seen = select(_other.c.id).where(_other.c.book_id == _gift.c.book_id, listing_visible_to(sight, _other))
    seen = seen.where(_other.c.state == CopyState.OPEN, _other.c.status == LIVE)
    unseen = select(_gift.c.book_id).where(is_open, ~visible_to(sight, _gift.c.giver_id), ~seen.exists())
    return frozenset(db.session.scalars(unseen, sight.values))
