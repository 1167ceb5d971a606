"""The circles that a reader belongs to, those that anybody can find, and the members of one."""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import Row, Table, case, func, select

from app.models.base import LIVE, db
from app.models.circle import Circle, Membership
from app.models.user import User
from app.rules.circle.circle import CircleState, MemberRole, MemberState
from app.rules.exchange.nearness import list_around
from app.services.book.near import lies_in
from app.services.page import Page
from app.services.sight.visible import PUBLIC, Sight, visible_to


class ListedCircle(NamedTuple):
    """A circle as the directory shows it."""

    id: int
    slug: str
    name: str
    about: str
    door: str
    area: str | None
    members: int


class OwnCircle(NamedTuple):
    """A circle that a reader is in, or waits before."""

    slug: str
    name: str
    is_in: bool
    is_steward: bool
    asking: int
    """How many readers ask a steward to be let in."""


class Member(NamedTuple):
    """A member as others of the circle see them."""

    id: int
    nickname: str
    is_steward: bool
    since: int


_CIRCLE, _MEMBER, _USER = (cast("Table", table.__table__) for table in (Circle, Membership, User))
_GOES_ON = _CIRCLE.c.state == CircleState.ALIVE, _CIRCLE.c.status == LIVE


def list_listed(area: str | None, page: int, size: int) -> Page[ListedCircle]:
    """Return a page of the circles that anybody can find, the nearest to an area first; three statements."""
    listed = *_GOES_ON, _CIRCLE.c.listed
    total = db.session.scalar(select(func.count()).select_from(_CIRCLE).where(*listed)) or 0
    around = [(lies_in(_CIRCLE.c.area, path), place) for place, (_, path) in enumerate(list_around(area))]
    nearest = [case(*around, else_=len(around))] if around else []
    columns = (_CIRCLE.c[name] for name in ("id", "slug", "name", "about", "door", "area"))
    found = select(*columns).where(*listed).order_by(*nearest, _CIRCLE.c.name, _CIRCLE.c.id)
    rows = db.session.execute(found.limit(size).offset((page - 1) * size)).all()
    counts = _count_members([row.id for row in rows])
    return Page([ListedCircle(**row._asdict(), members=counts.get(row.id, 0)) for row in rows], total, page, size)


def find_circle_id(slug: str) -> int | None:
    """Return the id of a circle that goes on, whoever may know of it."""
    named = select(_CIRCLE.c.id, _CIRCLE.c.slug).where(_CIRCLE.c.slug == slug, *_GOES_ON)
    row = db.session.execute(named).first()
    return row.id if row is not None and row.slug == slug else None


def list_all() -> Sequence[Row[Any]]:
    """Return all circles that go on, listed or not, for operators; one statement."""
    inside = select(func.count()).where(_MEMBER.c.circle_id == _CIRCLE.c.id, _MEMBER.c.state == MemberState.IN)
    columns = (_CIRCLE.c[name] for name in ("slug", "name", "door", "listed"))
    found = select(*columns, inside.scalar_subquery().label("members")).where(*_GOES_ON)
    return db.session.execute(found.order_by(_CIRCLE.c.id)).all()


def _count_members(circle_ids: Sequence[int]) -> dict[int, int]:
    counted = select(_MEMBER.c.circle_id, func.count()).where(_MEMBER.c.state == MemberState.IN)
    counted = counted.where(_MEMBER.c.circle_id.in_(circle_ids)).group_by(_MEMBER.c.circle_id)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def list_own(reader_id: int) -> list[OwnCircle]:
    """Return the circles that a reader is in or waits before, by name; one statement."""
    asks = _MEMBER.alias()
    asking = select(func.count()).where(asks.c.circle_id == _CIRCLE.c.id, asks.c.state == MemberState.ASKED)
    mine = select(_CIRCLE.c.slug, _CIRCLE.c.name, _MEMBER.c.state, _MEMBER.c.role, asking.scalar_subquery())
    mine = mine.join(_CIRCLE, _CIRCLE.c.id == _MEMBER.c.circle_id).order_by(_CIRCLE.c.name, _CIRCLE.c.id)
    states = [MemberState.IN, MemberState.ASKED]
    mine = mine.where(_MEMBER.c.user_id == reader_id, _MEMBER.c.state.in_(states), *_GOES_ON)
    return [_own(*row) for row in db.session.execute(mine)]


def _own(slug: str, name: str, state: str, role: str, asking: int) -> OwnCircle:
    is_in = state == MemberState.IN
    is_steward = is_in and role == MemberRole.STEWARD
    return OwnCircle(slug, name, is_in, is_steward, asking if is_steward else 0)


def list_members(circle_id: int, page: int, size: int, sight: Sight = PUBLIC) -> Page[Member]:
    """Return a page of the members whom a reader sees, stewards first, then who came last; two statements."""
    seen: tuple[Any, ...] = (_MEMBER.c.circle_id == circle_id, _MEMBER.c.state == MemberState.IN)
    seen = *seen, visible_to(sight, _MEMBER.c.user_id)
    total = db.session.scalar(select(func.count()).select_from(_MEMBER).where(*seen), sight.values) or 0
    found = select(_USER.c.id, _USER.c.nickname, _MEMBER.c.role, _MEMBER.c.since)
    found = found.join(_USER, _USER.c.id == _MEMBER.c.user_id).where(*seen)
    found = found.order_by(_MEMBER.c.role.desc(), _MEMBER.c.since.desc(), _MEMBER.c.id.desc())
    rows = db.session.execute(found.limit(size).offset((page - 1) * size), sight.values)
    members = [Member(row.id, row.nickname, row.role == MemberRole.STEWARD, row.since) for row in rows]
    return Page(members, total, page, size)
