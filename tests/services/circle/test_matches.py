"""The weekly mail to who looks after a circle: which wishes could be granted today, and by whom."""

import pytest
from sqlalchemy import select, update

from app.jobs.circle import queue_matches_mails, send_matches_mail
from app.jobs.registry import Job
from app.models.base import db
from app.models.circle import Circle, Membership
from app.models.gift import Gift
from app.models.outbox import Outbox
from app.rules.circle.circle import MemberState
from app.rules.clock import DAY
from app.rules.exchange.wish_scope import WishScope
from app.services.circle.matches import MATCHES_MAIL, list_matches
from app.services.copy.keeping import keep_copy
from app.services.moderation.block import block
from tests.circles import circle, listed_in, put_in
from tests.exchange import NOW, book, copy_of, editions, id_of, reader, wish_for
from tests.rows import statements_sent
from tests.web.forms import mails, text_of

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def steward(app_context):
    return reader(0, nickname="Ada")


@pytest.fixture
def club(steward):
    made = circle(name="House")
    put_in(made, steward, role="steward")
    return made


def member(club, name):
    someone = reader(0, nickname=name)
    put_in(club, someone)
    return someone


def found(club, steward, now=NOW):
    db.session.rollback()
    return [(match.wisher, match.givers) for match in list_matches(club, steward, now)]


def test_a_wish_of_one_member_meets_the_open_copies_of_others(club, steward):
    [isbn, other_edition, english] = editions()
    bert, cleo, outsider = member(club, "Bert"), member(club, "Cleo"), reader(0)
    wish_for(bert, isbn, scope=WishScope.THIS_LANGUAGE)
    wish_for(outsider, isbn)
    keep_copy(cleo, id_of(isbn), NOW)
    copy_of(reader(0), isbn)
    listed_in(cleo, id_of(isbn), circle(cleo))
    listed_in(cleo, id_of(english), club)
    assert found(club, steward) == []

    first = listed_in(cleo, id_of(other_edition), club)
    copy_of(steward, isbn)
    copy_of(steward, isbn)
    assert found(club, steward) == [("Bert", ["Cleo", "Ada"])]

    kept = {"offered_to": outsider, "offer_until": NOW + DAY}
    with db.auto_commit():
        db.session.execute(update(Gift).where(Gift.id == first).values(kept))
    assert found(club, steward) == [("Bert", ["Ada"])]
    assert found(club, steward, NOW + DAY) == [("Bert", ["Cleo", "Ada"])]
    put_in(club, steward, MemberState.LEFT)
    assert found(club, steward) == []


def test_who_has_blocked_whom_is_not_brought_together(club, steward):
    isbn = book()
    bert, cleo, dora = (member(club, name) for name in ("Bert", "Cleo", "Dora"))
    wish_for(bert, isbn)
    for giver in (cleo, dora):
        listed_in(giver, id_of(isbn), club)
    block(cleo, bert, NOW)
    assert found(club, steward) == [("Bert", ["Dora"])]
    block(dora, steward, NOW)
    assert found(club, steward) == []


def test_it_takes_one_statement_for_a_circle_of_any_size(club, steward):
    for place in range(3):
        isbn = book()
        wish_for(member(club, f"Bert {place}"), isbn)
        listed_in(steward, id_of(isbn), club)
        db.session.rollback()
        with statements_sent() as sent:
            assert len(list_matches(club, steward, NOW)) == place + 1
        assert len(sent) == 1


def test_stewards_are_told_once_a_week_and_only_if_there_is_something_to_tell(app, club, steward):
    idle, off = circle(), reader(0, mail_paces="circle:off")
    put_in(idle, steward, role="steward")
    put_in(club, off, role="steward")
    isbn = book(title="三体")
    wish_for(member(club, "Bert"), isbn)
    listed_in(member(club, "Cleo"), id_of(isbn), club)
    queue_matches_mails(None)
    queued = db.session.scalars(select(Outbox.payload).where(Outbox.kind == MATCHES_MAIL)).all()
    assert [(row["circle_id"], row["user_id"]) for row in queued] == [(club, steward), (idle, steward), (club, off)]

    [mail] = mails(app)
    assert mail["Subject"] == "“House”: 1 wish could be granted today"
    assert "“三体”: Bert waits, Cleo could give it." in text_of(mail)
    assert "/mail/off/" in mail["List-Unsubscribe"]


@pytest.mark.parametrize("change", [(Circle, {"state": "ended"}), (Membership, {"role": "member"})])
def test_who_looks_after_it_no_more_when_the_mail_is_written_gets_none(app, club, steward, change):
    isbn = book()
    wish_for(member(club, "Bert"), isbn)
    listed_in(steward, id_of(isbn), club)
    model, values = change
    with db.auto_commit():
        db.session.execute(update(model).values(values))
    job = Job(id=1, kind=MATCHES_MAIL, payload={"user_id": steward, "circle_id": club}, attempts=0, created=NOW)
    send_matches_mail(job)
    assert mails(app) == []
