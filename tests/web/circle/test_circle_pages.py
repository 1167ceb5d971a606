"""The directory of circles, founding one, its page, and getting in and out."""

from pathlib import Path

import pytest

from app.models.base import db, now
from app.models.circle import Circle, Membership
from app.models.user import Block
from app.rules.circle.circle import MemberState
from app.search.write.build import build_index
from app.search.write.source import BookSource
from app.services.circle.invitation import invite_to_circle
from tests.circles import circle, listed_in, put_in
from tests.exchange import book, id_of, reader, wish_for
from tests.factories import PASSWORD
from tests.rows import statements_sent
from tests.web.circle.shelf import shelved_titles
from tests.web.forms import link_in, mails, send
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
SOMEWHERE = "CN/上海市/上海市/徐汇区"


def state_of(reader_id, slug="circle-1"):
    db.session.rollback()
    found = db.session.query(Membership).join(Circle, Circle.id == Membership.circle_id)
    row = found.filter(Circle.slug == slug, Membership.user_id == reader_id).one_or_none()
    return row and row.state


def test_the_directory_lists_the_nearest_circles_first_and_none_that_is_not_listed(app):
    circle(name="Far", area="CN/浙江省/杭州市/西湖区", about="Tea and books")
    circle(name="Near", area=SOMEWHERE)
    circle(name="Secret", area=SOMEWHERE, listed=False)
    page = logged_in(app, reader(0, area=SOMEWHERE)).get("/circles").page

    assert [link.get_text() for link in page.select("h3 a")] == ["Near", "Far"]
    assert "Secret" not in page.get_text()


def test_the_directory_begins_with_the_readers_own_circles_and_says_who_asks_to_be_let_in(app):
    me = reader(0)
    own = circle(name="Mine", listed=False)
    put_in(own, me, role="steward")
    put_in(own, reader(0), MemberState.ASKED)
    page = logged_in(app, me).get("/circles").page

    assert "Mine" in page.select_one("#my-circles + ul").get_text()
    assert "1 asks to be let in" in page.get_text()


def test_a_site_without_circles_offers_to_found_one(client):
    page = client.get("/circles").page

    assert page.select_one(".empty-state")
    assert page.find("a", href="/circle/new")


def test_a_circle_is_founded_in_three_fields(app):
    client = logged_in(app, me := reader(0))
    answer = send(client, "/circle/new", name="Readers of Elm Street", about="We meet on Fridays", door="link")
    page = client.get(answer.location).page

    assert answer.location == "/circle/readers-of-elm-street"
    assert page.h1.get_text() == "Readers of Elm Street"
    assert state_of(me, "readers-of-elm-street") == "in"
    assert not db.session.query(Circle).one().listed


@pytest.mark.parametrize(
    "fields", [{}, {"name": "", "door": "open"}, {"name": "x" * 41, "door": "open"}, {"name": "x", "door": "ajar"}]
)
def test_what_is_no_circle_is_asked_for_again(app, fields):
    answer = send(logged_in(app, reader(0)), "/circle/new", **fields)

    assert answer.status_code == 400
    assert answer.page.select_one(".field-error, .flash.error")
    assert db.session.query(Circle).count() == 0


def test_a_newcomer_cannot_put_a_link_on_the_page_of_a_circle(app):
    client = logged_in(app, reader(0, create_time=now()))
    answer = send(client, "/circle/new", name="Cheap", about="https://shop.example", door="open")

    assert answer.status_code == 403
    assert "As long as you are new here" in text_of(answer)


def test_members_see_the_shelf_the_announcement_the_wishes_and_each_other(app):
    me, giver = reader(0, nickname="Ada"), reader(0, nickname="Bert")
    here = circle(me, giver, announcement="Bring cake", about="A street")
    listed_in(giver, id_of(book(title="Closed book")), here)
    listed_in(giver, id_of(book(title="Book to borrow")), here, lend_days=30)
    listed_in(giver, id_of(book(title="Of nobody here")))
    wish_for(giver, book(title="Wanted book"))
    text = text_of(logged_in(app, me).get("/circle/circle-1"))

    for said in ("Bring cake", "Closed book", "to borrow · Bert", "Wanted book", "Ada", "A street", "Leave the circle"):
        assert said in text
    assert "Of nobody here" not in text


def test_others_see_what_a_circle_is_and_nothing_that_is_in_it(app, client):
    me, giver = reader(0, nickname="Ada"), reader(0, nickname="Bert")
    here = circle(giver, announcement="Bring cake", about="A street", door="ask")
    listed_in(giver, id_of(book(title="Closed book")), here)
    for who in (client, logged_in(app, me)):
        text = text_of(who.get("/circle/circle-1"))
        assert "A street" in text
        for hidden in ("Bring cake", "Closed book", "Bert"):
            assert hidden not in text


