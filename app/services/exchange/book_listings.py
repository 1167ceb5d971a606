"""The readers who give or wish for a book, and what the visitor can do, in few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, case, func, literal, null, select, union_all

from app.models.base import db, one_of
from app.models.drift import Drift
from app.models.gift import Gift, WishOffer
from app.models.user import User
from app.models.wish import Wish
from app.rules.exchange.asking import AskerFacts, RequestedGift, find_asker_refusal, find_copy_refusal
from app.rules.exchange.drift import UNDER_WAY, CopyState
from app.rules.exchange.listing import Condition, WishState
from app.rules.exchange.wish_queue import Wisher, find_offer_refusal
from app.rules.refusal import Refusal
from app.services.exchange.eligibility import list_asker_facts

SHOWN = 30
"""How many copies, and how many wishes, a book's page lists."""

_WEAR = case({condition: place for place, condition in enumerate(Condition)}, value=Gift.condition)


@dataclass(frozen=True)
class Listing:
    """A copy or a wish on the page of its book. Times are in Unix seconds."""

    id: int
    user_id: int
    nickname: str
    time: int
    state: str
    condition: str
    note: str
    refusal: Refusal | None
    """Why the visitor cannot ask for this copy (or any: `BookListings.refusal`), or cannot grant this wish."""
    kept_until: int | None = None
    """Until when the copy is on offer to a waiting reader; only for that reader, and for the giver of the copy."""


@dataclass(frozen=True)
class BookListings:
    """The copies of and wishes for one book, with those of the visitor."""

    gifts: list[Listing]
    gift_count: int
    wishes: list[Listing]
    wish_count: int
    reader_id: int | None
    refusal: Refusal | None = None
    """Why the visitor may not ask for any book at present."""

    @property
    def own_gifts(self) -> list[Listing]:
        """The visitor's own copies."""
        return [gift for gift in self.gifts if gift.user_id == self.reader_id]

    @property
    def gives(self) -> bool:
        """Return whether the visitor lists a copy."""
        return bool(self.own_gifts)

    @property
    def has_others_gifts(self) -> bool:
        """Return whether another reader lists a copy."""
        return len(self.own_gifts) < len(self.gifts)

    @property
    def can_ask(self) -> bool:
        """Return whether the visitor may ask for a listed copy, at least after logging in."""
        others = (gift for gift in self.gifts if gift.user_id != self.reader_id)
        return self.refusal is None and any(gift.refusal is None for gift in others)

    @property
    def waiting_since(self) -> int | None:
        """Since when the first reader has been waiting, in Unix seconds."""
        return min((wish.time for wish in self.wishes), default=None)

    @property
    def can_grant(self) -> bool:
        """Return whether the visitor has a copy that is on offer to nobody."""
        return any(gift.state == CopyState.OPEN and gift.kept_until is None for gift in self.own_gifts)

    @property
    def wishes_for_it(self) -> bool:
        """Return whether the visitor wishes for the book."""
        return any(wish.user_id == self.reader_id for wish in self.wishes)


class _Row(NamedTuple):
    """A copy or a wish as loaded; see `Listing`."""

    kind: str
    id: int
    user_id: int
    time: int
    state: str
    condition: str
    note: str
    offered_to: int | None
    offer_until: int | None
    total: int
    """The total number of copies or wishes, of which only the first are loaded."""
    nickname: str
    has_offer: bool | None
    is_new: bool | None
    """The visitor has a free copy that was never offered to this reader."""
    gets_one: bool | None


