"""What stewards do for their circle: requests, members, invitations, a poster, its rules and its end."""

import pytest

from app.jobs.circle import ask_next_members
from app.models.base import db, now
from app.models.circle import Circle, CircleInvitation, Membership
from app.rules.circle.circle import MemberState
from app.rules.clock import DAY
from app.services.circle.joining import knock, leave
from tests.circles import circle, listed_in, put_in
from tests.exchange import book, id_of, reader, wish_for
from tests.web.forms import errors, mails, send
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
RULES = {"name": "House", "door": "link", "ways": ["meet", "place"], "announcement": "Bring cake", "lends": "y"}


@pytest.fixture
def steward(app):
    """A client of the one who looks after `circle-1`."""
    put_in(
        circle(door="ask", name="House"), someone := reader(0, nickname="Ada", email="a@campus.example"), role="steward"
    )
    client = logged_in(app, someone)
    client.user_id = someone
    return client


def row_of(reader_id):
    db.session.rollback()
    return db.session.query(Membership).filter_by(user_id=reader_id).one_or_none()


def here():
    db.session.rollback()
    return db.session.query(Circle).one()


def deed(client, reader_id, name):
    return press(client, f"/circle/circle-1/readers/{reader_id}/{name}")


def subjects(app):
    return [mail["Subject"] for mail in mails(app)]


def test_a_steward_is_told_by_mail_who_asks_once_a_day_and_lets_them_in(app, steward):
    one, other = reader(0, nickname="Bert"), reader(0, nickname="Cleo")
    for someone in (one, other):
        knock(someone, here().id, "I live at number 9", now())
    assert subjects(app) == ["Somebody asks to be let into “House”"]
    told = steward.get("/notices").page.select_one(".notices a")
    assert (told.get_text(), told["href"]) == (subjects(app)[0], "/circle/circle-1/steward")
    page = steward.get("/circle/circle-1/steward")

    assert "I live at number 9" in text_of(page)
    assert deed(steward, one, "let-in").status_code == 303
    assert deed(steward, other, "turn-away").status_code == 303
    assert (row_of(one).state, row_of(other).state) == ("in", "out")
    assert subjects(app)[1:] == ["You are in “House”", "You were not let into “House”"]
    assert deed(steward, one, "let-in").status_code == 409


def test_who_wants_no_mail_about_those_who_wait_gets_none_about_requests(app, steward):
    press(
        steward,
        "/personal/settings",
        {"nickname": "Ada", "locale": "en", "time_zone": "UTC", "ways": "meet", "turn": "off"},
    )
    knock(reader(0), here().id, "", now())

    assert subjects(app) == []


def test_a_member_is_excluded_and_what_they_listed_for_the_circle_is_private(app, steward):
    put_in(here().id, someone := reader(0, nickname="Bert"))
    listed_in(someone, id_of(book(title="Closed book")), here().id)
    assert deed(steward, someone, "exclude").status_code == 303

    assert row_of(someone).state == "out"
    assert subjects(app) == ["You are no longer in “House”"]
    assert "Closed book" not in text_of(steward.get("/circle/circle-1"))
    assert "Bring cake" not in text_of(logged_in(app, someone).get("/circle/circle-1"))


def test_a_second_steward_lets_the_first_one_step_down(app, steward):
    assert press(steward, "/circle/circle-1/step-down").status_code == 409
    put_in(here().id, someone := reader(0))
    deed(steward, someone, "make-steward")
    deed(steward, someone, "make-steward")

    assert subjects(app) == ["You look after “House” now"]
    assert press(steward, "/circle/circle-1/step-down").location == "/circle/circle-1"
    assert row_of(steward.user_id).role == "member"
    assert steward.get("/circle/circle-1/steward").status_code == 404


def test_the_checklist_counts_readers_copies_and_wishes(steward):
    put_in(here().id, someone := reader(0))
    listed_in(someone, id_of(book()), here().id)
    wish_for(someone, book())
    wish_for(someone, book())
    text = text_of(steward.get("/circle/circle-1/steward"))

    for line in ("2 / 30 readers", "1 / 300 books on offer", "2 / 50 wishes"):
        assert line in text


def test_an_invitation_is_shown_with_its_link_and_code_until_it_is_taken_back(app, steward):
    send(steward, "/circle/circle-1/invitations", uses="3")
    page = steward.get("/circle/circle-1/invitations").page
    link = page.select_one("input[readonly]")["value"]
    token = link.rpartition("/")[2]

    assert page.select_one("svg.qr")
    assert "for 3 more readers" in page.get_text()
    assert app.test_client().get(f"/join/{token}").status_code == 200
    number = db.session.query(CircleInvitation).one().id
    assert press(steward, f"/circle/circle-1/invitations/{number}/revoke").status_code == 303
    assert app.test_client().get(f"/join/{token}").status_code == 403
    assert not steward.get("/circle/circle-1/invitations").page.select("input[readonly]")


def test_the_database_holds_nothing_with_which_one_gets_in(steward):
    send(steward, "/circle/circle-1/invitations", uses="3")
    link = steward.get("/circle/circle-1/invitations").page.select_one("input[readonly]")["value"]

    assert db.session.query(CircleInvitation).one().token_hash not in link


@pytest.mark.parametrize("uses", ["", "0", "-1", "501", "x", "9" * 30])
def test_an_invitation_is_for_a_number_of_readers(steward, uses):
    answer = send(steward, "/circle/circle-1/invitations", uses=uses)

    assert answer.status_code == 400
    assert errors(answer)
    assert db.session.query(CircleInvitation).count() == 0


