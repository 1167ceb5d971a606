"""Lists of copies and wishes: the newest copies of the site, a reader's own copies, a reader's wishes."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Row, Select, bindparam, cast, func, select, type_coerce

from app.models.base import LIVE, db, one_of
from app.models.book import SHELF_COLUMNS, Book, Names, ShelfBook
from app.models.drift import end_of_loan_of
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish
from app.rules.book.local_number import number_of
from app.rules.exchange.drift import CopyState
from app.rules.exchange.listing import LISTED, WITHDRAWABLE, WishState
from app.rules.exchange.nearness import Nearness, find_nearness
from app.rules.moderation.report import ReportKind
from app.services.book.near import is_large, list_newest_books_in, select_copies_in
from app.services.delivery.places import names_of_places
from app.services.exchange.editions import is_granted_by
from app.services.page import Page
from app.services.sight.audience import names_of_circles
from app.services.sight.hold import is_held
from app.services.sight.visible import KEPT, PUBLIC, Sight, listing_visible_to, visible_to

EDITIONS = 4
"""How many editions of each work on the front page may have been listed last, on average, for it to be full."""


def list_newest_gifts(limit: int, near: str | None = None, sight: Sight = PUBLIC) -> list[ShelfBook]:
    """Return the books of the newest open copies, each work once, or of those in the area `near`.

    One statement, with `near` two, and four if the area is large.
    """
    if near is None:
        newest_gifts = db.session.execute(_select_newest_gifts(sight), {"size": limit * EDITIONS} | sight.values)
        books: Iterable[ShelfBook] = map(ShelfBook._make, newest_gifts)
    elif is_large(near):
        ids = list_newest_books_in(near, limit * EDITIONS * EDITIONS, sight)
        listed = select(*SHELF_COLUMNS).where(_BOOK.c.id.in_(ids), _BOOK.c.status == LIVE)
        found = {book.id: book for book in map(ShelfBook._make, db.session.execute(listed))}
        books = (found[id] for id in ids if id in found)
    else:
        newest = func.max(_GIFT.c.id).label("newest")
        copies = select_copies_in(near, _GIFT.c.book_id, newest, sight=sight).group_by(_GIFT.c.book_id)
        last = copies.order_by(newest.desc()).limit(limit * EDITIONS).subquery()
        listed = select(*SHELF_COLUMNS).join(last, last.c.book_id == _BOOK.c.id).where(_BOOK.c.status == LIVE)
        books = map(ShelfBook._make, db.session.execute(listed.order_by(last.c.newest.desc()), sight.values))
    newest_of: dict[int, ShelfBook] = {}
    for book in books:
        newest_of.setdefault(book.work_id, book)
        if len(newest_of) == limit:
            break
    return list(newest_of.values())


class MyGift(NamedTuple):
    """A copy on its giver's own list, with the data of its book. Times are in Unix seconds."""

    book_id: int
    isbn: str | None
    title: str
    subtitle: str
    publisher: str
    year: int | None
    price: str
    summary: str
    authors: tuple[str, ...]
    id: int
    state: str
    time: int
    others: int
    """How many wishes the copy would grant."""
    condition: str
    note: str
    ways: str
    meeting_words: str
    lend_days: int | None
    """For how many days it is lent; None if it is given for good."""
    lent_until: int | None
    """When it is to be back; None unless it is lent out."""
    places: str | None
    """The names of the meeting places at which it is left."""
    circles: str | None
    """The names of the circles for whose members alone it is; None if it is for everybody."""
    offer_until: int | None
    """Until when the copy is on offer to a reader."""
    waits: bool = False
    """Somebody at the desk has to look at it before others see it."""

    @property
    def number(self) -> str:
        """What names the book in addresses."""
        return number_of(self.isbn, self.book_id)


