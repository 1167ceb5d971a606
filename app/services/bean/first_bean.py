"""A mailbox earns a first bean once in half a year, however many accounts it has; only its hash is kept for this."""

from sqlalchemy import delete, select

from app.models.base import db
from app.models.mailbox import ClosedMailbox
from app.rules.account.names import mailbox_of
from app.rules.clock import DAY
from app.services.hashing import keyed_hash
from app.services.transaction import transaction

KEPT_DAYS = 180


def _hash(email: str) -> str:
    return keyed_hash(f"closed mailbox:{mailbox_of(email)}")


def remember_mailbox(email: str, now: int) -> None:
    """Store the hash of a mailbox when its account is closed or changes its address; inside a transaction."""
    db.session.execute(delete(ClosedMailbox).where(ClosedMailbox.hash == _hash(email)))
    db.session.add(ClosedMailbox(hash=_hash(email), forget_time=now + KEPT_DAYS * DAY, create_time=now))


def was_closed_lately(email: str, now: int) -> bool:
    """Return whether an account with this mailbox was closed, or changed its address, within the last 180 days."""
    known = select(ClosedMailbox.id).where(ClosedMailbox.hash == _hash(email), ClosedMailbox.forget_time > now)
    return db.session.scalar(known) is not None


@transaction
def forget_mailboxes(now: int) -> None:
    """Erase the hashes that have expired."""
    db.session.execute(delete(ClosedMailbox).where(ClosedMailbox.forget_time <= now))
