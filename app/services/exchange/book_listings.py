"""The readers who give a work or wish for it, and what the visitor can do, in few statements."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    Subquery,
    bindparam,
    case,
    false,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.models.base import db, one_of
from app.models.book import Book
from app.models.drift import Drift, end_of_loan_of
from app.models.gift import Gift, WishOffer
from app.models.user import User
from app.models.wish import Wish
from app.rules.exchange.asking import AskerFacts, RequestedGift, find_asker_refusal, find_copy_refusal
from app.rules.exchange.book_listings import BookListings, ListedEdition, Listing
from app.rules.exchange.drift import UNDER_WAY, CopyState
from app.rules.exchange.listing import Condition, WishState
from app.rules.exchange.nearness import find_nearness, list_around
from app.rules.exchange.wish_queue import Wisher, find_offer_refusal
from app.rules.exchange.wish_scope import is_covered
from app.rules.refusal import Refusal
from app.services.book.near import order_of_nearness
from app.services.delivery.places import names_of_places
from app.services.exchange.editions import covers
from app.services.exchange.eligibility import list_asker_facts
from app.services.sight.audience import costs_nothing, names_of_circles
from app.services.sight.visible import KEPT, PUBLIC, Sight, is_within_sight, listing_visible_to, visible_to

SHOWN = 30
"""How many copies, and how many wishes, a book's page lists."""

_WEAR = case({condition: place for place, condition in enumerate(Condition)}, value=Gift.condition)
_OFFER_FACTS = ("has_offer", "is_new", "gets_one")
_BOOK, _READER = bindparam("book", type_=BigInteger), bindparam("reader", type_=BigInteger)
_EDITIONS: BindParameter[int] = bindparam("editions", expanding=True)
_IN_LANGUAGE: BindParameter[int] = bindparam("in_language", expanding=True)
_book: Any = Book.__table__
_SAME_WORK = select(_book.c.id, _book.c.language).where(_book.c.work_id == bindparam("work"))


class _Row(NamedTuple):
    """A copy or a wish in the order of its columns; see `Listing`."""

    kind: str
    id: int
    user_id: int
    time: int
    state: str
    condition: str
    note: str
    ways: str
    meeting_words: str
    lend_days: int | None
    lent_until: int | None
    places: str | None
    circles: str | None
    is_free: bool | None
    offered_to: int | None
    offer_until: int | None
    scope: str
    book_id: int
    total: int
    """The total number of copies or wishes, of which only the first are loaded."""
    work_id: int
    isbn: str | None
    title: str
    publisher: str
    year: int | None
    language: str
    binding: str
    nickname: str
    area: str | None
    away_until: int | None
    has_offer: bool | None
    is_new: bool | None
    """The visitor has a free copy for this wish that was never offered to its reader, of an edition not refused."""
    gets_one: bool | None

    @property
    def edition(self) -> ListedEdition:
        return ListedEdition(self.book_id, *(getattr(self, name) for name in ListedEdition._fields[1:]))


def find_book_listings(
    book: Book, reader_id: int | None, now: int, area: str | None = None, sight: Sight = PUBLIC
) -> BookListings:
    """Return the open copies of and wishes for the editions of a book's work; the visitor's own come first.

    The visitor's own copies are listed even if they are asked for. Of the others' copies those of this edition come
    first, then those in its language; of these the nearest to the visitor's area, then the best, then the newest.

    Two statements for a visitor, three for a logged-in reader: both lists are loaded by one.
    """
    # The ids rather than a subquery: MariaDB would read all copies of the site.
    languages = dict(db.session.execute(_SAME_WORK, {"work": book.work_id}).tuples().all())
    around = [path for _, path in list_around(area)]
    values = (
        sight.values
        | {_around(place).key: path for place, path in enumerate(around)}
        | {
            _BOOK.key: book.id,
            _READER.key: reader_id or 0,
            _EDITIONS.key: list(languages),
            _IN_LANGUAGE.key: [id for id, language in languages.items() if language == book.language],
        }
    )
    both = _select_listings(reader_id is not None, len(around), sight)
    rows = list(map(_Row._make, db.session.execute(both, values).all()))
    copies, waiting = ([row for row in rows if row.kind == kind] for kind in ("gift", "wish"))
    facts_of = _find_facts(copies, waiting, reader_id, now) if reader_id is not None else {}
    mine = facts_of.get(reader_id or 0)
    gifts = [_gift(row, reader_id if mine else None, now, area) for row in copies]
    free = [row.edition for row in copies if row.user_id == reader_id and _is_free(row)]
    wishes = [_wish(row, reader_id, facts_of.get(row.user_id), free) for row in waiting]
    return BookListings(
        book=book,
        gifts=gifts,
        gift_count=copies[0].total if copies else 0,
        wishes=wishes,
        wish_count=waiting[0].total if waiting else 0,
        reader_id=reader_id,
        edition_count=len(languages),
        refusal=_own_refusal(gifts, reader_id, mine),
        free_refusal=_own_refusal(gifts, reader_id, mine, is_free=True),
    )