class MyWish(NamedTuple):
    """A wish on its reader's own list, with the data of its book. Times are in Unix seconds."""

    book_id: int
    isbn: str | None
    title: str
    subtitle: str
    publisher: str
    year: int | None
    price: str
    summary: str
    authors: tuple[str, ...]
    id: int
    state: str
    time: int
    scope: str
    others: int
    """How many copies that would grant the wish are open."""
    offer_until: int | None
    """Until when a copy, `gift_id`, is on offer for this wish; it is of the book `offered_id`."""
    gift_id: int | None
    offered_id: int | None
    offered_isbn: str | None
    offered_title: str | None
    offered_publisher: str | None
    offered_year: int | None
    giver_area: str | None
    nearness: Nearness | None = None
    """How near the giver of the copy on offer is, if both have chosen an area."""

    @property
    def number(self) -> str:
        """What names the book in addresses."""
        return number_of(self.isbn, self.book_id)

    @property
    def other_edition(self) -> str | None:
        """What names the book of the copy on offer, if that is another edition."""
        is_other = self.offered_id is not None and self.offered_id != self.book_id
        return number_of(self.offered_isbn, self.offered_id or 0) if is_other else None


def list_my_gifts(reader_id: int, page: int, size: int, sight: Sight = PUBLIC) -> Page[MyGift]:
    """Return the copies that a reader lists, newest first, with the number of wishes for each."""
    total, rows = _list_mine(_select_my_gifts(sight), _MY_GIFT_COUNT, reader_id, page, size, sight)
    return Page(list(map(MyGift._make, rows)), total, page, size)


def list_my_wishes(
    reader_id: int, page: int, size: int, area: str | None = None, sight: Sight = PUBLIC
) -> Page[MyWish]:
    """Return a reader's wishes, newest first, with the number of open copies for each; `area` is the reader's."""
    total, rows = _list_mine(_select_my_wishes(sight), _MY_WISH_COUNT, reader_id, page, size, sight)
    wishes = [MyWish(*row) for row in rows]
    shown = [wish._replace(nearness=find_nearness(area, wish.giver_area), giver_area=None) for wish in wishes]
    return Page(shown, total, page, size)


def _list_mine(
    rows: Select[Any], count: Select[tuple[int]], reader_id: int, page: int, size: int, sight: Sight
) -> tuple[int, Sequence[Row[Any]]]:
    mine = {"reader_id": reader_id}
    total = db.session.scalar(count, mine) or 0
    return total, db.session.execute(rows, mine | {"size": size, "skipped": (page - 1) * size} | sight.values).all()


# Built once, with plain columns in the order in which they are shown: building them and loading ORM objects would take
# longer than the rest of a page.
_GIFT, _WISH, _BOOK, _OFFERED = Gift.__table__, Wish.__table__, Book.__table__, Gift.__table__.alias()
_GIVER, _OTHER, _OFFERED_BOOK = User.__table__.alias(), Book.__table__.alias(), Book.__table__.alias()
_READER, _SIZE, _SKIPPED = (bindparam(name, type_=BigInteger) for name in ("reader_id", "size", "skipped"))

_newer = Gift.__table__.alias("newer")
_is_open = (_GIFT.c.state == CopyState.OPEN) & (_GIFT.c.status == LIVE)


@lru_cache(KEPT)
def _select_newest_gifts(sight: Sight) -> Select[Any]:
    newer = select(_newer.c.id).where(_newer.c.book_id == _GIFT.c.book_id, _newer.c.id > _GIFT.c.id)
    newer = newer.where(_newer.c.state == CopyState.OPEN, listing_visible_to(sight, _newer))
    return (
        select(*SHELF_COLUMNS)
        .join(_GIFT, _GIFT.c.book_id == _BOOK.c.id)
        .where(_BOOK.c.status == LIVE, _is_open, listing_visible_to(sight, _GIFT), ~newer.exists())
        .order_by(_GIFT.c.id.desc())
        .limit(_SIZE)
    )


def _over_editions(count: Select[tuple[int]]) -> ColumnElement[int]:
    """Sum a count over the editions of a work: in a join, MariaDB would begin with all copies or wishes of the site."""
    total = select(func.sum(count.scalar_subquery())).where(_OTHER.c.work_id == _BOOK.c.work_id)
    return cast(total.correlate(_BOOK, _WISH, _GIFT).scalar_subquery(), BigInteger)


