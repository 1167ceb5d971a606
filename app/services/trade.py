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
from app.rules.asking import Copy, Standing, find_refusal
from app.rules.drift import UNDER_WAY, CopyState
from app.rules.listing import WishState
from app.rules.refusals import Refusal
from app.rules.wish_queue import Wisher, find_offer_refusal
from app.services.standing import find_standings

SHOWN = 20
"""How many givers and how many wishers a book's page names."""


@dataclass(frozen=True)
class Trade:
    """A copy or a wish on the page of its book. Times are Unix seconds."""

    id: int
    user_id: int
    nickname: str
    time: int
    state: str
    condition: str
    note: str
    refusal: Refusal | None
    """Why this visitor can not ask for the copy, or can not give one for the wish."""
    kept_until: int | None = None
    """Until when the copy is kept for a reader who waits, if that is this visitor or it is the visitor's own."""


@dataclass(frozen=True)
class Trades:
    """What readers do with one book, and what this visitor does with it."""

    gifts: list[Trade]
    gift_count: int
    wishes: list[Trade]
    wish_count: int
    reader_id: int | None

    @property
    def own_gifts(self) -> list[Trade]:
        """The visitor's own copies."""
        return [gift for gift in self.gifts if gift.user_id == self.reader_id]

    @property
    def gives(self) -> bool:
        """Tell whether the visitor lists a copy."""
        return bool(self.own_gifts)

    @property
    def can_grant(self) -> bool:
        """Tell whether the visitor has a copy that is promised to nobody."""
        return any(gift.state == CopyState.OPEN and gift.kept_until is None for gift in self.own_gifts)

    @property
    def wishes_for_it(self) -> bool:
        """Tell whether the visitor waits for the book."""
        return any(wish.user_id == self.reader_id for wish in self.wishes)


def find_trades(isbn: str, reader_id: int | None, now: int) -> Trades:
    """Return the open copies of and wishes for a book, the visitor's own first, those asked for among them.

    One statement for a visitor, two for a reader who is logged in.
    """
    rows = db.session.execute(union_all(_gift_rows(isbn, reader_id), _wish_rows(isbn, reader_id))).all()
    standings = _standings_for(rows, reader_id) if reader_id is not None else {}
    gifts: list[Trade] = []
    wishes: list[Trade] = []
    for row in rows:
        refusal, kept_until = None, None
        if row.kind == "gift" and reader_id is not None and reader_id in standings:
            copy = Copy(row.uid, CopyState(row.state), row.offered_to, row.offer_until)
            refusal = find_refusal(reader_id, standings[reader_id], copy, now)
            is_mine = reader_id in (row.uid, row.offered_to)
            kept_until = row.offer_until if is_mine and now < (row.offer_until or 0) else None
        elif row.kind == "wish" and reader_id is not None and row.uid in standings:
            refusal = find_offer_refusal(_wisher(row, standings[row.uid]), reader_id)
        trade = Trade(row.id, row.uid, row.nickname, row.time, row.state, row.condition, row.note, refusal, kept_until)
        (gifts if row.kind == "gift" else wishes).append(trade)
    counts = {row.kind: row.total for row in rows}
    return Trades(gifts, counts.get("gift", 0), wishes, counts.get("wish", 0), reader_id)


def _standings_for(rows: Sequence[Row[Any]], reader_id: int) -> dict[int, Standing]:
    """Return the visitor's own standing and, for one who could give a copy, those of the readers who wait."""
    gives = any(row.kind == "gift" and row.uid == reader_id for row in rows)
    return find_standings({reader_id} | {row.uid for row in rows if gives and row.kind == "wish"})


def _wisher(row: Row[Any], standing: Standing) -> Wisher:
    return Wisher(
        row.id,
        row.uid,
        row.time,
        standing,
        has_offer=bool(row.has_offer),
        had_this_copy=not row.is_new,
        is_getting_one=bool(row.gets_one),
    )


def _gift_rows(isbn: str, reader_id: int | None) -> Select[tuple[object, ...]]:
    own = Gift.uid == (reader_id or 0)
    kept = func.coalesce(Gift.offered_to, 0) == (reader_id or -1)
    shown = Gift.state == CopyState.OPEN
    if reader_id is not None:
        shown |= own & (Gift.state == CopyState.RESERVED)
    rows = (
        select(
            literal("gift").label("kind"),
            Gift.id,
            Gift.uid,
            User.nickname,
            Gift.create_time.label("time"),
            Gift.state,
            Gift.condition,
            Gift.note,
            Gift.offered_to,
            Gift.offer_until,
            func.count().over().label("total"),
        )
        .join(User, User.id == Gift.uid)
        .where(Gift.isbn == isbn, shown)
        .order_by(own.desc(), kept.desc(), Gift.id.desc())
        .limit(SHOWN)
        .subquery()
    )
    return select(rows, *(null().label(name) for name in ("has_offer", "is_new", "gets_one")))


def _wish_rows(isbn: str, reader_id: int | None) -> Select[tuple[object, ...]]:
    own = Wish.uid == (reader_id or 0)
    rows = (
        select(
            literal("wish").label("kind"),
            Wish.id,
            Wish.uid,
            User.nickname,
            Wish.create_time.label("time"),
            Wish.state,
            literal("").label("condition"),
            literal("").label("note"),
            null().label("offered_to"),
            null().label("offer_until"),
            func.count().over().label("total"),
        )
        .join(User, User.id == Wish.uid)
        .where(Wish.isbn == isbn, Wish.state == WishState.OPEN)
        .order_by(own.desc(), Wish.create_time, Wish.id)
        .limit(SHOWN)
        .subquery()
    )
    return select(rows, *_offer_facts(rows, isbn, reader_id))


def _offer_facts(wish: Subquery, isbn: str, reader_id: int | None) -> list[ColumnElement[Any]]:
    """Return what decides whether a copy of the visitor's can be given for each wish that is shown."""
    if reader_id is None:
        return [null(), null(), null()]
    offered, copy, before = Gift.__table__.alias(), Gift.__table__.alias(), WishOffer.__table__
    had_it = select(before.c.id).where(before.c.gift_id == copy.c.id, before.c.wish_id == wish.c.id)
    is_mine = (copy.c.uid == reader_id) & (copy.c.isbn == isbn)
    is_free = (copy.c.state == CopyState.OPEN) & copy.c.offered_wish_id.is_(None)
    under_way = one_of(Drift.__table__.c.state, UNDER_WAY)
    return [
        select(offered.c.id).where(offered.c.offered_wish_id == wish.c.id).exists(),
        select(copy.c.id).where(is_mine, is_free, ~had_it.correlate(copy, wish).exists()).exists(),
        select(Drift.id).where(Drift.asker_id == wish.c.uid, Drift.isbn == isbn, under_way).exists(),
    ]
