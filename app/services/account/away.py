"""A reader goes away and comes back."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from app.models.base import db
from app.models.user import User
from app.rules.exchange.away import ensure_may_be_away
from app.services.exchange.locking import lock_readers
from app.services.exchange.looking_again import note_return
from app.services.exchange.transition import move_for_absence
from app.services.transaction import transaction


@transaction
def go_away(reader_id: int, day: date, words: str, now: int) -> int:
    """Say that the reader is away until a day begins in their time zone, and return that time in Unix seconds.

    Nobody can ask for the reader's copies until then, and the deadlines of what waits for the reader move.

    :raises ReturnNotAhead, AwayTooLong: see `rules.exchange.away.ensure_may_be_away`.
    """
    reader = _lock(reader_id)
    until = int(datetime.combine(day, time(), ZoneInfo(reader.time_zone)).timestamp())
    ensure_may_be_away(until, now)
    reader.set_attrs({"away_until": until, "away_words": words, "look_time": until})
    move_for_absence(reader_id, until, now)
    return until


@transaction
def come_back(reader_id: int, now: int) -> None:
    """End the absence now; what waits for the reader can be done within two days, or by its own deadline."""
    reader = _lock(reader_id)
    if reader.is_away(now):
        move_for_absence(reader_id, now, now)
        note_return(reader)


def _lock(reader_id: int) -> User:
    lock_readers(reader_id)
    return db.session.get_one(User, reader_id, populate_existing=True)
