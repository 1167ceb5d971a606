"""The step that writes the stations of what travelled before there were any, on both engines."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import delete, select, update

from app.models.base import db
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.journey import Station
from app.models.user import User
from app.services.exchange import drift
from app.services.shelf import keeping as shelf
from tests.exchange import NOW, ask, exchange, make_certain, reader


@pytest.fixture
def settings(any_database_uri, tmp_path):
    return {"SQLALCHEMY_DATABASE_URI": any_database_uri, "SEARCH_INDEX_PATH": str(tmp_path / "search.db")}


def test_what_travelled_before_stations_were_written_gets_them(app_context):
    """As they would have been written, but that nobody has agreed to anything; those of today stay as they are."""
    upgrade()
    done = [exchange("received"), *(exchange(state, lend_days=30) for state in ("lent", "returned", "kept", "lost"))]
    left = exchange("received")
    for state in ("waiting", "mailed", "missing"):
        exchange(state)
    drift.confirm_received((fresh := exchange("mailed")).asker, fresh.drift, NOW)
    passed_on = pass_on(done[0])
    with db.auto_commit():
        db.session.get_one(User, left.asker).delete()
        db.session.execute(update(Station).where(Station.reader_id == left.asker).values(reader_id=None))
        db.session.execute(update(Station).where(Station.reader_id == done[0].giver).values(shows_name=True))
    written = stations()
    assert len(written) == 2 * 6 + 1

    db.session.execute(delete(Station).where(Station.drift_id.is_not(None), Station.drift_id != passed_on))
    db.session.execute(delete(Station).where(Station.drift_id.is_(None), Station.shows_name.is_(False)))
    db.session.commit()
    downgrade(revision="0125", x_arg="yes-lose-data")
    upgrade()
    assert stations() == written
    downgrade(revision="0125", x_arg="yes-lose-data")
    upgrade()
    assert stations() == written


def pass_on(done):
    """Let a copy that was received get to another reader, and return the exchange."""
    copy_id = db.session.get_one(Gift, done.gift).copy_id
    gift_id = shelf.offer_copy(done.asker, copy_id, NOW)
    another = ask(reader(), gift_id, NOW)
    drift.accept_request(done.asker, another, NOW)
    drift.confirm_mailed(done.asker, another, "", NOW)
    drift.confirm_received(db.session.get_one(Drift, another).asker_id, another, NOW)
    make_certain(another)
    return another


def stations():
    db.session.rollback()
    told = (Station.copy_id, Station.drift_id, Station.reader_id, Station.area, Station.month, Station.shows_name)
    return sorted(map(repr, db.session.execute(select(*told, Station.create_time))))