def test_a_circle_that_is_not_listed_looks_to_others_as_one_that_does_not_exist(app, client):
    circle(door="link", listed=False)
    for who in (client, logged_in(app, reader(0))):
        there, nowhere = who.get("/circle/circle-1"), who.get("/circle/nowhere-1")
        assert there.status_code == nowhere.status_code == 404
        assert there.data.replace(b"circle-1", b"nowhere-1") == nowhere.data
    someone = logged_in(app, reader(0))
    for act in ("join", "leave"):
        assert press(someone, f"/circle/circle-1/{act}").status_code == 404
    assert someone.get("/circle/circle-1/members").status_code == 404


@pytest.mark.parametrize("slug", ["circle-1%20", "Circle-1", "circle-1%E2%80%8B", "x" * 3000, "%00"])
def test_an_address_that_is_nearly_a_circles_is_none(client, slug):
    circle()

    assert client.get(f"/circle/{slug}").status_code == 404


def test_an_open_door_lets_in_at_once_and_out_again(app):
    circle(door="open")
    client = logged_in(app, me := reader(0))

    assert send(client, "/circle/circle-1/join", "/circle/circle-1").location == "/circle/circle-1"
    assert state_of(me) == "in"
    assert press(client, "/circle/circle-1/leave").location == "/circles"
    assert state_of(me) == "left"


def test_at_a_door_on_request_one_asks_and_can_ask_no_more(app):
    circle(reader(0), door="ask")
    client = logged_in(app, me := reader(0))
    send(client, "/circle/circle-1/join", "/circle/circle-1", words="I live at number 9")

    assert state_of(me) == "asked"
    assert "You have asked to be let in" in text_of(client.get("/circle/circle-1"))
    press(client, "/circle/circle-1/leave")
    assert state_of(me) == "left"


def test_a_request_that_is_too_long_is_asked_for_again(app):
    circle(door="ask")
    client = logged_in(app, me := reader(0))

    assert press(client, "/circle/circle-1/join", {"words": "x" * 201}).status_code == 400
    assert state_of(me) is None


@pytest.mark.parametrize(("door", "said"), [("closed", "takes nobody in"), ("link", "Only invited readers")])
def test_a_door_that_does_not_open_has_no_button(app, door, said):
    circle(door=door)
    client = logged_in(app, me := reader(0))
    page = client.get("/circle/circle-1")

    assert said in text_of(page)
    assert not page.page.find("form", action="/circle/circle-1/join")
    assert press(client, "/circle/circle-1/join").status_code == 403
    assert state_of(me) is None


def test_an_address_of_the_domain_opens_a_door_by_invitation(app):
    circle(door="link", domain="campus.example")
    client = logged_in(app, me := reader(0, email="a@campus.example"))
    send(client, "/circle/circle-1/join", "/circle/circle-1")

    assert state_of(me) == "in"


def test_who_is_excluded_is_told_when_to_ask_again(app):
    here = circle(door="open")
    client = logged_in(app, me := reader(0))
    put_in(here, me, MemberState.OUT, since=now())
    answer = press(client, "/circle/circle-1/join")

    assert answer.status_code == 409
    assert "You can ask again in 30 days." in text_of(answer)


def test_a_link_leads_into_a_circle_that_nobody_finds(app, client):
    steward, me = reader(0), reader(0)
    here = circle(door="link", listed=False, name="Quiet readers")
    put_in(here, steward, role="steward")
    link = f"/join/{invite_to_circle(steward, here, 2, now())}"
    stranger = client.get(link).page
    member = logged_in(app, me)

    assert stranger.find("a", href=f"/register?next={link}")
    assert "Quiet readers" in stranger.h1.get_text()
    assert send(member, link).location == "/circle/circle-1"
    assert state_of(me) == "in"
    assert member.get(link).location == "/circle/circle-1"
    press(logged_in(app, reader(0)), link)
    assert client.get(link).status_code == 403, "it was for two"
    assert member.get(link).location == "/circle/circle-1", "whoever is in goes on to the circle"
    assert press(member, link).location == "/circle/circle-1"
    assert press(logged_in(app, reader(0)), link).status_code == 403
    put_in(here, me, MemberState.OUT)
    assert member.get(link).status_code == 403


def test_a_stranger_who_registers_by_a_link_is_in_once_the_address_is_confirmed(app, client):
    steward = reader(0)
    here = circle(door="link", listed=False, name="Quiet readers")
    put_in(here, steward, role="steward")
    token = invite_to_circle(steward, here, 1, now())
    send(
        client, "/register", f"/register?next=/join/{token}",
        nickname="newcomer", email="new@example.org", password=PASSWORD, next=f"/join/{token}",
    )  # fmt: skip
    link = link_in(mails(app)[-1])
    answer = send(client, link)

    assert answer.location == "/circle/circle-1"
    assert "Welcome! You are in “Quiet readers” now." in text_of(client.get(answer.location))


