"""Who gives and who wants a book, and what a visitor can do about it, in few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, func, literal, null, select, union_all

from app.models.base import db, one_of
from app.models.drift import Drift
from app.models.gift import Gift, WishOffer
from app.models.user import User
from app.models.wish import Wish
from app.rules.exchange.asking import AskerFacts, RequestedGift, find_asker_refusal, find_copy_refusal
from app.rules.exchange.drift import UNDER_WAY, CopyState
from app.rules.exchange.listing import WishState
from app.rules.exchange.wish_queue import Wisher, find_offer_refusal
from app.rules.refusal import Refusal
from app.services.exchange.eligibility import list_asker_facts

SHOWN = 20
"""How many givers and how many wishers a book's page names."""


@dataclass(frozen=True)
class Listing:
    """A copy or a wish on the page of its book. Times are Unix seconds."""

    id: int
    user_id: int
    nickname: str
    time: int
    state: str
    condition: str
    note: str
    refusal: Refusal | None
    """Why this visitor can not have this copy (`BookListings.refusal`: none at all) or can not grant the wish."""
    kept_until: int | None = None
    """Until when the copy is kept for a reader who waits, if that is this visitor or it is the visitor's own."""


@dataclass(frozen=True)
class BookListings:
    """What readers do with one book, and what this visitor does with it."""

    gifts: list[Listing]
    gift_count: int
    wishes: list[Listing]
    wish_count: int
    reader_id: int | None
    refusal: Refusal | None = None
    """Why this visitor may ask for no book at present."""

    @property
    def own_gifts(self) -> list[Listing]:
        """The visitor's own copies."""
        return [gift for gift in self.gifts if gift.user_id == self.reader_id]

    @property
    def gives(self) -> bool:
        """Tell whether the visitor lists a copy."""
        return bool(self.own_gifts)

    @property
    def has_others_gifts(self) -> bool:
        """Tell whether another reader lists a copy."""
        return len(self.own_gifts) < len(self.gifts)

    @property
    def can_grant(self) -> bool:
        """Tell whether the visitor has a copy that is promised to nobody."""
        return any(gift.state == CopyState.OPEN and gift.kept_until is None for gift in self.own_gifts)

    @property
    def wishes_for_it(self) -> bool:
        """Tell whether the visitor waits for the book."""
        return any(wish.user_id == self.reader_id for wish in self.wishes)


def find_book_listings(book_id: int, reader_id: int | None, now: int) -> BookListings:
    """Return the open copies of and wishes for a book, the visitor's own first, those asked for among them.

    One statement for a visitor, two for a reader who is logged in.
    """
    rows = db.session.execute(union_all(_gift_rows(book_id, reader_id), _wish_rows(book_id, reader_id))).all()
    facts_of = _standings_for(rows, reader_id, now) if reader_id is not None else {}
    gifts: list[Listing] = []
    wishes: list[Listing] = []
    for row in rows:
        refusal, kept_until = None, None
        if row.kind == "gift" and reader_id is not None and reader_id in facts_of:
            copy = RequestedGift(row.user_id, CopyState(row.state), row.offered_to, row.offer_until)
            refusal = find_copy_refusal(reader_id, copy, now)
            is_mine = reader_id in (row.user_id, row.offered_to)
            kept_until = row.offer_until if is_mine and now < (row.offer_until or 0) else None
        elif row.kind == "wish" and reader_id is not None and row.user_id in facts_of:
            refusal = find_offer_refusal(_wisher(row, facts_of[row.user_id]), reader_id)
        listing = Listing(
            row.id, row.user_id, row.nickname, row.time, row.state, row.condition, row.note, refusal, kept_until
        )
        (gifts if row.kind == "gift" else wishes).append(listing)
    counts = {row.kind: row.total for row in rows}
    own = _own_refusal(gifts, reader_id, facts_of.get(reader_id or 0))
    return BookListings(gifts, counts.get("gift", 0), wishes, counts.get("wish", 0), reader_id, own)


def _own_refusal(gifts: Sequence[Listing], reader_id: int | None, facts: AskerFacts | None) -> Refusal | None:
    """Return why the visitor may ask for no copy at present; one of these may be kept for them."""
    if facts is None:
        return None
    is_kept = any(gift.kept_until is not None and gift.user_id != reader_id for gift in gifts)
    return find_asker_refusal(facts.without_a_kept_copy() if is_kept else facts)


