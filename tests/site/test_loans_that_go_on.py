"""The step that lets loans go on, back and forth with data, on both engines."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from app.models.base import db
from app.models.copy import Copy
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.services.exchange import drift
from app.services.exchange.lending import pass_on
from app.services.exchange.wish import wish_for_book
from tests.exchange import NOW, ask, assert_audit_is_clean, escrow, exchange, reader, receive


@pytest.fixture
def settings(any_database_uri, tmp_path):
    return {"SQLALCHEMY_DATABASE_URI": any_database_uri, "SEARCH_INDEX_PATH": str(tmp_path / "search.db")}


def handed_on(state):
    """Bring a lent book as far on its way to the next reader."""
    done, third = exchange("lent", lend_days=30), reader(1)
    with db.auto_commit():
        db.session.get_one(Gift, done.gift).goes_on = True
        db.session.get_one(User, done.asker).ways = "post"
    wish_for_book(third, db.session.get_one(Gift, done.gift).book_id, NOW)
    pass_on(done.asker, done.drift, NOW)
    listing = db.session.scalars(select(Gift.id).where(Gift.loan_id == done.drift)).one()
    if state == "open":
        return done, None
    onward = ask(third, listing)
    if state != "waiting":
        drift.accept_request(done.asker, onward, NOW)
        drift.confirm_mailed(done.asker, onward, "", NOW)
    if state == "arrived":
        receive(third, onward)
    if state == "can_be_undone":
        drift.confirm_received(third, onward, NOW)
    return done, onward


def test_what_was_on_its_way_to_the_next_reader_is_a_copy_of_its_own_after_a_step_back(app_context):
    upgrade()
    all_states = ("open", "waiting", "mailed", "can_be_undone", "arrived")
    known = {state: handed_on(state) for state in all_states}
    held, copies = escrow(), len(db.session.scalars(select(Copy)).all())
    db.session.remove()

    downgrade(revision="0134", x_arg="yes-lose-data")

    with db.engine.connect() as connection:
        rows = connection.execute(text("SELECT id, state FROM drift")).tuples()
        states = dict(rows.all())
    assert {state: states[done.drift] for state, (done, _) in known.items()} == {
        **dict.fromkeys(all_states, "lent"),
        "arrived": "returned",
    }
    assert {state: states[onward] for state, (_, onward) in known.items() if onward} == {
        "waiting": "waiting",
        "mailed": "mailed",
        "can_be_undone": "mailed",
        "arrived": "returned",
    }
    upgrade()
    assert len(db.session.scalars(select(Copy)).all()) == copies + 3
    assert escrow() == held
    assert_audit_is_clean()
    receive(db.session.get_one(Drift, known["mailed"][1]).asker_id, known["mailed"][1])
    assert db.session.get_one(Drift, known["mailed"][1]).state == "lent"
    assert_audit_is_clean()
