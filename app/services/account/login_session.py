"""Login sessions: the devices on which a reader is logged in.

A device stores a random token in its cookie, the database only the token's hash. Sessions are not bound to
the network address, which changes while people travel.
"""

import secrets

from flask import current_app
from sqlalchemy import bindparam, delete, func, literal, not_, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from app.logs import log
from app.models.base import LIVE, db, now, one_of
from app.models.drift import Drift
from app.models.message import Message
from app.models.notice import Notice
from app.models.user import LoginSession, User
from app.rules.account.refusals import Suspended
from app.rules.clock import DAY, HOUR
from app.rules.door.door import NotLetInYet
from app.rules.exchange.drift import Role, states_of_turn
from app.services.account.pool import wake
from app.services.hashing import plain_hash
from app.services.sight.visible import has_blocks, has_circles
from app.services.transaction import changed_rows, transaction

TOUCHED_EACH = 300
"""Seconds between two updates of when a device was last seen."""
PATIENCE = 50
"""How long such an update waits for other writers, in milliseconds."""


def start_session(user: User, device: str, is_remembered: bool) -> str:
    """Start a login session and return its token; inside `auto_commit`.

    :raises Suspended: the people who run the site do not let the reader log in at present.
    :raises NotLetInYet: the reader waits to be let in, or was turned away.
    """
    if user.waits_since is not None:
        raise NotLetInYet(user.id)
    if now() < (user.suspended_until or 0):
        raise Suspended(user.id, user.suspended_until or 0)
    token = secrets.token_urlsafe(32)
    db.session.add(
        LoginSession(
            user_id=user.id,
            token_hash=plain_hash(token),
            version=user.login_version,
            device=device[:80],
            is_remembered=is_remembered,
            last_seen=now(),
            expires_at=_expiry(is_remembered),
        )
    )
    user.last_seen = now()
    db.session.flush()
    wake(user.id, now())
    return token


@transaction
def note_browser(user: User, browser: str) -> None:
    """Store a hash of the browser's id with the reader who logged in."""
    user.browser_hash = plain_hash(browser)


def find_reader(token: str) -> User | None:
    """Return the reader of this login session, if it is valid; one statement."""
    found = db.session.execute(_READER_OF_TOKEN, {"token_hash": plain_hash(token), "now": now()}).first()
    if found is None:
        return None
    user: User = found[0]
    user.login_token = token
    user.moves, user.unseen = found.moves, found.unseen
    user.has_blocks, user.has_circles = bool(found.has_blocks), bool(found.has_circles)
    if found.last_seen < now() - TOUCHED_EACH:
        _touch(user.id, found.id, found.is_remembered)
    return user


_turns = [
    (side == User.id) & one_of(Drift.state, states_of_turn(role))
    for role, side in ((Role.GIVER, Drift.giver_id), (Role.ASKER, Drift.asker_id))
]
_moves = sum(
    (
        select(func.count(Drift.id)).where(turn, Drift.status == LIVE).correlate(User).scalar_subquery()
        for turn in _turns
    ),
    start=literal(0),
)
_unread = (
    select(func.count(Message.drift_id.distinct()))
    .join(Drift, Drift.id == Message.drift_id)
    .where(Message.reader_id == User.id, Message.read_time.is_(None), Message.status == LIVE)
    .where(Message.erase_time.is_(None), Message.withheld == "")
    .where(not_(or_(*_turns)), or_(Drift.erase_time.is_(None), Drift.erase_time > bindparam("now")))
    .correlate(User)
    .scalar_subquery()
)
_unseen = (
    select(func.count(Notice.id))
    .where(Notice.user_id == User.id, Notice.seen_time.is_(None), Notice.show_from <= bindparam("now"))
    .correlate(User)
    .scalar_subquery()
    .label("unseen")
)
# Built once, with the condition on `status` that is otherwise added each time, because every page of a reader runs it.
_READER_OF_TOKEN = (
    select(User, LoginSession.id, LoginSession.last_seen, LoginSession.is_remembered)
    .add_columns((_moves + _unread).label("moves"), _unseen)
    .add_columns(has_blocks(User.id).label("has_blocks"), has_circles(User.id).label("has_circles"))
    .join(LoginSession, LoginSession.user_id == User.id)
    .where(
        LoginSession.token_hash == bindparam("token_hash"),
        LoginSession.version == User.login_version,
        LoginSession.expires_at > bindparam("now"),
        LoginSession.status == LIVE,
        User.status == LIVE,
        User.confirmed_at.is_not(None),
    )
    .execution_options(include_deleted=True)
)


def _touch(user_id: int, device_id: int, is_remembered: bool) -> None:
    """Update when the reader was last seen; if that cannot be written, the page is shown all the same."""
    seen = {"last_seen": now(), "expires_at": _expiry(is_remembered)}
    try:
        with db.auto_commit(patience=PATIENCE):
            db.session.execute(update(LoginSession).where(LoginSession.id == device_id).values(seen))
            db.session.execute(update(User).where(User.id == user_id).values(last_seen=now()))
            wake(user_id, now())
    except SQLAlchemyError as error:
        db.session.rollback()
        log.warning("reader not noted as seen", reason=type(error).__name__)


def _expiry(is_remembered: bool) -> int:
    settings = current_app.config
    seconds: int = settings["REMEMBER_DAYS"] * DAY if is_remembered else settings["SESSION_HOURS"] * HOUR
    return now() + seconds


def list_sessions(user: User) -> list[LoginSession]:
    """Return the login sessions of the reader, the last seen first."""
    mine = select(LoginSession).where(
        LoginSession.user_id == user.id,
        LoginSession.version == user.login_version,
        LoginSession.expires_at > now(),
    )
    return list(db.session.scalars(mine.order_by(LoginSession.last_seen.desc(), LoginSession.id.desc())))


def is_this_device(user: User, device: LoginSession) -> bool:
    """Return whether this is the device that the reader is using now."""
    return device.token_hash == plain_hash(user.login_token)


@transaction
def end_session(token: str) -> None:
    """Log one device out."""
    db.session.execute(delete(LoginSession).where(LoginSession.token_hash == plain_hash(token)))


@transaction
def forget_ended_sessions() -> int:
    """Erase the login sessions that have expired; return how many."""
    return changed_rows(delete(LoginSession).where(LoginSession.expires_at <= now()))


@transaction
def end_other_sessions(user: User) -> None:
    """Log out all devices except the one in use."""
    renew_version(user)


def renew_version(user: User, is_kept: bool = True) -> None:
    """End all login sessions, by default except the one in use; inside `auto_commit`.

    A log-in in progress, with the old password, carries the old version and so fails. Who ends all of them may have
    lost the account to somebody who has read the address of its feeds, so that this ends, too.
    """
    user.login_version += 1
    if not is_kept and user.has_feed:
        user.feed_number += 1
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.token_hash == plain_hash(user.login_token if is_kept else ""))
        .values(version=user.login_version)
    )
    old = (LoginSession.user_id == user.id, LoginSession.version != user.login_version)
    db.session.execute(delete(LoginSession).where(*old))
