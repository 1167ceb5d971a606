"""Postal addresses: encrypted in the row, shown only to readers who need them, erased in time, as are messages."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass

from cryptography.fernet import InvalidToken
from sqlalchemy import ColumnElement, delete, select, update

from app.models.address import Address
from app.models.base import db
from app.models.drift import Drift, DriftSummary, role_of
from app.models.encrypted import seal, unseal
from app.models.message import Message
from app.models.notice import Notice
from app.rules.exchange.drift import ADDRESS_SHOWN, CAME_TO_NOTHING, DriftState, Role
from app.rules.exchange.thread import HIDDEN_FOR
from app.services.notice.notices import erase_notices
from app.services.transaction import changed_rows, transaction

BATCH = 500
KEPT_ADDRESSES = 5
"""How many addresses a reader can save; a new one replaces the oldest."""
UNNEEDED = {"address": None, "proposals": None, "meeting": None, "tracking": None, "place_id": None}
"""The columns of a drift that are erased when it has come to nothing."""
ERASED = UNNEEDED | {"cancel_words": None}
"""The columns of a drift that are erased in time."""


@dataclass(frozen=True)
class PostalAddress:
    """The address to which a book is sent."""

    recipient: str
    phone: str
    address: str


def find_text(sealed: str | None) -> str | None:
    """Decrypt a text; None if it is erased or no key decrypts it."""
    if sealed is None:
        return None
    try:
        return unseal(sealed)
    except InvalidToken:
        return None


def seal_address(address: PostalAddress) -> str:
    """Encrypt an address."""
    return seal(json.dumps(asdict(address), ensure_ascii=False))


def unseal_address(sealed: str | None) -> PostalAddress | None:
    """Decrypt an address; None if it is erased or no key decrypts it."""
    text = find_text(sealed)
    return None if text is None else PostalAddress(**json.loads(text))


def is_erased(drift: Drift | DriftSummary, now: int) -> bool:
    """Return whether the private data of a drift is expired at `now` (Unix seconds), even if not erased yet."""
    end = drift.undo_until if DriftState(drift.state) in CAME_TO_NOTHING else None
    return (drift.erase_time is not None and drift.erase_time <= now) or (end is not None and end <= now)


def find_address(drift: Drift | DriftSummary, reader_id: int, now: int) -> PostalAddress | None:
    """Return the address of a drift for its asker and, once accepted, for its giver; None for others and if expired."""
    if is_erased(drift, now):
        return None
    role = role_of(drift, reader_id)
    if role is Role.ASKER or (role is Role.GIVER and DriftState(drift.state) in ADDRESS_SHOWN):
        return unseal_address(drift.address)
    return None


def list_addresses(reader_id: int) -> list[tuple[int, PostalAddress]]:
    """Return the addresses that a reader has saved, the newest first, with their ids."""
    kept = select(Address).where(Address.user_id == reader_id).order_by(Address.id.desc())
    opened = [(row.id, unseal_address(row.sealed)) for row in db.session.scalars(kept)]
    return [(id, address) for id, address in opened if address is not None]


def keep_address(reader_id: int, address: PostalAddress) -> None:
    """Save an address for the next request; inside a transaction."""
    kept = list_addresses(reader_id)
    if address in [known for _, known in kept]:
        return
    for id, _ in kept[KEPT_ADDRESSES - 1 :]:
        db.session.delete(db.session.get_one(Address, id))
    db.session.add(Address(user_id=reader_id, sealed=seal_address(address)))


@transaction
def forget_address(reader_id: int, address_id: int) -> bool:
    """Erase a saved address of a reader; return False if there is no such address."""
    found = db.session.scalar(select(Address).where(Address.id == address_id, Address.user_id == reader_id))
    if found is not None:
        db.session.delete(found)
    return found is not None


@transaction
def erase_due_addresses(now: int) -> int:
    """Erase the expired private data of ended drifts, and hidden messages; return of how many drifts."""
    changed_rows(delete(Message).where(Message.erase_time <= now))
    drift_ids = _erase(Drift.erase_time <= now, Drift.undo_until.is_(None))
    for some in _batches(drift_ids):
        db.session.execute(delete(Message).where(Message.drift_id.in_(some)))
        erase_notices(Notice.drift_id.in_(some))
    return len(drift_ids)


def erase_addresses_of(reader_id: int, now: int) -> None:
    """Erase all addresses and explanations of a reader who closes the account, and what others wrote to the reader.

    What the reader wrote is hidden. Inside a transaction.
    """
    db.session.execute(delete(Address).where(Address.user_id == reader_id))
    _erase(Drift.asker_id == reader_id)
    changed_rows(update(Drift).where(Drift.giver_id == reader_id).values(cancel_words=None))
    db.session.execute(delete(Message).where(Message.reader_id == reader_id))
    _hide(Message.author_id == reader_id, now)


def hide_messages(drift_ids: Collection[int], now: int) -> None:
    """Hide the messages of these drifts from both sides, and keep them for some days; inside a transaction."""
    _hide(Message.drift_id.in_(drift_ids), now)


def _hide(which: ColumnElement[bool], now: int) -> None:
    erase_notices(Notice.message_id.in_(select(Message.id).where(which)))
    hidden = update(Message).where(which, Message.erase_time.is_(None))
    changed_rows(hidden.values(erase_time=now + HIDDEN_FOR))


def _erase(*which: ColumnElement[bool]) -> Sequence[int]:
    """Erase the private columns of these drifts, and return their ids."""
    # Locked first: whoever writes a message at the same moment waits, and is then refused.
    locked = select(Drift.id).where(*which).order_by(Drift.id).with_for_update()
    drift_ids = db.session.scalars(locked).all()
    for some in _batches(drift_ids):
        changed_rows(update(Drift).where(Drift.id.in_(some)).values(ERASED | {"erase_time": None}))
    return drift_ids


def _batches(drift_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (drift_ids[start : start + BATCH] for start in range(0, len(drift_ids), BATCH))
