"""What stays of a reader in the journeys of copies when the account is closed: stations without a name."""

from sqlalchemy import delete, update

from app.models.base import db
from app.models.copy import Copy
from app.models.journey import BlankMark, JournalLine, SharedYear, Station


def leave_journeys(reader_id: int) -> None:
    """Take the reader out of all stations, and erase their lines and labels; inside a transaction."""
    nobody = update(Station).where(Station.reader_id == reader_id)
    db.session.execute(nobody.values(reader_id=None, shows_name=False))
    db.session.execute(update(Copy).where(Copy.freed_by_id == reader_id).values(freed_by_id=None, left_at=""))
    db.session.execute(delete(JournalLine).where(JournalLine.author_id == reader_id))
    for table in (BlankMark, SharedYear):
        db.session.execute(delete(table).where(table.reader_id == reader_id))
