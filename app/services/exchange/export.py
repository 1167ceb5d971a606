"""The part of a reader's export that is about gifts, wishes, drifts and beans."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import or_, select

from app.models.base import db, now
from app.models.bean import BeanTransfer
from app.models.drift import Drift, role_of
from app.models.gift import Gift
from app.models.user import User
from app.models.wish import Wish
from app.rules.bean.transfer import reader_account
from app.services.exchange.postal_address import find_address, find_text, is_erased, list_addresses


def _time(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()


def export_gifts(user: User) -> list[dict[str, Any]]:
    """Return the reader's copies."""
    rows = db.session.scalars(select(Gift).where(Gift.giver_id == user.id).order_by(Gift.id))
    names = ("isbn", "state", "condition", "note")
    return [{name: getattr(row, name) for name in names} | {"listed_at": _time(row.create_time)} for row in rows]


def export_wishes(user: User) -> list[dict[str, Any]]:
    """Return the reader's wishes."""
    rows = db.session.scalars(select(Wish).where(Wish.user_id == user.id).order_by(Wish.id))
    return [{"isbn": row.isbn, "state": row.state, "wished_at": _time(row.create_time)} for row in rows]


def export_drifts(user: User) -> list[dict[str, Any]]:
    """Return the reader's drifts; the address only to the asker, whose it is."""
    mine = or_(Drift.asker_id == user.id, Drift.giver_id == user.id)
    return [_drift(row, user.id) for row in db.session.scalars(select(Drift).where(mine).order_by(Drift.id))]


def _drift(row: Drift, reader_id: int) -> dict[str, Any]:
    is_asker = row.asker_id == reader_id
    time = now()
    is_shown = not is_erased(row, time)
    address = find_address(row, reader_id, time) if is_asker else None
    return {
        "isbn": row.isbn,
        "role": role_of(row, reader_id),
        "state": row.state,
        "beans": row.beans,
        "asked_at": _time(row.create_time),
        "changed_at": _time(row.state_time),
        "address": asdict(address) if address else None,
        "note": find_text(row.note) if is_asker and is_shown else None,
        "tracking": row.tracking if is_shown else None,
    }


def export_addresses(user: User) -> list[dict[str, Any]]:
    """Return the addresses that the reader keeps."""
    return [asdict(address) for _, address in list_addresses(user.id)]


def export_beans(user: User) -> list[dict[str, Any]]:
    """Return the reader's movements of beans."""
    account = reader_account(user.id)
    mine = or_(BeanTransfer.source == account, BeanTransfer.target == account)
    return [
        {
            "beans": row.amount if row.target == account else -row.amount,
            "reason": row.reason,
            "moved_at": _time(row.create_time),
        }
        for row in db.session.scalars(select(BeanTransfer).where(mine).order_by(BeanTransfer.id))
    ]
