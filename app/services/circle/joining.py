"""Getting into a circle by its door, an invitation or a mail address, and leaving it. Times are in Unix seconds."""

from sqlalchemy import select

from app.models.base import db
from app.models.circle import Circle
from app.models.gift import Gift
from app.models.user import User
from app.rules.circle.circle import CircleNews, Door, MemberState
from app.rules.circle.joining import Entry, Standing, ensure_has_room, find_entry, is_of
from app.rules.circle.refusals import CircleInvitationGone, MemberAlready
from app.services.circle.access import count_members, lock_circle, put
from app.services.circle.founding import count_circles, ensure_may_say, unlist
from app.services.circle.invitation import find_own_circle, get_usable, take_use
from app.services.circle.letters import tell_stewards
from app.services.circle.succession import look_after
from app.services.errors import NotFound
from app.services.exchange.locking import ensure_not_limited
from app.services.exchange.wish_queue import take_back_unseen
from app.services.transaction import transaction


@transaction
def knock(reader_id: int, circle_id: int, words: str, now: int) -> Entry:
    """Join a circle, or ask to be let in, as its door says; who asks already changes the words.

    :raises NotFound: the circle has ended.
    :raises EmailNotConfirmed, Limited: the reader cannot begin anything at present.
    :raises TooManyCircles, CircleFull: there is no room.
    :raises LinksNotYet: the words have a link, and the reader is new here.
    :raises Refusal: see `rules.circle.joining.find_entry`.
    """
    circle, standing = lock_circle(circle_id, reader_id)
    ensure_not_limited(reader_id, now)
    entry = _entry(circle, standing, reader_id, now, is_invited=False)
    ensure_may_say(reader_id, words, now)
    _enter(circle, standing, reader_id, entry, now, words=words)
    return entry


@transaction
def join_by_invitation(reader_id: int, token: str, now: int) -> tuple[Circle, Entry]:
    """Join the circle to which an invitation belongs; who is turned away or excluded asks, and takes no use of it.

    A member stays one, and takes no use either, also of one that does not work any more.

    :raises CircleInvitationGone: it does not work, or not any more.
    :raises Refusal: see `knock`.
    """
    if (own := find_own_circle(token, reader_id)) is not None:
        return own, Entry.IN
    invitation = get_usable(token, now)
    try:
        circle, standing = lock_circle(invitation.circle_id, reader_id)
    except NotFound:
        raise CircleInvitationGone() from None
    if standing.is_in:
        return circle, Entry.IN
    ensure_not_limited(reader_id, now)
    entry = _entry(circle, standing, reader_id, now, is_invited=True)
    if entry is Entry.IN:
        take_use(invitation.id, now)
    _enter(circle, standing, reader_id, entry, now, invited_by=invitation.by_id)
    return circle, entry


def _entry(circle: Circle, standing: Standing, reader_id: int, now: int, *, is_invited: bool) -> Entry:
    email = db.session.scalars(select(User.email).where(User.id == reader_id, User.confirmed_at.is_not(None))).first()
    is_of_domain = is_of(email or "", circle.domain)
    return find_entry(Door(circle.door), standing, now, is_invited=is_invited, is_of_domain=is_of_domain)


def _enter(
    circle: Circle,
    standing: Standing,
    reader_id: int,
    entry: Entry,
    now: int,
    *,
    words: str = "",
    invited_by: int | None = None,
) -> None:
    counted = count_circles(reader_id) - (standing.state is MemberState.ASKED)
    ensure_has_room(counted, count_members(circle.id))
    state = MemberState.IN if entry is Entry.IN else MemberState.ASKED
    put(circle.id, reader_id, state, now, invited_by).words = words if entry is Entry.ASK else ""
    if state is MemberState.ASKED and standing.state is not MemberState.ASKED:
        tell_stewards(CircleNews.REQUEST, circle.id, now)


@transaction
def leave(reader_id: int, circle_id: int, now: int) -> None:
    """Leave a circle, or ask no more to be let in; idempotent.

    What the reader has listed for this circle alone is private again, and what is promised is handed over. If nobody
    looks after the circle any more, its longest-standing member is asked to; without members, it ends.

    :raises NotFound: the circle has ended, or the reader had nothing to do with it.
    """
    circle, standing = lock_circle(circle_id, reader_id)
    if standing.state is None:
        raise NotFound()
    if standing.state in (MemberState.IN, MemberState.ASKED):
        part(circle, reader_id, MemberState.LEFT, now)


def part(circle: Circle, reader_id: int, state: MemberState, now: int) -> None:
    """Let a reader be no member of a circle that has been locked, and have no offer of its copies.

    Inside a transaction.
    """
    put(circle.id, reader_id, state, now)
    unlist(circle.id, reader_id, now)
    take_back_unseen(now, Gift.offered_to == reader_id)
    look_after(circle, now)


def ensure_is_no_member(standing: Standing) -> None:
    """Raise `MemberAlready` unless a reader waits or was turned away."""
    if standing.state not in (MemberState.ASKED, MemberState.OUT):
        raise MemberAlready()
