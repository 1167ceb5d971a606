"""Founding a circle, what its stewards say about it, and its end. Times are in Unix seconds."""

import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count

from sqlalchemy import ColumnElement, delete, func, select, update

from app.models.base import db
from app.models.circle import ALL_WAYS, Circle, GiftCircle, Membership
from app.models.gift import Gift
from app.models.user import User
from app.rules.book.normalise import normalise
from app.rules.circle.circle import CircleState, Door, MemberRole, MemberState
from app.rules.circle.inviting import ensure_may_found
from app.rules.circle.joining import ensure_has_room, ensure_may_open_to
from app.rules.circle.refusals import LinksNotYet
from app.rules.circle.slug import is_reserved, slug_of
from app.rules.exchange.listing import WITHDRAWABLE
from app.rules.moderation.hold import find_newcomer_hold
from app.search.extension import site_search
from app.search.text.pinyin import load_readings
from app.services.circle.access import lock_as_steward, put
from app.services.exchange.gift import get_own_gift, take_off
from app.services.exchange.locking import ensure_not_limited, lock_present, lock_readers
from app.services.exchange.wish_queue import take_back_unseen
from app.services.transaction import changed_rows, transaction


@dataclass(frozen=True)
class CircleFacts:
    """What is said of a circle."""

    name: str
    about: str
    door: Door
    announcement: str = ""
    area: str | None = None
    listed: bool = True
    domain: str | None = None
    members_invite: bool = True
    ways: str = ALL_WAYS
    lends: bool = True
    needs_beans: bool = True


@transaction
def found(reader_id: int, name: str, about: str, door: Door, now: int) -> str:
    """Found a circle, whose steward the reader is, and return its slug.

    :raises EmailNotConfirmed: the reader has not confirmed the address.
    :raises Limited: the people who run the site let the reader begin nothing new at present.
    :raises TooManyFounded, TooManyCircles: the reader has enough.
    :raises LinksNotYet: see `ensure_may_say`.
    """
    lock_present(reader_id)
    ensure_not_limited(reader_id, now)
    ensure_may_say(reader_id, f"{name} {about}", now)
    ensure_may_found(_count_looked_after(reader_id))
    ensure_has_room(count_circles(reader_id), 0)
    reader = db.session.get_one(User, reader_id)
    circle = Circle(name=name, about=about, door=door, slug=_free_slug(name), area=reader.area, create_time=now)
    circle.listed = door in (Door.OPEN, Door.ASK)
    db.session.add(circle)
    db.session.flush()
    put(circle.id, reader_id, MemberState.IN, now).role = MemberRole.STEWARD
    return circle.slug


def ensure_may_say(reader_id: int, words: str, now: int) -> None:
    """Raise `LinksNotYet` if a reader who is new here writes a link or a phone number where many read it."""
    registered = db.session.scalars(select(User.create_time).where(User.id == reader_id)).one()
    if find_newcomer_hold(words, registered, True, now):
        raise LinksNotYet()


def count_circles(reader_id: int) -> int:
    """Return how many circles a reader is in, or waits before."""
    return _count(reader_id, Membership.state.in_([MemberState.IN, MemberState.ASKED]))


def _count_looked_after(reader_id: int) -> int:
    return _count(reader_id, Membership.state == MemberState.IN, Membership.role == MemberRole.STEWARD)


def _count(reader_id: int, *which: ColumnElement[bool]) -> int:
    mine = select(func.count(Membership.id)).join(Circle, Circle.id == Membership.circle_id)
    mine = mine.where(Membership.user_id == reader_id, Circle.state == CircleState.ALIVE)
    return db.session.scalar(mine.where(*which)) or 0


def _free_slug(name: str) -> str:
    plain = slug_of(_in_syllables(name))
    taken = set(db.session.scalars(select(Circle.slug).where(Circle.slug.startswith(plain, autoescape=True))))
    return next(slug for slug in _slugs(plain) if slug not in taken and not is_reserved(slug))


def _slugs(plain: str) -> Iterator[str]:
    yield plain
    yield from (f"{plain}-{number}" for number in count(2))


def _in_syllables(name: str) -> str:
    """Return a name with its Chinese characters replaced by their syllables; unchanged without an index of books."""
    text = normalise(name)
    try:
        with sqlite3.connect(f"{site_search().path.resolve().as_uri()}?mode=ro", uri=True) as connection:
            readings = load_readings(connection, [text])
    except sqlite3.Error:
        return name
    return "".join(f" {readings.characters[one]} " if one in readings.characters else one for one in text)


@transaction
def change_circle(steward_id: int, circle_id: int, facts: CircleFacts, now: int) -> None:
    """Change what is said of a circle, and who gets in how.

    :raises NotFound: the circle has ended, or the reader is no steward of it.
    :raises LinksNotYet: see `ensure_may_say`.
    :raises PublicDomain, DomainNotYours: see `rules.circle.joining.ensure_may_open_to`.
    """
    circle = lock_as_steward(circle_id, steward_id)
    ensure_may_say(steward_id, f"{facts.name} {facts.about} {facts.announcement}", now)
    if facts.domain and facts.domain != circle.domain:
        ensure_may_open_to(facts.domain, db.session.get_one(User, steward_id).email)
    if circle.needs_beans and not facts.needs_beans:
        members = Membership.circle_id == circle.id, Membership.state == MemberState.IN
        User.note_able(db.session.scalars(select(Membership.user_id).where(*members)).all())
    circle.set_attrs(asdict(facts))


def end(circle: Circle, now: int) -> None:
    """End a circle that has been locked: what was listed for it alone is private again; inside a transaction.

    What is promised already is handed over.
    """
    circle.state = CircleState.ENDED
    in_it = Membership.circle_id == circle.id, Membership.state.in_([MemberState.IN, MemberState.ASKED])
    changed_rows(update(Membership).where(*in_it).values(state=MemberState.LEFT, since=now))
    unlist(circle.id, None, now)


def unlist(circle_id: int, giver_id: int | None, now: int) -> None:
    """Let a circle have none of the listings of a reader, or of anybody; inside a transaction.

    A listing that is for no other circle, and not promised, is taken off the shelf; its copy stays with its holder.
    One that is for another circle too is offered to nobody any more who is not in that one.
    """
    here = select(GiftCircle.gift_id).join(Gift, Gift.id == GiftCircle.gift_id).where(GiftCircle.circle_id == circle_id)
    if giver_id is None:  # whose requests may be ending at this moment
        lock_readers(*db.session.scalars(here.with_only_columns(Gift.giver_id).distinct()))
    ids = db.session.scalars(here if giver_id is None else here.where(Gift.giver_id == giver_id)).all()
    changed_rows(delete(GiftCircle).where(GiftCircle.circle_id == circle_id, GiftCircle.gift_id.in_(ids)))
    elsewhere = set(db.session.scalars(select(GiftCircle.gift_id).where(GiftCircle.gift_id.in_(ids))))
    left = select(Gift.id, Gift.giver_id).where(Gift.id.in_(set(ids) - elsewhere), Gift.is_closed)
    for gift_id, owner_id in db.session.execute(left.where(Gift.state.in_(WITHDRAWABLE))).all():
        take_off(get_own_gift(owner_id, gift_id), now)
    take_back_unseen(now, Gift.id.in_(elsewhere))
