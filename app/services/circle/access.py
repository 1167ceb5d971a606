"""Finding circles, how readers stand to them, and locking both for a change."""

from sqlalchemy import func, select

from app.models.base import db
from app.models.circle import Circle, Membership
from app.models.user import User
from app.rules.circle.circle import CircleState, Door, MemberRole, MemberState
from app.rules.circle.joining import STRANGER, Standing
from app.services.errors import NotFound
from app.services.exchange.locking import lock_present


def find_membership(circle_id: int, reader_id: int) -> Membership | None:
    """Return the row of a reader in a circle, as it is in the database."""
    mine = select(Membership).where(Membership.circle_id == circle_id, Membership.user_id == reader_id)
    return db.session.scalar(mine.execution_options(populate_existing=True))


def standing_of(membership: Membership | None) -> Standing:
    """Return how a reader with this row stands to the circle."""
    if membership is None:
        return STRANGER
    return Standing(MemberState(membership.state), MemberRole(membership.role), membership.since)


def get_shown(slug: str, reader_id: int | None) -> tuple[Circle, Standing]:
    """Return a circle that is shown to a reader, None for a visitor, with how they stand to it.

    :raises NotFound: there is none, it has ended, or it is not listed and the reader is neither in nor asks.
    """
    circle = db.session.scalar(select(Circle).where(Circle.slug == slug, Circle.state == CircleState.ALIVE))
    if circle is None or circle.slug != slug:  # to MariaDB, a trailing space makes no difference
        raise NotFound()
    standing = STRANGER if reader_id is None else standing_of(find_membership(circle.id, reader_id))
    if not circle.listed and standing.state not in (MemberState.IN, MemberState.ASKED):
        raise NotFound()
    return circle, standing


def get_open(slug: str) -> Circle:
    """Return a circle that anybody finds and may enter; raises `NotFound` for every other one, whoever looks."""
    circle, _ = get_shown(slug, None)
    if circle.door != Door.OPEN:
        raise NotFound()
    return circle


def lock_circle(circle_id: int, reader_id: int, *others: int) -> tuple[Circle, Standing]:
    """Lock the acting reader and others, and then a circle that goes on; inside a transaction.

    Whatever changes who belongs to a circle takes this lock, so that no two changes are decided upon the same members.

    :raises NotFound: the circle has ended, or the reader's account has.
    :raises EmailNotConfirmed: the reader has not confirmed the address.
    """
    lock_present(reader_id, *others)
    locked = select(Circle).where(Circle.id == circle_id).with_for_update()
    circle = db.session.scalar(locked.execution_options(populate_existing=True))
    if circle is None or circle.state != CircleState.ALIVE:
        raise NotFound()
    return circle, standing_of(find_membership(circle_id, reader_id))


def lock_as_steward(circle_id: int, reader_id: int, *others: int) -> Circle:
    """Do the same for a steward; raises `NotFound` to everybody else, also who has just ceased to be one."""
    circle, standing = lock_circle(circle_id, reader_id, *others)
    if not standing.is_steward:
        raise NotFound()
    return circle


def count_members(circle_id: int, *roles: MemberRole) -> int:
    """Return how many members a circle has, or how many with one of these roles."""
    counted = select(func.count(Membership.id))
    counted = counted.where(Membership.circle_id == circle_id, Membership.state == MemberState.IN)
    return db.session.scalar(counted.where(Membership.role.in_(roles)) if roles else counted) or 0


def put(circle_id: int, reader_id: int, state: MemberState, now: int, invited_by: int | None = None) -> Membership:
    """Store how a reader stands to a circle from now on, as an ordinary member; inside a transaction.

    For a new member the wish queue looks at the copies that are for the circle.
    """
    row = find_membership(circle_id, reader_id)
    if row is None:
        row = Membership(circle_id=circle_id, user_id=reader_id, create_time=now)
        db.session.add(row)
    values = {"state": state, "role": MemberRole.MEMBER, "since": now, "words": "", "invited_by_id": invited_by}
    row.set_attrs(values | {"steward_asked_at": None})
    db.session.flush()
    if state is MemberState.IN:
        User.note_able([reader_id])
    return row
