"""What there is for a reader of others' listings and wishes: the one place that decides it.

Two readers, one of whom has blocked the other, never meet; and a listing that is closed exists for the members of its
circles alone, and for its giver.
"""

from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import BigInteger, ColumnElement, Exists, Table, and_, bindparam, or_, select, true

from app.models.base import LIVE, db
from app.models.circle import Circle, GiftCircle, Membership
from app.models.gift import Gift
from app.models.user import Block
from app.rules.circle.circle import CircleState, MemberState

KEPT = 32
"""How many variations of a statement that is built once are kept; nearly all readers share one."""
_BLOCK = cast("Table", Block.__table__)
_CIRCLE, _MEMBER, _MARKED = (cast("Table", table.__table__) for table in (Circle, Membership, GiftCircle))
_GIFT = cast("Table", Gift.__table__)
LOOKER = bindparam("looker", type_=BigInteger)
"""Who looks; see `Sight.values`."""


@dataclass(frozen=True)
class Sight:
    """What somebody sees. Two readers who see by the same conditions are equal: who looks is a parameter, `values`."""

    reader_id: int | None = field(default=None, compare=False)
    has_blocks: bool = False
    """The reader has blocked somebody or was blocked."""
    has_circles: bool = False
    """The reader is or was in a circle."""

    @property
    def values(self) -> dict[str, int | None]:
        """Return the parameter of the conditions below, for whoever runs a statement with them."""
        return {} if self == PUBLIC else {LOOKER.key: self.reader_id}


PUBLIC = Sight()


def visible_to(sight: Sight, owner: Any) -> ColumnElement[bool]:
    """Return the condition that a wish, or a word, of `owner`, a column, exists for who looks; it costs most nothing.

    A statement with it, or with `listing_visible_to`, is run with the `values` of the sight.
    """
    return ~are_apart(LOOKER, owner) if sight.has_blocks else true()


def listing_visible_to(sight: Sight, gift: Any) -> ColumnElement[bool]:
    """Return the condition that a listing exists for who looks; `gift` is `Gift`, its table or an alias."""
    columns = getattr(gift, "c", gift)
    is_met = and_(visible_to(sight, columns.giver_id), visible_to(sight, columns.lender_id))
    return and_(is_met, is_within_sight(gift, LOOKER) if sight.has_circles else ~columns.is_closed)


def is_within_sight(gift: Any, reader: Any) -> ColumnElement[bool]:
    """Return the condition that a listing is for everybody, or for a circle of this reader, or the reader's own."""
    columns = getattr(gift, "c", gift)
    member, marked, circle = _MEMBER.alias(), _MARKED.alias(), _CIRCLE.alias()
    shared = select(marked.c.id).join(member, member.c.circle_id == marked.c.circle_id)
    shared = shared.join(circle, circle.c.id == marked.c.circle_id).where(marked.c.gift_id == columns.id)
    shared = shared.where(member.c.user_id == reader, member.c.state == MemberState.IN)
    shared = shared.where(circle.c.state == CircleState.ALIVE, circle.c.status == LIVE)
    # One row and no EXISTS: of that MariaDB would make a list of all listings of the reader's circles.
    one = shared.correlate_except(member, marked, circle).limit(1).scalar_subquery()
    return or_(~columns.is_closed, columns.giver_id == reader, one.is_not(None))


def sees_listing(reader_id: int | None, gift_id: int) -> bool:
    """Return whether a listing is within sight of a reader, or of a visitor; blocks aside."""
    seen = select(_GIFT.c.id).where(_GIFT.c.id == gift_id, is_within_sight(_GIFT, reader_id or 0))
    return db.session.scalar(seen) is not None


def has_circles(reader: Any) -> ColumnElement[bool]:
    """Return the condition that a reader is or was in a circle."""
    return select(_MEMBER.c.id).where(_MEMBER.c.user_id == reader).exists()


def are_apart(one: Any, other: Any) -> ColumnElement[bool]:
    """Return the condition that one of two readers has blocked the other; each is a column, a parameter or an id."""
    return or_(_blocks(one, other), _blocks(other, one))


def has_blocked(one: int, other: int) -> bool:
    """Return whether one of two readers has blocked the other."""
    return bool(db.session.scalar(select(are_apart(one, other))))


def is_blocked_by(one: int, other: int) -> bool:
    """Return whether a reader is blocked by another one."""
    return bool(db.session.scalar(select(_blocks(other, one))))


def has_blocks(reader: Any) -> ColumnElement[bool]:
    """Return the condition that a reader has blocked somebody or was blocked."""
    found = select(_BLOCK.c.id)
    return or_(*(found.where(column == reader).exists() for column in (_BLOCK.c.reader_id, _BLOCK.c.blocked_id)))


def _blocks(reader: Any, other: Any) -> Exists:
    alias = _BLOCK.alias()
    return select(alias.c.id).where(alias.c.reader_id == reader, alias.c.blocked_id == other).exists()
