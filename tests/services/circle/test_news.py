"""What is told of circles on the site: to whom, once, and with links to pages that are there for them."""

import pytest
from sqlalchemy import select

from app.i18n import use_locale
from app.models.base import db
from app.models.notice import Notice
from app.models.outbox import Outbox
from app.rules.circle.circle import Door, MemberState
from app.rules.circle.refusals import MemberAlready
from app.rules.clock import DAY
from app.services.circle import founding, joining, members, succession
from app.services.circle.directory import find_circle_id
from app.services.notice.digest import plan_digests, queue_digests
from app.services.notice.notices import list_notices
from tests.circles import put_in
from tests.exchange import NOW, reader

pytestmark = pytest.mark.usefixtures("app_context")
LATER = NOW + 100 * DAY


@pytest.fixture
def steward(app_context):
    return reader(0)


@pytest.fixture
def club(steward):
    return find_circle_id(founding.found(steward, "Elm Street", "", Door.ASK, NOW))


def told(reader_id):
    """Return the words of a reader's notices with the pages they lead to, the newest first."""
    db.session.rollback()
    with use_locale("en"):
        rows = list_notices(reader_id, None, 100, LATER).rows
        return [(row.words, row.endpoint, row.values) for row in rows]


def test_stewards_are_told_once_a_day_that_somebody_asks(steward, club):
    second, member, first_asker, other_asker = (reader(0) for _ in range(4))
    put_in(club, second, role="steward")
    put_in(club, member)
    joining.knock(first_asker, club, "", NOW)
    joining.knock(other_asker, club, "", NOW + 1)

    words = "Somebody asks to be let into “Elm Street”"
    for who in (steward, second):
        assert told(who) == [(words, "web.circle_steward", {"slug": "elm-street"})]
    assert told(member) == told(first_asker) == []
    joining.leave(other_asker, club, NOW + DAY)
    joining.knock(other_asker, club, "", NOW + DAY)
    assert len(told(second)) == 2
    assert len(db.session.scalars(select(Outbox.id).where(Outbox.kind == "mail.circle")).all()) == 4


def test_each_deed_is_told_to_whom_it_concerns(steward, club):
    someone, stranger = reader(0), reader(0)
    home = {"slug": "elm-street"}
    joining.knock(someone, club, "", NOW)
    joining.knock(stranger, club, "", NOW)
    members.let_in(steward, club, someone, NOW + 1)
    members.turn_away(steward, club, stranger, NOW + 1)
    members.make_steward(steward, club, someone, NOW + 2)
    assert told(stranger) == [("You were not let into “Elm Street”", "web.circles", {})]
    assert told(someone) == [
        ("You look after “Elm Street” now", "web.circle_steward", home),
        ("You are in “Elm Street”", "web.circle", home),
    ]
    members.step_down(someone, club)
    assert told(someone)[0][1:] == ("web.circle", home)
    members.exclude(steward, club, someone, NOW + 3)
    assert [(words, endpoint) for words, endpoint, _ in told(someone)] == [
        ("You are no longer in “Elm Street”", "web.circles"),
        ("You look after “Elm Street” now", "web.circles"),
        ("You are in “Elm Street”", "web.circles"),
    ]


def test_the_member_whose_turn_it_is_is_told_that_nobody_looks_after_the_circle(steward, club):
    someone = reader(0)
    put_in(club, someone)
    joining.leave(steward, club, NOW)
    assert told(someone) == [("Will you look after “Elm Street”?", "web.circle", {"slug": "elm-street"})]
    succession.answer_for_steward(someone, club, True, NOW + 1)
    members.close_circle(someone, club, NOW + 2)
    assert told(someone)[0][1] == "web.circles"


def test_what_is_refused_is_told_to_nobody(steward, club):
    someone = reader(0)
    put_in(club, someone)
    with pytest.raises(MemberAlready):
        members.turn_away(steward, club, someone, NOW)
    assert told(someone) == []


def test_summaries_leave_out_what_is_mailed_by_itself(steward, club):
    someone = reader(0)
    put_in(club, someone, MemberState.ASKED)
    members.turn_away(steward, club, someone, NOW)
    assert db.session.scalar(select(Notice.mailed_time)) == NOW
    with db.auto_commit():
        plan_digests([someone])
    assert queue_digests(LATER) == 0
