"""A page of a reader's shelf, with how many copies of each kind there are. Times are in Unix seconds."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    String,
    Table,
    bindparam,
    case,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
)

from app.models.base import LIVE, db
from app.models.book import SHELF_COLUMNS, Book, Names, ShelfBook
from app.models.copy import Copy
from app.models.drift import Drift, end_of_loan_of
from app.models.gift import Gift
from app.rules.book.isbn import parse
from app.rules.book.local_number import number_of
from app.rules.exchange.drift import ON_LOAN, CopyState, DriftState
from app.rules.moderation.report import ReportKind
from app.rules.shelf.keeping import Show
from app.services.exchange.my_lists import count_waiting
from app.services.page import Page
from app.services.sight.audience import names_of_circles
from app.services.sight.hold import is_held
from app.services.sight.visible import KEPT, PUBLIC, Sight


class ShelfCopy(NamedTuple):
    """A copy on its holder's own shelf, or one that they have given, with the data of its book."""

    book_id: int
    isbn: str | None
    title: str
    subtitle: str
    publisher: str
    year: int | None
    authors: tuple[str, ...]
    id: int
    condition: str
    time: int
    """Since when it is listed, or on the shelf; when it was given."""
    state: str | None
    """That of its listing; None for a private copy."""
    listing_id: int | None
    note: str | None
    circles: str | None
    """The names of the circles for whose members alone it is listed; None if it is for everybody, or private."""
    offer_until: int | None
    """Until when it is on offer to a reader."""
    waits: bool
    """Somebody at the desk has to look at it before others see it."""
    others: int
    """How many wishes it would grant."""
    came: bool
    """The holder has it from another reader."""
    is_lost: bool
    """It was sent, and did not arrive."""
    lent_until: int | None
    """When it is to be back; None unless it is lent out."""

    @property
    def number(self) -> str:
        """What names the book in addresses."""
        return number_of(self.isbn, self.book_id)


class CopyToPassOn(NamedTuple):
    """A copy that came from another reader and is not listed."""

    id: int
    book: ShelfBook


class Counts(NamedTuple):
    """How many copies of each kind a page could show."""

    held: int
    offered: int
    private: int
    promised: int
    lent: int
    given: int


@dataclass(frozen=True)
class ShelfPage(Page[ShelfCopy]):
    """Some copies of a shelf, the newest first."""

    counts: Counts


def list_shelf(reader_id: int, show: Show | None, words: str, page: int, size: int, sight: Sight = PUBLIC) -> ShelfPage:
    """Return a page of a reader's shelf; `words` are part of a title, or an ISBN. Two statements."""
    named: dict[str, int | str] = {"reader_id": reader_id}
    if words:
        escaped = words.replace("/", "//").replace("%", "/%").replace("_", "/_")
        named |= {"part": f"%{escaped}%", "isbn": parse(words) or ""}
    counts = Counts(*map(int, db.session.execute(_select_counts(bool(words)), named).one()))
    total = getattr(counts, show or "held")
    rows = db.session.execute(
        _select_copies(show, bool(words), sight), named | {"size": size, "skipped": (page - 1) * size} | sight.values
    )
    return ShelfPage(list(map(ShelfCopy._make, rows)), total, page, size, counts)


def list_to_pass_on(reader_id: int, most: int) -> list[CopyToPassOn]:
    """Return the last copies that a reader has from others and does not list, the newest first; one statement."""
    rows = db.session.execute(_TO_PASS_ON, {"reader_id": reader_id, "size": most})
    return [CopyToPassOn(row[0], ShelfBook._make(row[1:])) for row in rows]


# Built once, as those of `exchange.my_lists`.
_COPY, _GIFT, _BOOK, _DRIFT = (cast("Table", table.__table__) for table in (Copy, Gift, Book, Drift))
_BEFORE = _GIFT.alias("before")
_READER, _SIZE, _SKIPPED = (bindparam(name, type_=BigInteger) for name in ("reader_id", "size", "skipped"))
_HELD = _COPY.outerjoin(_GIFT, (_GIFT.c.listed_copy_id == _COPY.c.id) & (_GIFT.c.status == LIVE))
_LOAN = _DRIFT.alias("loan")
_IS_LENT = (
    select(_LOAN.c.id).where(_LOAN.c.open_gift_id == _GIFT.c.id, _LOAN.c.state.in_(ON_LOAN)).correlate(_GIFT).exists()
)
_CAME = (
    select(_BEFORE.c.id)
    .where(_BEFORE.c.copy_id == _COPY.c.id, _BEFORE.c.state == CopyState.GIVEN, _BEFORE.c.status == LIVE)
    .correlate(_COPY)
    .exists()
)
_TO_PASS_ON = (
    select(_COPY.c.id, *SHELF_COLUMNS)
    .select_from(_HELD)
    .join(_BOOK, (_BOOK.c.id == _COPY.c.book_id) & (_BOOK.c.status == LIVE))
    .where(_COPY.c.holder_id == _READER, _GIFT.c.id.is_(None), _CAME)
    .order_by(_COPY.c.since.desc(), _COPY.c.id.desc())
    .limit(_SIZE)
)
_IS: dict[Show | None, ColumnElement[bool]] = {
    Show.OFFERED: _GIFT.c.state != CopyState.RESERVED,
    Show.PRIVATE: _GIFT.c.id.is_(None),
    Show.PROMISED: (_GIFT.c.state == CopyState.RESERVED) & ~_IS_LENT,
    Show.LENT: (_GIFT.c.state == CopyState.RESERVED) & _IS_LENT,
}