def _is_free(copy: _Row) -> bool:
    return copy.state == CopyState.OPEN and copy.offer_until is None


def _gift(row: _Row, reader_id: int | None, now: int, area: str | None) -> Listing:
    row = row._replace(away_until=row.away_until if row.away_until and now < row.away_until else None)
    if reader_id is None:
        return _listing(row)
    copy = RequestedGift(
        giver_id=row.user_id,
        state=CopyState(row.state),
        offered_to=row.offered_to,
        offer_until=row.offer_until,
        away_until=row.away_until,
    )
    is_kept = reader_id in (row.user_id, row.offered_to) and now < (row.offer_until or 0)
    listing = _listing(row, find_copy_refusal(reader_id, copy, now), row.offer_until if is_kept else None)
    return replace(listing, nearness=find_nearness(area, row.area) if row.user_id != reader_id else None)


def _wish(row: _Row, reader_id: int | None, facts: AskerFacts | None, free: Sequence[ListedEdition]) -> Listing:
    """Return a wish; `facts` are those of its reader, `free` the editions of which the visitor has a copy to give."""
    is_mine_to_grant = row.user_id != reader_id and any(is_covered(row.scope, row.edition, copy) for copy in free)
    if reader_id is None or facts is None or not is_mine_to_grant:
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
    return _listing(row, find_offer_refusal(wisher, reader_id), is_mine_to_grant=True)


def _listing(
    row: _Row, refusal: Refusal | None = None, kept_until: int | None = None, is_mine_to_grant: bool = False
) -> Listing:
    return Listing(
        id=row.id,
        user_id=row.user_id,
        nickname=row.nickname,
        time=row.time,
        state=row.state,
        condition=row.condition,
        note=row.note,
        edition=row.edition,
        scope=row.scope,
        ways=row.ways,
        meeting_words=row.meeting_words,
        lend_days=row.lend_days,
        lent_until=row.lent_until,
        places=row.places or "",
        circles=row.circles or "",
        is_free=bool(row.is_free),
        away_until=row.away_until,
        refusal=refusal,
        kept_until=kept_until,
        is_mine_to_grant=is_mine_to_grant,
    )


def _own_refusal(
    gifts: Sequence[Listing], reader_id: int | None, facts: AskerFacts | None, is_free: bool = False
) -> Refusal | None:
    """Return why the visitor may not ask for any copy at present, or for none that costs no bean.

    One of these may be on offer to them.
    """
    if facts is None:
        return None
    kept = [gift for gift in gifts if gift.kept_until is not None and gift.user_id != reader_id]
    facts = facts.without_a_kept_copy(kept[0].is_free) if kept else facts
    return find_asker_refusal(facts, is_free=is_free)


def _find_facts(copies: Sequence[_Row], waiting: Sequence[_Row], reader_id: int, now: int) -> dict[int, AskerFacts]:
    """Return the facts of the visitor and, if the visitor could give a copy, of the readers who wait."""
    gives = any(row.user_id == reader_id for row in copies)
    return list_asker_facts({reader_id} | {row.user_id for row in waiting if gives}, now)


def _around(place: int) -> BindParameter[str]:
    """Return the parameter for an area around the reader, the smallest being the first."""
    return bindparam(f"around_{place}", type_=String)


@lru_cache(KEPT)
def _select_listings(is_reader: bool, areas: int, sight: Sight) -> CompoundSelect[Any]:
    """Return the statement for a visitor or a reader with so many areas; building it takes longer than running it."""
    return union_all(_select_gifts(is_reader, areas, sight), _select_wishes(is_reader, sight))


def _select_gifts(is_reader: bool, areas: int, sight: Sight) -> Select[tuple[object, ...]]:
    own = Gift.giver_id == _READER
    kept = func.coalesce(Gift.offered_to, 0) == _READER
    listed = Gift.state == CopyState.OPEN
    if is_reader:
        listed |= own & (Gift.state == CopyState.RESERVED)
    is_shown = Gift.book_id.in_(_EDITIONS), listed, listing_visible_to(sight, Gift)
    first: list[ColumnElement[Any]] = [own.desc(), kept.desc()] if is_reader else []
    first += [(Gift.book_id == _BOOK).desc(), Gift.book_id.in_(_IN_LANGUAGE).desc()]
    first += order_of_nearness([_around(place) for place in range(areas)], Gift.giver_id)
    rows = (
        select(
            literal("gift").label("kind"),
            Gift.id,
            Gift.giver_id.label("user_id"),
            Gift.create_time.label("time"),
            Gift.state,
            Gift.condition,
            Gift.note,
            Gift.ways,
            Gift.meeting_words,
            Gift.lend_days,
            end_of_loan_of(Gift.id, Gift.state),
            names_of_places(Gift.id, Gift.ways),
            names_of_circles(sight, Gift),
            costs_nothing(sight, Gift),
            Gift.offered_to,
            Gift.offer_until,
            literal("").label("scope"),
            Gift.book_id,
            _number_of(*is_shown),
        )
        .where(*is_shown)
        .order_by(*first, _WEAR, Gift.id.desc())
        .limit(SHOWN)
        .subquery()
    )
    facts = (null().label(name) for name in _OFFER_FACTS)
    giver_area = _of_reader(rows, User.area) if areas else null().label("area")
    return _with_editions(rows, giver_area, _of_reader(rows, User.away_until), *facts)