def test_a_stranger_whose_link_was_used_up_meanwhile_reads_that(app, client):
    steward = reader(0)
    here = circle(door="link", listed=False)
    put_in(here, steward, role="steward")
    token = invite_to_circle(steward, here, 1, now())
    fields = {"nickname": "newcomer", "email": "new@example.org", "password": PASSWORD, "next": f"/join/{token}"}
    send(client, "/register", f"/register?next=/join/{token}", **fields)
    press(logged_in(app, reader(0)), f"/join/{token}")
    answer = send(client, link_in(mails(app)[-1]))

    assert answer.location == f"/join/{token}"
    assert "does not work any more" in text_of(client.get(answer.location))


def test_a_member_does_not_see_who_has_blocked_them(app):
    me, other, third = reader(0), reader(0, nickname="Bert"), reader(0, nickname="Cleo")
    here = circle(me, other, third)
    listed_in(other, id_of(book(title="Closed book")), here)
    wish_for(other, book(title="Wanted book"))
    with db.auto_commit():
        db.session.add(Block(reader_id=other, blocked_id=me))
    text = text_of(logged_in(app, me).get("/circle/circle-1"))

    for hidden in ("Bert", "Closed book", "Wanted book"):
        assert hidden not in text
    assert "Cleo" in text


def test_the_shelf_has_pages_each_of_which_begins_behind_the_last_listing(app):
    me, giver = reader(0), reader(0)
    here = circle(me, giver)
    for number in range(50):
        listed_in(giver, id_of(book(title=f"Book {number:02}")), here)
    client, seen, path = logged_in(app, me), [], "/circle/circle-1"
    while path:
        page = client.get(path).page
        seen += shelved_titles(page)
        after = page.select_one("a.next")
        path = after and after["href"]

    assert seen == [f"Book {number:02}" for number in reversed(range(50))]


@pytest.mark.parametrize("query", ["before=x", "before=99999999999999999999", "before=-1", "q=%00", f"q={'长' * 3000}"])
def test_a_shelf_with_a_strange_address_is_a_page(app, query):
    circle(me := reader(0))

    assert logged_in(app, me).get(f"/circle/circle-1?{query}").status_code == 200


def test_a_search_finds_what_is_in_the_circle_and_nothing_else(app):
    me, giver = reader(0), reader(0)
    here = circle(me, giver)
    listed_in(giver, id_of(isbn := book(title="海边的卡夫卡")), here)
    listed_in(giver, id_of(book(title="海边的房子")))
    listed_in(giver, id_of(book(title="北风")), here)
    build_index(Path(app.config["SEARCH_INDEX_PATH"]), BookSource(db.engine))
    client = logged_in(app, me)

    assert shelved_titles(client.get("/circle/circle-1?q=海边").page) == ["海边的卡夫卡"]
    assert shelved_titles(client.get(f"/circle/circle-1?q={isbn}").page) == ["海边的卡夫卡"]
    assert "Nothing like that on this shelf" in text_of(client.get("/circle/circle-1?q=没有"))


def test_without_an_index_a_search_says_so(app):
    circle(me := reader(0))

    assert "can’t be searched" in text_of(logged_in(app, me).get("/circle/circle-1?q=海边"))


@pytest.mark.parametrize(
    "path", ["/circle/circle-1", "/circle/circle-1?before=99", "/circles", "/circle/circle-1/members"]
)
def test_the_number_of_statements_does_not_depend_on_what_a_circle_has(app, path):
    me, giver = reader(0), reader(0)
    here = circle(giver)
    put_in(here, me, role="steward")
    client, counts = logged_in(app, me), []
    for _ in range(3):
        for _ in range(3):
            listed_in(giver, id_of(book()), here)
            wish_for(someone := reader(0), book())
            put_in(here, someone)
            circle(me, someone)
        client.get(path)
        with statements_sent() as statements:
            client.get(path)
        counts.append(len(statements))

    assert len(set(counts)) == 1
    assert counts[0] <= 9


def test_all_members_are_on_pages_of_their_own(app):
    me = reader(0)
    here = circle(*(reader(0) for _ in range(25)))
    put_in(here, me, role="steward")
    client = logged_in(app, me)
    first = client.get("/circle/circle-1/members").page
    last = client.get("/circle/circle-1/members?page=99")

    assert first.select_one("main li").get_text(" ").split()[1:5] == ["looks", "after", "the", "circle"]
    assert "page=" in last.location
