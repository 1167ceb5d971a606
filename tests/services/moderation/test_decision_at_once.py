"""Several moderators who decide about the same thing at the same time."""

import threading

from sqlalchemy import select

from app.models.base import db
from app.models.decision import Decision
from app.rules.moderation.decision import Act, DecidedMeanwhile, Ground, Party, Verdict
from app.services.moderation.decision import decide
from tests.exchange import NOW, reader


def test_of_two_moderators_who_decide_at_once_one_wins(any_engine_app):
    about, deciders = reader(0), [Party(reader(0, role="moderator"), "moderator") for _ in range(3)]
    start, outcomes = threading.Barrier(len(deciders)), []

    def act(actor):
        with any_engine_app.app_context():
            start.wait()
            try:
                decide(actor, "reader", about, Verdict(Act.NOTHING, Ground.NO_BREACH), NOW, seen=0)
                outcomes.append("decided")
            except DecidedMeanwhile:
                outcomes.append("told")
            db.session.remove()

    db.session.rollback()
    threads = [threading.Thread(target=act, args=(actor,)) for actor in deciders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["decided", "told", "told"]
    assert len(db.session.scalars(select(Decision)).all()) == 1