def _of_books(rows: FromClause, book_id: ColumnElement[int], has_words: bool) -> tuple[FromClause, list[Any]]:
    """Return rows and conditions on them; books are joined only if their titles are asked for."""
    if not has_words:
        return rows, []
    named = _BOOK.c.title.like(bindparam("part", type_=String), escape="/")
    return rows.join(_BOOK, _BOOK.c.id == book_id), [or_(named, _BOOK.c.isbn == bindparam("isbn", type_=String))]


@lru_cache
def _select_counts(has_words: bool) -> Select[Any]:
    rows, named = _of_books(_HELD, _COPY.c.book_id, has_words)
    kinds = (func.sum(case((_IS[show], 1), else_=0)) for show in (Show.OFFERED, Show.PRIVATE, Show.PROMISED, Show.LENT))
    given_rows, given_named = _of_books(_GIFT, _GIFT.c.book_id, has_words)
    given = select(func.count()).select_from(given_rows).where(*_is_given(), *given_named).scalar_subquery()
    held = select(func.count().label("held"), *(func.coalesce(kind, 0) for kind in kinds)).select_from(rows)
    one = held.where(_COPY.c.holder_id == _READER, *named).subquery()
    return select(*one.c, given)


def _is_given() -> tuple[ColumnElement[bool], ...]:
    return _GIFT.c.giver_id == _READER, _GIFT.c.state == CopyState.GIVEN, _GIFT.c.status == LIVE


@lru_cache(4 * KEPT)
def _select_copies(show: Show | None, has_words: bool, sight: Sight) -> Select[Any]:
    if show is Show.GIVEN:
        return _select_given(has_words)
    rows, named = _of_books(_HELD, _COPY.c.book_id, has_words)
    chosen = select(_COPY.c.id, _GIFT.c.id.label("listing_id")).select_from(rows)
    chosen = chosen.where(_COPY.c.holder_id == _READER, *named, *([_IS[show]] if show else []))
    chosen_ids = chosen.order_by(_COPY.c.id.desc()).limit(_SIZE).offset(_SKIPPED).subquery("chosen")
    return (
        select(
            *_book_columns(),
            _COPY.c.id,
            func.coalesce(_GIFT.c.condition, _COPY.c.condition),
            func.coalesce(_GIFT.c.create_time, _COPY.c.since),
            _GIFT.c.state,
            _GIFT.c.id.label("listing_id"),
            _GIFT.c.note,
            names_of_circles(sight, _GIFT),
            _GIFT.c.offer_until,
            is_held(ReportKind.LISTING, _GIFT.c.id).label("waits"),
            count_waiting(sight).label("others"),
            _CAME.label("came"),
            literal(False).label("is_lost"),
            end_of_loan_of(_GIFT.c.id, _GIFT.c.state),
        )
        .select_from(chosen_ids)
        .join(_COPY, _COPY.c.id == chosen_ids.c.id)
        .outerjoin(_GIFT, _GIFT.c.id == chosen_ids.c.listing_id)
        .join(_BOOK, _BOOK.c.id == _COPY.c.book_id)
        .order_by(_COPY.c.id.desc())
    )


def _select_given(has_words: bool) -> Select[Any]:
    rows, named = _of_books(_GIFT, _GIFT.c.book_id, has_words)
    chosen = select(_GIFT.c.id).select_from(rows).where(*_is_given(), *named)
    chosen_ids = chosen.order_by(_GIFT.c.id.desc()).limit(_SIZE).offset(_SKIPPED).subquery("chosen")
    ended = _DRIFT.c.state.in_((DriftState.RECEIVED, DriftState.MISSING, DriftState.LOST))
    return (
        select(
            *_book_columns(),
            _GIFT.c.copy_id,
            _GIFT.c.condition,
            func.coalesce(_DRIFT.c.state_time, _GIFT.c.create_time),
            _GIFT.c.state,
            _GIFT.c.id.label("listing_id"),
            _GIFT.c.note,
            null().label("circles"),
            _GIFT.c.offer_until,
            literal(False).label("waits"),
            literal(0).label("others"),
            literal(False).label("came"),
            func.coalesce(_DRIFT.c.state, "").in_((DriftState.MISSING, DriftState.LOST)).label("is_lost"),
            null().label("lent_until"),
        )
        .select_from(chosen_ids)
        .join(_GIFT, _GIFT.c.id == chosen_ids.c.id)
        .join(_BOOK, _BOOK.c.id == _GIFT.c.book_id)
        .outerjoin(_DRIFT, (_DRIFT.c.gift_id == _GIFT.c.id) & ended)
        .order_by(_GIFT.c.id.desc())
    )


def _book_columns() -> list[ColumnElement[Any]]:
    names = ("isbn", "title", "subtitle", "publisher", "year")
    return [
        _BOOK.c.id.label("book_id"),
        *(_BOOK.c[name] for name in names),
        type_coerce(_BOOK.c.authors, Names).label("authors"),
    ]
