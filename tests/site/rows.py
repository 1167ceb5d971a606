"""Rows behind the pages of `pages.py`: an exchange from each side, a circle, a report, a complaint."""

from app.models.base import db
from app.models.circle import Circle, Membership
from app.models.copy import Copy
from app.models.decision import Appeal, Complaint, Decision
from app.models.drift import Drift
from app.models.encrypted import seal
from app.models.hand_over import HandOver
from app.models.message import Message
from app.models.place import Place
from app.models.report import Report
from app.models.user import Arrival
from tests.exchange import listed
from tests.factories import BookFactory, UserFactory


def add_rows(reader_id: int) -> None:
    """Add to the session what each page of a reader, who is a moderator too, is about."""
    giver, book = UserFactory(), BookFactory()
    db.session.add_all([Place(id=1, name="Library"), Circle(id=1, slug="circle-1", name="圈子")])
    db.session.flush()
    db.session.add(Membership(circle_id=1, user_id=reader_id, since=1, role="steward"))
    assert [listed(giver.id, book.id).id for _ in range(3)] == [1, 2, 3]
    for id, asks, gives in ((1, reader_id, giver.id), (2, giver.id, reader_id)):
        at = {"gift_id": id + 1, "book_id": book.id, "create_time": 1, "state_time": 1, "beans": 1}
        db.session.add(Drift(id=id, asker_id=asks, giver_id=gives, way="meet", state="accepted", **at))
        db.session.add(HandOver(drift_id=id, code="123456"))
    message = {"author_id": giver.id, "reader_id": reader_id, "sealed": seal("hello")}
    db.session.add(Message(id=1, drift_id=1, **message))
    decided = {"kind": "message", "ref": 1, "about_id": giver.id, "act": "hide", "ground": "spam"}
    db.session.add(Decision(id=1, words=seal("why"), **decided))
    db.session.flush()
    waiting = UserFactory(confirmed_at=None, waits_since=1)
    asking = {"state": "asking", "state_time": 1, "words": seal("hello")}
    db.session.add(Arrival(user_id=waiting.id, **asking))
    db.session.add(Appeal(id=1, decision_id=1, reader_id=giver.id, words=seal("no")))
    reported = {"kind": "message", "ref": 1, "about_id": giver.id, "reason": "spam"}
    db.session.add(Report(id=1, words=seal("look"), copied=seal("hello"), **reported))
    assert listed(reader_id, book.id).id == 4
    db.session.add(Copy(id=5, book_id=book.id, holder_id=reader_id, since=1))
    asked = {"gift_id": 1, "book_id": book.id, "create_time": 1, "state_time": 1, "beans": 1}
    db.session.add(Drift(id=3, asker_id=reader_id, giver_id=giver.id, **asked))
    db.session.flush()
    said = {"fault": "pages", "words": seal("torn"), "state": "disagreed", "state_time": 1}
    db.session.add(Complaint(drift_id=3, author_id=reader_id, about_id=giver.id, **said))