_ROW = [
    _BOOK.c.id.label("book_id"),
    *[_BOOK.c[name] for name in ("isbn", "title", "subtitle", "publisher", "year", "price", "summary")],
    type_coerce(_BOOK.c.authors, Names).label("authors"),
]

_is_my_gift = (_GIFT.c.giver_id == _READER) & one_of(_GIFT.c.state, LISTED | WITHDRAWABLE)
_MY_GIFT_COUNT = select(func.count(_GIFT.c.id)).where(_is_my_gift)
_my_gifts = select(_GIFT.c.id).where(_is_my_gift).order_by(_GIFT.c.id.desc()).limit(_SIZE).offset(_SKIPPED).subquery()


def count_waiting(sight: Sight) -> ColumnElement[int]:
    """Return in SQL how many open wishes a copy of a row of `book` would grant; run with the sight's `values`."""
    return _over_editions(
        select(func.count(_WISH.c.id))
        .where(_WISH.c.book_id == _OTHER.c.id, _WISH.c.state == WishState.OPEN, is_granted_by(_OTHER, _BOOK))
        .where(visible_to(sight, _WISH.c.user_id))
        .correlate(_OTHER, _BOOK)
    )


@lru_cache(KEPT)
def _select_my_gifts(sight: Sight) -> Select[Any]:
    return (
        select(
            *_ROW,
            _GIFT.c.id,
            _GIFT.c.state,
            _GIFT.c.create_time.label("time"),
            count_waiting(sight).label("others"),
            _GIFT.c.condition,
            _GIFT.c.note,
            _GIFT.c.ways,
            _GIFT.c.meeting_words,
            _GIFT.c.lend_days,
            end_of_loan_of(_GIFT.c.id, _GIFT.c.state),
            names_of_places(_GIFT.c.id, _GIFT.c.ways),
            names_of_circles(sight, _GIFT),
            _GIFT.c.offer_until,
            is_held(ReportKind.LISTING, _GIFT.c.id).label("waits"),
        )
        .join_from(_my_gifts, _GIFT, _GIFT.c.id == _my_gifts.c.id)
        .join(_BOOK, (_BOOK.c.id == _GIFT.c.book_id) & (_BOOK.c.status == LIVE))
        .order_by(_GIFT.c.id.desc())
    )


_is_my_wish = (_WISH.c.user_id == _READER) & (_WISH.c.state == WishState.OPEN)
_MY_WISH_COUNT = select(func.count(_WISH.c.id)).where(_is_my_wish)


@lru_cache(KEPT)
def _select_my_wishes(sight: Sight) -> Select[Any]:
    copies = _over_editions(
        select(func.count(_GIFT.c.id))
        .where(_GIFT.c.book_id == _OTHER.c.id, _GIFT.c.state == CopyState.OPEN, is_granted_by(_BOOK, _OTHER))
        .where(listing_visible_to(sight, _GIFT))
        .correlate(_OTHER, _BOOK, _WISH)
    )
    return (
        select(
            *_ROW,
            _WISH.c.id,
            _WISH.c.state,
            _WISH.c.create_time.label("time"),
            _WISH.c.scope,
            copies.label("others"),
            _OFFERED.c.offer_until,
            _OFFERED.c.id.label("gift_id"),
            *(_OFFERED_BOOK.c[name].label(f"offered_{name}") for name in ("id", "isbn", "title", "publisher", "year")),
            select(_GIVER.c.area).where(_GIVER.c.id == _OFFERED.c.giver_id).scalar_subquery().label("giver_area"),
        )
        .join_from(_WISH, _BOOK, (_BOOK.c.id == _WISH.c.book_id) & (_BOOK.c.status == LIVE))
        .outerjoin(_OFFERED, (_OFFERED.c.offered_wish_id == _WISH.c.id) & (_OFFERED.c.status == LIVE))
        .outerjoin(_OFFERED_BOOK, _OFFERED_BOOK.c.id == _OFFERED.c.book_id)
        .where(_is_my_wish)
        .order_by(_WISH.c.id.desc())
        .limit(_SIZE)
        .offset(_SKIPPED)
    )