def _select_wishes(is_reader: bool, sight: Sight) -> Select[tuple[object, ...]]:
    own = Wish.user_id == _READER
    is_shown = Wish.book_id.in_(_EDITIONS), Wish.state == WishState.OPEN, visible_to(sight, Wish.user_id)
    rows = (
        select(
            literal("wish").label("kind"),
            Wish.id,
            Wish.user_id,
            Wish.create_time.label("time"),
            Wish.state,
            *(literal("").label(name) for name in ("condition", "note", "ways", "meeting_words")),
            null().label("lend_days"),
            null().label("lent_until"),
            literal("").label("places"),
            null().label("circles"),
            false().label("is_free"),
            null().label("offered_to"),
            null().label("offer_until"),
            Wish.scope,
            Wish.book_id,
            _number_of(*is_shown),
        )
        .where(*is_shown)
        .order_by(*([own.desc()] if is_reader else []), Wish.create_time, Wish.id)
        .limit(SHOWN)
        .subquery()
    )
    nothing = (null().label(name) for name in ("area", "away_until"))
    return _with_editions(rows, *nothing, *_offer_facts(rows, is_reader))


def _with_editions(rows: Subquery, *facts: ColumnElement[Any]) -> Select[tuple[object, ...]]:
    edition = [_book.c[name] for name in ListedEdition._fields if name != "id"]
    # An outer join, which keeps the order of the rows: MariaDB would begin a plain one with the books.
    with_reader = select(rows, *edition, _of_reader(rows, User.nickname), *facts)
    return with_reader.outerjoin(_book, _book.c.id == rows.c.book_id)


def _number_of(*which: ColumnElement[bool]) -> ColumnElement[int]:
    """Return the window function that counts all copies or wishes, of which only the first are loaded."""
    return select(func.count()).where(*which).correlate(None).scalar_subquery().label("total")


def _of_reader(rows: Subquery, column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    return select(column).where(User.id == rows.c.user_id).scalar_subquery().label(column.key)


def _offer_facts(wish: Subquery, is_reader: bool) -> list[ColumnElement[Any]]:
    """Return the facts that decide whether a copy of the visitor's can be given for each listed wish."""
    if not is_reader:
        return [null().label(name) for name in _OFFER_FACTS]
    offered, copy, edition, before = Gift.__table__.alias(), Gift.__table__.alias(), _book.alias(), WishOffer.__table__
    earlier = Wish.__table__.alias()
    had_it = select(before.c.id).join(earlier, earlier.c.id == before.c.wish_id)
    had_it = had_it.where(before.c.gift_id == copy.c.id, earlier.c.user_id == wish.c.user_id)
    is_mine = (copy.c.giver_id == _READER) & copy.c.book_id.in_(_EDITIONS)
    is_free = (copy.c.state == CopyState.OPEN) & copy.c.offered_wish_id.is_(None)
    is_meant = (edition.c.id == copy.c.book_id) & covers(wish.c.scope, wish.c.book_id, _book.c.language, edition)
    under_way = one_of(Drift.__table__.c.state, UNDER_WAY)
    grants = (Drift.book_id == wish.c.book_id) | (Drift.wish_id == wish.c.id)
    refusing = before.join(offered, offered.c.id == before.c.gift_id)
    refused = select(before.c.id).select_from(refusing).where(before.c.wish_id == wish.c.id, before.c.refused)
    refused = refused.where(offered.c.book_id == copy.c.book_id, copy.c.book_id != wish.c.book_id)
    return [
        select(offered.c.id).where(offered.c.offered_wish_id == wish.c.id).exists(),
        select(copy.c.id)
        .where(
            is_mine,
            is_free,
            is_within_sight(copy, wish.c.user_id),
            ~had_it.correlate(copy, wish, _book).exists(),
            ~refused.correlate(copy, wish, _book).exists(),
        )
        .where(select(edition.c.id).where(is_meant).correlate(copy, wish, _book).exists())
        .exists(),
        select(Drift.id).where(Drift.asker_id == wish.c.user_id, grants, under_way).exists(),
    ]
