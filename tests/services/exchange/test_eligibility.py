"""The facts that decide whether a reader may ask, each on its own."""

import pytest
from sqlalchemy import update

from app.models.base import db
from app.models.drift import Drift
from app.rules.exchange.asking import ABSENCES_COUNT, MISSING_COUNTS, AskerFacts
from app.services.exchange.eligibility import get_asker_facts
from tests.exchange import NOW, book, copy_of, exchange, reader, wish_for

pytestmark = pytest.mark.usefixtures("app_context")


def change(drift_ids, **values):
    with db.auto_commit():
        db.session.execute(update(Drift).where(Drift.id.in_(drift_ids)).values(**values))


def test_each_number_counts_the_drifts_it_is_about():
    me, isbn = reader(7), book()
    wish_for(me, isbn, NOW)
    copy_of(reader(0), isbn, NOW)
    asked = [*["received"] * 3, "waiting", "mailed", *["missing"] * 4, "rejected", "withdrawn", "expired"]
    drifts = {}
    for state in asked:
        drifts.setdefault(state, []).append(exchange(state).drift)
    change([id for ids in drifts.values() for id in ids], asker_id=me)
    change(drifts["missing"][:2], giver_id=reader(0))
    change(drifts["missing"][3:], state_time=NOW - MISSING_COUNTS)
    change(drifts["expired"], absent="asker")
    others = [exchange("expired").drift for _ in range(4)]
    change(others, giver_id=me, absent="giver")
    change(others[:1], state_time=NOW - ABSENCES_COUNT)
    change(others[1:2], absent="asker")
    given = [exchange(state).drift for state in ("received", "received", "accepted", "missing", "expired")]
    change(given, giver_id=me)

    assert get_asker_facts(me, NOW) == AskerFacts(
        confirmed=True, beans=7, received=3, under_way=2, given=2, missing=4, missing_givers=2, kept=1, absences=3
    )
