"""Rotating the key of everything that is encrypted in the database."""

from cryptography.fernet import InvalidToken
from sqlalchemy import Column, Table, Text, bindparam, select, type_coerce, update

from app.models.address import Address
from app.models.base import Base, db
from app.models.decision import Appeal, Decision
from app.models.drift import Drift
from app.models.encrypted import Encrypted, EncryptedJSON, reseal, unseal
from app.models.message import Message
from app.models.report import Report
from app.models.user import Arrival
from app.services.transaction import transaction

BATCH = 500
EXPLICIT = {
    Drift.__tablename__: ["address", "proposals", "meeting", "cancel_words"],
    Address.__tablename__: ["sealed"],
    Message.__tablename__: ["sealed"],
    Report.__tablename__: ["words", "copied"],
    Decision.__tablename__: ["words"],
    Appeal.__tablename__: ["words", "answer"],
    Arrival.__tablename__: ["words"],
}
"""Columns that services encrypt themselves."""


def rotate_keys() -> tuple[int, int]:
    """Re-encrypt everything with the newest key; return how many texts, and how many of them no key decrypts."""
    done = failed = 0
    for column in sealed_columns():
        last, more = 0, True
        while more:
            resealed, unreadable, last, more = _rotate_batch(column, last)
            done, failed = done + resealed, failed + unreadable
    return done, failed


def sealed_columns() -> list[Column[str]]:
    """Return all columns that contain encrypted text."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Encrypted | EncryptedJSON) or column.name in EXPLICIT.get(table.name, [])
    ]


def find_unreadable() -> list[str]:
    """Return `table.column` for each encrypted column whose newest text no key of this site decrypts."""
    unreadable = []
    for column in sealed_columns():
        newest = (
            select(type_coerce(column, Text)).where(column.is_not(None)).order_by(column.table.c.id.desc()).limit(1)
        )
        sealed = db.session.scalar(newest)
        try:
            if sealed is not None:
                unseal(sealed)
        except InvalidToken:
            unreadable.append(str(column))
    return unreadable


@transaction
def _rotate_batch(column: Column[str], after: int) -> tuple[int, int, int, bool]:
    """Rotate the texts of one column in the rows with an id above `after`."""
    table: Table = column.table
    rows = db.session.execute(
        select(table.c.id, type_coerce(column, Text))
        .where(table.c.id > after, column.is_not(None))
        .order_by(table.c.id)
        .limit(BATCH)
        .with_for_update()
    ).all()
    changed = []
    for id, sealed in rows:
        try:
            changed.append({"row": id, "text": reseal(sealed)})
        except InvalidToken:
            continue
    if changed:
        write = update(table).where(table.c.id == bindparam("row"))
        db.session.connection().execute(write.values({column: bindparam("text", type_=Text)}), changed)
    return len(changed), len(rows) - len(changed), rows[-1].id if rows else after, len(rows) == BATCH
