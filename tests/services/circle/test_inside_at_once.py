"""Members who go while something is asked for or promised, on both databases."""

from functools import partial

from app.models.base import db
from app.models.drift import Drift
from app.rules.circle.circle import MemberState
from app.rules.exchange.audience import NoSharedCircle
from app.rules.exchange.refusals import CopyNotOpen
from app.services.circle import joining, members
from app.services.errors import NotFound
from app.services.exchange import drift
from tests.circles import put_in
from tests.exchange import NOW, ask, assert_audit_is_clean, reader
from tests.services.circle.test_inside import club, copy_in
from tests.services.exchange.test_wish_queue_at_once import at_once


def test_leaving_while_asking_and_excluding_while_accepting(any_engine_app):
    """Whoever comes first, nothing is promised to who was out before, and nothing breaks."""
    for _ in range(4):
        giver, asker = reader(0), reader(1)
        here, steward = club(giver, asker)
        copy = copy_in(giver, here)
        faults = at_once(any_engine_app, [partial(ask, asker, copy), partial(joining.leave, asker, here, NOW)])
        assert {type(fault) for fault in faults} <= {CopyNotOpen, NotFound}
        put_in(here, asker, MemberState.IN)
        asked = db.session.query(Drift.id).filter_by(asker_id=asker).scalar() or ask(asker, copy)
        exclude = partial(members.exclude, steward, here, asker, NOW)
        faults = at_once(any_engine_app, [partial(drift.accept_request, giver, asked, NOW), exclude])
        db.session.rollback()
        refused = [type(fault) for fault in faults]
        state = db.session.get_one(Drift, asked).state
        assert (state, refused) in [("accepted", []), ("waiting", [NoSharedCircle])]
    assert_audit_is_clean()