def test_a_member_invites_a_few_and_sees_their_own_invitations_only(app, steward):
    send(steward, "/circle/circle-1/invitations", uses="3")
    put_in(here().id, someone := reader(0))
    member = logged_in(app, someone)

    assert send(member, "/circle/circle-1/invitations", uses="11").status_code == 400
    assert send(member, "/circle/circle-1/invitations", uses="10").status_code == 303
    assert len(member.get("/circle/circle-1/invitations").page.select("input[readonly]")) == 1
    assert len(steward.get("/circle/circle-1/invitations").page.select("input[readonly]")) == 2
    first = db.session.query(CircleInvitation).order_by(CircleInvitation.id).first().id
    assert press(member, f"/circle/circle-1/invitations/{first}/revoke").status_code == 404


def test_where_stewards_alone_invite_members_see_no_form(app, steward):
    put_in(here().id, someone := reader(0))
    press(steward, "/circle/circle-1/rules", RULES)
    member = logged_in(app, someone)

    assert not member.get("/circle/circle-1/invitations").page.select_one("input[name=uses]")
    assert press(member, "/circle/circle-1/invitations", {"uses": "1"}).status_code == 403


def test_a_poster_is_made_by_one_press_and_can_be_printed_again(app, steward):
    first = steward.get("/circle/circle-1/poster").page
    assert not first.select_one("svg.qr")
    send(steward, "/circle/circle-1/poster")
    once, again = (steward.get("/circle/circle-1/poster").page.select_one(".poster") for _ in range(2))
    link = once.select_one(".poster-link").get_text()

    assert once == again
    assert once.select_one("svg.qr")
    assert "House" in once.h1.get_text()
    assert app.test_client().get("/join/" + link.rpartition("/")[2]).status_code == 200


def test_a_steward_says_what_the_circle_is_and_what_holds_in_it(steward):
    assert press(steward, "/circle/circle-1/rules", RULES | {"domain": "@Campus.Example"}).status_code == 303
    row = here()

    assert (row.name, row.door, row.announcement, row.domain) == ("House", "link", "Bring cake", "campus.example")
    assert (row.ways, row.lends, row.listed, row.members_invite) == ("meet place", True, False, False)
    form = steward.get("/circle/circle-1/rules").page
    assert {box["value"] for box in form.select("input[name=ways][checked]")} == {"meet", "place"}
    assert "Bring cake" in text_of(steward.get("/circle/circle-1"))


@pytest.mark.parametrize(
    ("wrong", "said", "status"),
    [
        ({"name": ""}, "Please enter a name.", 400),
        ({"ways": []}, "at least one way", 400),
        ({"ways": ["pigeon"]}, "pigeon", 400),
        ({"area_name": "nowhere at all"}, "not an area we know", 400),
        ({"domain": "no domain"}, "not the domain", 400),
        ({"domain": "qq.com"}, "proves nothing", 409),
        ({"domain": "firm.example"}, "your own confirmed address", 403),
        ({"announcement": "x" * 501}, "At most 500", 400),
    ],
)
def test_what_does_not_hold_is_asked_for_again(steward, wrong, said, status):
    answer = press(steward, "/circle/circle-1/rules", RULES | wrong)

    assert answer.status_code == status
    assert said in text_of(answer)
    assert here().announcement == ""


def test_when_the_last_steward_leaves_the_next_member_is_asked_and_answers_on_the_page(app, steward):
    first, second = reader(0, nickname="Bert"), reader(0, nickname="Cleo")
    put_in(here().id, first, since=1)
    put_in(here().id, second, since=2)
    press(steward, "/circle/circle-1/leave")
    bert, cleo = logged_in(app, first), logged_in(app, second)

    assert subjects(app) == ["Will you look after “House”?"]
    assert "Will you look after this circle?" in text_of(bert.get("/circle/circle-1"))
    assert "Will you look after this circle?" not in text_of(cleo.get("/circle/circle-1"))
    assert press(cleo, "/circle/circle-1/succeed", {"answer": "yes"}).status_code == 404
    assert press(bert, "/circle/circle-1/succeed", {"answer": "maybe"}).status_code == 400
    press(bert, "/circle/circle-1/succeed", {"answer": "no"})
    assert press(cleo, "/circle/circle-1/succeed", {"answer": "yes"}).location == "/circle/circle-1/steward"
    assert row_of(second).role == "steward"


def test_who_does_not_answer_for_thirty_days_is_followed_by_the_next_who_is_mailed(app, steward):
    for since in (1, 2):
        put_in(here().id, reader(0), since=since)
    leave(steward.user_id, here().id, now() - 31 * DAY)
    ask_next_members(None)

    assert subjects(app) == ["Will you look after “House”?"] * 2


def test_a_closed_circle_is_gone_for_all(app, steward):
    put_in(here().id, someone := reader(0))
    listed_in(someone, id_of(book(title="Closed book")), here().id)
    assert press(steward, "/circle/circle-1/end").location == "/circles"

    for client in (steward, logged_in(app, someone)):
        assert client.get("/circle/circle-1").status_code == 404
    assert press(steward, "/circle/circle-1/end").status_code == 404


@pytest.mark.parametrize("path", ["/steward", "/rules", "/poster", "/members", "/invitations"])
def test_pages_of_stewards_are_not_there_for_others(app, steward, path):
    stranger, put = logged_in(app, reader(0)), reader(0)
    put_in(here().id, put)
    put_in(here().id, out := reader(0), MemberState.OUT)
    for client in (stranger, logged_in(app, out)):
        assert client.get(f"/circle/circle-1{path}").status_code == 404
    expected = 200 if path in ("/members", "/invitations") else 404
    assert logged_in(app, put).get(f"/circle/circle-1{path}").status_code == expected