def _standings_for(rows: Sequence[Row[Any]], reader_id: int, now: int) -> dict[int, AskerFacts]:
    """Return the visitor's own standing and, for one who could give a copy, those of the readers who wait."""
    gives = any(row.kind == "gift" and row.user_id == reader_id for row in rows)
    return list_asker_facts({reader_id} | {row.user_id for row in rows if gives and row.kind == "wish"}, now)


def _wisher(row: Row[Any], facts: AskerFacts) -> Wisher:
    return Wisher(
        row.id,
        row.user_id,
        row.time,
        facts,
        has_offer=bool(row.has_offer),
        had_this_copy=not row.is_new,
        is_getting_one=bool(row.gets_one),
    )


def _gift_rows(book_id: int, reader_id: int | None) -> Select[tuple[object, ...]]:
    own = Gift.giver_id == (reader_id or 0)
    kept = func.coalesce(Gift.offered_to, 0) == (reader_id or -1)
    shown = Gift.state == CopyState.OPEN
    if reader_id is not None:
        shown |= own & (Gift.state == CopyState.RESERVED)
    rows = (
        select(
            literal("gift").label("kind"),
            Gift.id,
            Gift.giver_id.label("user_id"),
            Gift.create_time.label("time"),
            Gift.state,
            Gift.condition,
            Gift.note,
            Gift.offered_to,
            Gift.offer_until,
            _number_of(Gift.book_id == book_id, shown),
        )
        .where(Gift.book_id == book_id, shown)
        .order_by(*([own.desc(), kept.desc()] if reader_id is not None else []), Gift.id.desc())
        .limit(SHOWN)
        .subquery()
    )
    return select(rows, _nickname_in(rows), *(null().label(name) for name in ("has_offer", "is_new", "gets_one")))


def _wish_rows(book_id: int, reader_id: int | None) -> Select[tuple[object, ...]]:
    own = Wish.user_id == (reader_id or 0)
    rows = (
        select(
            literal("wish").label("kind"),
            Wish.id,
            Wish.user_id,
            Wish.create_time.label("time"),
            Wish.state,
            literal("").label("condition"),
            literal("").label("note"),
            null().label("offered_to"),
            null().label("offer_until"),
            _number_of(Wish.book_id == book_id, Wish.state == WishState.OPEN),
        )
        .where(Wish.book_id == book_id, Wish.state == WishState.OPEN)
        .order_by(*([own.desc()] if reader_id is not None else []), Wish.create_time, Wish.id)
        .limit(SHOWN)
        .subquery()
    )
    return select(rows, _nickname_in(rows), *_offer_facts(rows, book_id, reader_id))


def _number_of(*which: ColumnElement[bool]) -> ColumnElement[int]:
    """Count all copies or wishes, of which only the first are read."""
    return select(func.count()).where(*which).correlate(None).scalar_subquery().label("total")


def _nickname_in(rows: Subquery) -> ColumnElement[str]:
    return select(User.nickname).where(User.id == rows.c.user_id).scalar_subquery().label("nickname")


def _offer_facts(wish: Subquery, book_id: int, reader_id: int | None) -> list[ColumnElement[Any]]:
    """Return what decides whether a copy of the visitor's can be given for each wish that is shown."""
    if reader_id is None:
        return [null(), null(), null()]
    offered, copy, before = Gift.__table__.alias(), Gift.__table__.alias(), WishOffer.__table__
    earlier = Wish.__table__.alias()
    had_it = select(before.c.id).join(earlier, earlier.c.id == before.c.wish_id)
    had_it = had_it.where(before.c.gift_id == copy.c.id, earlier.c.user_id == wish.c.user_id)
    is_mine = (copy.c.giver_id == reader_id) & (copy.c.book_id == book_id)
    is_free = (copy.c.state == CopyState.OPEN) & copy.c.offered_wish_id.is_(None)
    under_way = one_of(Drift.__table__.c.state, UNDER_WAY)
    return [
        select(offered.c.id).where(offered.c.offered_wish_id == wish.c.id).exists(),
        select(copy.c.id).where(is_mine, is_free, ~had_it.correlate(copy, wish).exists()).exists(),
        select(Drift.id).where(Drift.asker_id == wish.c.user_id, Drift.book_id == book_id, under_way).exists(),
    ]
