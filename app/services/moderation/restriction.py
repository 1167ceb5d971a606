"""Readers who are limited or suspended: what the decisions about them add up to. Times are in Unix seconds."""

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.models.base import db
from app.models.decision import Decision
from app.models.user import User
from app.rules.moderation.decision import Act
from app.services.account.login_session import renew_version
from app.services.exchange.leaving import stop_exchanges
from app.services.exchange.locking import lock_readers
from app.services.exchange.looking_again import note_return

_undone = aliased(Decision)
HOLDS = ~select(_undone.id).where(_undone.undoes_id == Decision.id).exists()
"""The condition that a decision was not taken back."""


def settle_restrictions(reader_id: int, now: int) -> None:
    """Let a reader be limited and suspended as the decisions say that hold; inside a transaction."""
    lock_readers(reader_id)
    reader = db.session.get_one(User, reader_id, populate_existing=True)
    reader.limited_until = _end_of(Act.LIMIT, reader_id, now)
    if reader.limited_until is not None:
        reader.look_time = reader.limited_until
    before, until = reader.suspended_until, _end_of(Act.SUSPEND, reader_id, now)
    reader.suspended_until = until
    if until is not None and until != before:
        _suspend(reader, until, now)
    elif until is None and before is not None:
        _let_back_in(reader, before)
    db.session.flush()


def _end_of(act: Act, reader_id: int, now: int) -> int | None:
    """Return until when the last of a reader's restrictions of a kind lasts; None if there is none."""
    held = select(func.max(Decision.until)).where(Decision.about_id == reader_id, Decision.act == act, HOLDS)
    return db.session.scalar(held.where(Decision.until > now))


def _suspend(reader: User, until: int, now: int) -> None:
    """End all login sessions, and let the reader be away, so that nobody asks for their copies."""
    reader.set_attrs({"away_until": max(until, reader.away_until or 0), "look_time": until})
    renew_version(reader, is_kept=False)
    db.session.flush()
    stop_exchanges(reader.id, now)


def _let_back_in(reader: User, until: int) -> None:
    if reader.away_until == until:
        note_return(reader)
