"""What is told of readers in the journeys of copies: only what they agree to, for as long as they do."""

from dataclasses import dataclass

from sqlalchemy import select

from app.models.base import db
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.journey import Station
from app.models.user import User
from app.rules.exchange.drift import DriftState, Role
from app.rules.journey.telling import area_to_tell, month_of
from app.services.errors import NotFound
from app.services.exchange.locking import lock_own_drift, lock_present
from app.services.transaction import transaction


@dataclass(frozen=True)
class Consent:
    """What a reader lets a journey tell of them."""

    shows_area: bool = False
    shows_name: bool = False


@transaction
def agree_at_receipt(reader_id: int, drift_id: int, consent: Consent) -> None:
    """Note what is told of who has just received or borrowed a book; nothing is told before that cannot be undone.

    :raises NotFound: the reader has no part in the drift, or has not got the book.
    """
    drift, role = lock_own_drift(reader_id, drift_id)
    if role is not Role.ASKER or drift.state not in (DriftState.RECEIVED, DriftState.LENT):
        raise NotFound()
    station = db.session.scalar(select(Station).where(Station.drift_id == drift_id, Station.reader_id == reader_id))
    if station is None:
        arrived = {"drift_id": drift_id, "create_time": drift.state_time}
        station = Station(copy_id=_copy_of(drift), reader_id=reader_id, **arrived)
        station.month = None if drift.undo_until is not None else month_of(drift.state_time)
        db.session.add(station)
    _tell(station, reader_id, consent)


def _copy_of(drift: Drift) -> int:
    return db.session.scalars(select(Gift.copy_id).where(Gift.id == drift.gift_id)).one()


@transaction
def change_station(reader_id: int, station_id: int, consent: Consent) -> None:
    """Change what one of the reader's stations tells.

    :raises NotFound: it is not the reader's.
    """
    lock_present(reader_id)
    mine = select(Station).where(Station.id == station_id, Station.reader_id == reader_id).with_for_update()
    station = db.session.scalar(mine)
    if station is None:
        raise NotFound()
    _tell(station, reader_id, consent)


def add_station(reader_id: int, copy_id: int, consent: Consent, now: int) -> None:
    """Note that a copy is with a reader who found it or left it, unless that is known; inside a transaction."""
    known = select(Station.id).where(Station.copy_id == copy_id, Station.reader_id == reader_id)
    if db.session.scalar(known.limit(1)) is None:
        station = Station(copy_id=copy_id, reader_id=reader_id, month=month_of(now), create_time=now)
        db.session.add(station)
        _tell(station, reader_id, consent)


def _tell(station: Station, reader_id: int, consent: Consent) -> None:
    area = db.session.scalar(select(User.area).where(User.id == reader_id)) if consent.shows_area else None
    station.area, station.shows_name = area_to_tell(area), consent.shows_name
    db.session.flush()
