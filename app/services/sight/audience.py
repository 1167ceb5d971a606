"""For whom a listing is: what its giver can choose, storing it, and saying it to who looks."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, Table, and_, case, delete, false, func, insert, null, select, update

from app.models.base import LIVE, db
from app.models.circle import Circle, GiftCircle, Membership
from app.models.gift import Gift
from app.rules.circle.circle import CircleState, MemberState
from app.rules.exchange.audience import CircleRules, ensure_are_own, ensure_suits
from app.rules.exchange.drift import CopyState
from app.rules.exchange.way import in_order
from app.services.sight.visible import LOOKER, Sight

_CIRCLE, _MEMBER, _MARKED, _GIFT = (cast("Table", table.__table__) for table in (Circle, Membership, GiftCircle, Gift))

_RULES = _CIRCLE.c.name, _CIRCLE.c.ways, _CIRCLE.c.lends, _CIRCLE.c.needs_beans


class OwnCircle(NamedTuple):
    """A circle for whose members a reader can list copies."""

    id: int
    name: str


@dataclass(frozen=True)
class Audience:
    """The circles of a reader, and those of them for which a copy is, or was the last one; none: for everybody."""

    circles: list[OwnCircle]
    chosen: list[int]


def find_audience(reader_id: int, gift_id: int | None = None) -> Audience:
    """Return what a giver can choose, and what holds for a listing of theirs, or for their last one; one statement."""
    last = select(func.max(_GIFT.c.id)).where(_GIFT.c.giver_id == reader_id, _GIFT.c.status == LIVE)
    listing = last.scalar_subquery() if gift_id is None else gift_id
    marked = select(_MARKED.c.id).where(_MARKED.c.circle_id == _CIRCLE.c.id, _MARKED.c.gift_id == listing)
    mine = _of_reader(select(_CIRCLE.c.id, _CIRCLE.c.name, marked.exists().label("is_chosen")), reader_id)
    rows = db.session.execute(mine.order_by(_CIRCLE.c.name, _CIRCLE.c.id)).all()
    return Audience([OwnCircle(row.id, row.name) for row in rows], [row.id for row in rows if row.is_chosen])


def _of_reader(selected: Select[Any], reader: Any) -> Select[Any]:
    """Select from the circles that a reader is in."""
    is_in = _MEMBER.c.user_id == reader, _MEMBER.c.state == MemberState.IN, _MEMBER.c.status == LIVE
    goes_on = _CIRCLE.c.state == CircleState.ALIVE, _CIRCLE.c.status == LIVE
    return selected.join(_MEMBER, _MEMBER.c.circle_id == _CIRCLE.c.id).where(*is_in, *goes_on)


def show_to(gift: Gift, circles: Collection[int]) -> bool:
    """Let a stored listing be for these circles alone, or for everybody without any; return whether that is a change.

    Inside a transaction that has locked the giver, so that they do not leave one of the circles meanwhile.

    :raises NotInTheseCircles: the giver is not in all of them, or one has ended.
    :raises OtherWaysInCircle, NoLendingInCircle: nobody could have it in one of them as it is described.
    """
    if not circles and not gift.is_closed:
        return False  # nearly always, and without a statement
    own = _of_reader(select(_CIRCLE.c.id, *_RULES).where(_CIRCLE.c.id.in_(circles)), gift.giver_id)
    rows = db.session.execute(own.order_by(_CIRCLE.c.id).with_for_update(read=True)).all()
    ensure_are_own(circles, [row.id for row in rows])
    ensure_suits([_rules(row) for row in rows], gift.terms.ways, gift.lend_days is not None)
    before = set(db.session.scalars(select(GiftCircle.circle_id).where(GiftCircle.gift_id == gift.id)))
    if gift.is_closed == bool(circles) and before == set(circles):
        return False
    db.session.execute(delete(GiftCircle).where(GiftCircle.gift_id == gift.id))
    if circles:
        db.session.execute(insert(GiftCircle), [{"gift_id": gift.id, "circle_id": id} for id in sorted(set(circles))])
    gift.is_closed = bool(circles)
    db.session.flush()
    return True


def find_shared(gift: Gift, reader_id: int) -> list[CircleRules] | None:
    """Return the rules of the circles for which a copy is and in which a reader is; None if it is for everybody."""
    if not gift.is_closed:
        return None
    shared = select(*_RULES).join(_MARKED, _MARKED.c.circle_id == _CIRCLE.c.id).where(_MARKED.c.gift_id == gift.id)
    return list(map(_rules, db.session.execute(_of_reader(shared, reader_id).order_by(_CIRCLE.c.name))))


def _rules(row: Any) -> CircleRules:
    return CircleRules(row.name, in_order(row.ways.split()), row.lends, row.needs_beans)


def is_free_for(gift: Any, reader: Any) -> ColumnElement[bool]:
    """Return the condition that a copy costs a reader, a column or a parameter, nothing in one of its circles."""
    columns = getattr(gift, "c", gift)
    member, marked, circle = _MEMBER.alias(), _MARKED.alias(), _CIRCLE.alias()
    # One row and no EXISTS, as in `is_within_sight`.
    free = select(marked.c.id).join(member, member.c.circle_id == marked.c.circle_id)
    free = free.join(circle, circle.c.id == marked.c.circle_id).where(marked.c.gift_id == columns.id)
    free = free.where(member.c.user_id == reader, member.c.state == MemberState.IN, ~circle.c.needs_beans)
    free = free.where(circle.c.state == CircleState.ALIVE).correlate_except(member, marked, circle).limit(1)
    return and_(columns.is_closed, free.scalar_subquery().is_not(None))


def costs_nothing(sight: Sight, gift: Any) -> ColumnElement[Any]:
    """Return in SQL whether a listing costs who looks no bean, for a reader in no circle without a look."""
    return (is_free_for(gift, LOOKER) if sight.has_circles else false()).label("is_free")


def has_free_circle(reader_id: int) -> bool:
    """Return whether a reader is in a circle that needs no beans."""
    mine = _of_reader(select(_CIRCLE.c.id), reader_id).where(~_CIRCLE.c.needs_beans)
    return db.session.scalar(mine.limit(1)) is not None


def take_off_unseen(gift_ids: Collection[int]) -> set[int]:
    """Make private those of these copies whose giver has left all circles for which they are; return their ids.

    Inside a transaction that has locked the givers.
    """
    marked = select(GiftCircle.id).where(GiftCircle.gift_id == Gift.id)
    closed = select(Gift.id).where(Gift.id.in_(gift_ids), Gift.is_closed, ~marked.exists())
    unseen = set(db.session.scalars(closed))
    if unseen:
        db.session.execute(update(Gift).where(Gift.id.in_(unseen)).values(state=CopyState.WITHDRAWN))
    return unseen


def names_of_circles(sight: Sight, gift: Any) -> ColumnElement[Any]:
    """Return in SQL the names of the circles in which who looks is, and for which alone a listing is, as one text.

    Null for a listing that is for everybody, and for all of them if the reader is in no circle, which costs nothing.
    """
    if not sight.has_circles:
        return null().label("circles")
    columns = getattr(gift, "c", gift)
    names = select(func.aggregate_strings(_CIRCLE.c.name, " · ")).join(_MARKED, _MARKED.c.circle_id == _CIRCLE.c.id)
    names = _of_reader(names, LOOKER).where(_MARKED.c.gift_id == columns.id)
    return case((columns.is_closed, names.correlate_except(_CIRCLE, _MARKED, _MEMBER).scalar_subquery())).label(
        "circles"
    )
