"""The books that a reader's public page shows; for each list one statement."""

from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, func, select

from app.models.base import LIVE, db
from app.models.book import SHELF_COLUMNS, Book, ShelfBook
from app.models.gift import Gift
from app.models.wish import Wish
from app.rules.exchange.drift import CopyState
from app.rules.exchange.listing import WishState
from app.services.sight.visible import KEPT, Sight, listing_visible_to, visible_to

MOST_SHOWN = 60
"""Most books of each list, the newest."""

_GIFT, _WISH, _BOOK = Gift.__table__, Wish.__table__, Book.__table__
_OWNER: Any = bindparam("owner_id", type_=BigInteger)


def list_public_gifts(owner_id: int, sight: Sight) -> list[ShelfBook]:
    """Return the books of which a reader gives a copy that is to be had, newest first, each once."""
    return _books(_select_gifts(sight), owner_id, sight)


def list_public_wishes(owner_id: int, sight: Sight) -> list[ShelfBook]:
    """Return the books for which a reader wishes, newest first."""
    return _books(_select_wishes(sight), owner_id, sight)


def _books(statement: Select[Any], owner_id: int, sight: Sight) -> list[ShelfBook]:
    return list(map(ShelfBook._make, db.session.execute(statement, {"owner_id": owner_id} | sight.values)))


@lru_cache(KEPT)
def _select_gifts(sight: Sight) -> Select[Any]:
    newest = func.max(_GIFT.c.id).label("newest")
    given = select(_GIFT.c.book_id, newest).where(_GIFT.c.giver_id == _OWNER, _GIFT.c.state == CopyState.OPEN)
    given = given.where(listing_visible_to(sight, _GIFT)).group_by(_GIFT.c.book_id)
    last = given.order_by(newest.desc()).limit(MOST_SHOWN).subquery()
    shown = select(*SHELF_COLUMNS).join(last, last.c.book_id == _BOOK.c.id).where(_BOOK.c.status == LIVE)
    return shown.order_by(last.c.newest.desc())


@lru_cache(KEPT)
def _select_wishes(sight: Sight) -> Select[Any]:
    shown = select(*SHELF_COLUMNS).join(_WISH, _WISH.c.book_id == _BOOK.c.id).where(_BOOK.c.status == LIVE)
    shown = shown.where(_WISH.c.user_id == _OWNER, _WISH.c.state == WishState.OPEN)
    return shown.where(visible_to(sight, _WISH.c.user_id)).order_by(_WISH.c.id.desc()).limit(MOST_SHOWN)
