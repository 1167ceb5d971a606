"""The sections of a reader's export about journeys of copies."""

from typing import Any

from sqlalchemy import select

from app.models.base import db
from app.models.journey import BlankMark, JournalLine, SharedYear, Station
from app.models.user import User
from app.rules.clock import iso_time


def export_stations(user: User) -> list[dict[str, Any]]:
    """Return where the reader stands in the journeys of copies."""
    mine = select(Station).where(Station.reader_id == user.id).order_by(Station.id)
    return [
        {
            "copy": row.copy_id,
            "exchange": row.drift_id,
            "month": row.month,
            "area": row.area,
            "shows_name": row.shows_name,
        }
        for row in db.session.scalars(mine)
    ]


def export_lines(user: User) -> list[dict[str, Any]]:
    """Return what the reader has written on the pages of copies, even if it is hidden."""
    mine = select(JournalLine).where(JournalLine.author_id == user.id).order_by(JournalLine.id)
    rows = db.session.scalars(mine.execution_options(include_deleted=True))
    return [
        {"copy": row.copy_id, "words": row.words, "state": row.state, "written_at": iso_time(row.create_time)}
        for row in rows
    ]


def export_labels(user: User) -> list[dict[str, Any]]:
    """Return the marks that the reader got before they belonged to a copy."""
    mine = select(BlankMark).where(BlankMark.reader_id == user.id).order_by(BlankMark.id)
    return [
        {"mark": row.mark, "copy": row.copy_id, "made_at": iso_time(row.create_time)}
        for row in db.session.scalars(mine)
    ]


def export_years(user: User) -> list[dict[str, Any]]:
    """Return which of the reader's years in books have, or had, an address for others."""
    mine = select(SharedYear).where(SharedYear.reader_id == user.id).order_by(SharedYear.year)
    return [{"year": row.year, "is_shared": row.number % 2 == 1} for row in db.session.scalars(mine)]