def find_book_listings(book_id: int, reader_id: int | None, now: int) -> BookListings:
    """Return the open copies of and wishes for a book; the visitor's own come first, even if they are asked for.

    Of the others' copies the best comes first, of equal ones the one listed first.

    One statement for a visitor, two for a logged-in reader: both lists are loaded by one, which saves a round trip.
    """
    both = union_all(_select_gifts(book_id, reader_id), _select_wishes(book_id, reader_id))
    rows = [_Row(**row._asdict()) for row in db.session.execute(both)]
    copies, waiting = ([row for row in rows if row.kind == kind] for kind in ("gift", "wish"))
    facts_of = _find_facts(copies, waiting, reader_id, now) if reader_id is not None else {}
    mine = facts_of.get(reader_id or 0)
    gifts = [_gift(row, reader_id if mine else None, now) for row in copies]
    wishes = [_wish(row, reader_id, facts_of.get(row.user_id)) for row in waiting]
    return BookListings(
        gifts=gifts,
        gift_count=copies[0].total if copies else 0,
        wishes=wishes,
        wish_count=waiting[0].total if waiting else 0,
        reader_id=reader_id,
        refusal=_own_refusal(gifts, reader_id, mine),
    )


def _gift(row: _Row, reader_id: int | None, now: int) -> Listing:
    if reader_id is None:
        return _listing(row)
    copy = RequestedGift(
        giver_id=row.user_id, state=CopyState(row.state), offered_to=row.offered_to, offer_until=row.offer_until
    )
    is_kept = reader_id in (row.user_id, row.offered_to) and now < (row.offer_until or 0)
    return _listing(row, find_copy_refusal(reader_id, copy, now), row.offer_until if is_kept else None)


def _wish(row: _Row, reader_id: int | None, facts: AskerFacts | None) -> Listing:
    """Return a wish; `facts` are those of its reader, if the visitor has a copy to give."""
    if reader_id is None or facts is None:
        return _listing(row)
    wisher = Wisher(
        wish_id=row.id,
        reader_id=row.user_id,
        since=row.time,
        facts=facts,
        has_offer=bool(row.has_offer),
        had_this_copy=not row.is_new,
        is_getting_one=bool(row.gets_one),
    )
    return _listing(row, find_offer_refusal(wisher, reader_id))


def _listing(row: _Row, refusal: Refusal | None = None, kept_until: int | None = None) -> Listing:
    return Listing(
        id=row.id,
        user_id=row.user_id,
        nickname=row.nickname,
        time=row.time,
        state=row.state,
        condition=row.condition,
        note=row.note,
        refusal=refusal,
        kept_until=kept_until,
    )


def _own_refusal(gifts: Sequence[Listing], reader_id: int | None, facts: AskerFacts | None) -> Refusal | None:
    """Return why the visitor may not ask for any copy at present; one of these may be on offer to them."""
    if facts is None:
        return None
    is_kept = any(gift.kept_until is not None and gift.user_id != reader_id for gift in gifts)
    return find_asker_refusal(facts.without_a_kept_copy() if is_kept else facts)


def _find_facts(copies: Sequence[_Row], waiting: Sequence[_Row], reader_id: int, now: int) -> dict[int, AskerFacts]:
    """Return the facts of the visitor and, if the visitor could give a copy, of the readers who wait."""
    gives = any(row.user_id == reader_id for row in copies)
    return list_asker_facts({reader_id} | {row.user_id for row in waiting if gives}, now)


def _select_gifts(book_id: int, reader_id: int | None) -> Select[tuple[object, ...]]:
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
        .order_by(*([own.desc(), kept.desc()] if reader_id is not None else []), _WEAR, Gift.id)
        .limit(SHOWN)
        .subquery()
    )
    return select(rows, _nickname_in(rows), *(null().label(name) for name in ("has_offer", "is_new", "gets_one")))


def _select_wishes(book_id: int, reader_id: int | None) -> Select[tuple[object, ...]]:
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
    """Return the window function that counts all copies or wishes, of which only the first are loaded."""
    return select(func.count()).where(*which).correlate(None).scalar_subquery().label("total")


def _nickname_in(rows: Subquery) -> ColumnElement[str]:
    return select(User.nickname).where(User.id == rows.c.user_id).scalar_subquery().label("nickname")


def _offer_facts(wish: Subquery, book_id: int, reader_id: int | None) -> list[ColumnElement[Any]]:
    """Return the facts that decide whether a copy of the visitor's can be given for each listed wish."""
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
