"""The feeds of a circle: for each member at an address of their own, and for everybody if anybody may enter."""

import pytest

from app.models.base import db
from app.models.circle import Circle
from app.models.user import User
from app.rules.circle.circle import MemberState
from app.services.feed.address import find_token, renew_feed, revoke_feed
from app.services.moderation.block import block
from tests.circles import circle, listed_in, put_in
from tests.exchange import NOW, book, copy_of, id_of, reader
from tests.web.feed.atom import links_of, read_feed, texts_of
from tests.web.readers import logged_in

pytestmark = pytest.mark.usefixtures("app_context")
SITE = "http://127.0.0.1:5000"


@pytest.fixture
def giver(app_context):
    return reader(0, nickname="Ada")


@pytest.fixture
def club(giver):
    return circle(giver, name="House", door="open")


@pytest.fixture
def member(club):
    put_in(club, someone := reader(0, nickname="Bert"))
    renew_feed(someone)
    return someone


def path_of(member, slug="circle-1"):
    db.session.rollback()
    return f"/feed/circle/{slug}/{find_token(db.session.get_one(User, member), slug)}.atom"


def titles(client, path):
    return texts_of(read_feed(client.get(path).data), "title")


def test_a_member_reads_the_shelf_at_an_address_of_their_own(app, client, club, giver, member):
    listed_in(giver, id_of(book(title="三体", authors=["刘慈欣"])), club)
    listed_in(giver, id_of(book(title="Elsewhere")), circle(giver))
    address = path_of(member)
    assert logged_in(app, member).get("/circle/circle-1").page.find("a", href=f"{SITE}{address}")
    answer = client.get(address)
    assert (titles(client, address), "Ada" in answer.text) == (["三体"], True)
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert links_of(read_feed(answer.data), "self") == []

    block(giver, member, NOW)
    assert titles(client, address) == []


def test_the_address_opens_nothing_else_and_ends_with_the_membership(client, club, member):
    address = path_of(member)
    other = circle(member)
    own_token = find_token(db.session.get_one(User, member))
    for wrong in (
        address.replace("circle-1", "circle-2"),
        address.replace("circle-1", "nowhere"),
        f"/feed/circle/circle-1/{own_token}.atom",
        f"/feed/mine/{address.rpartition('/')[2]}",
        "/feed/circle/circle-1/x.atom",
    ):
        assert client.get(wrong).status_code == 404, wrong
    assert (client.get(address).status_code, other > club) == (200, True)
    for state in (MemberState.LEFT, MemberState.OUT, MemberState.ASKED):
        put_in(club, member, state)
        assert client.get(address).status_code == 404
    put_in(club, member)
    assert client.get(address).status_code == 200
    renew_feed(member)
    assert client.get(address).status_code == 404
    renewed = path_of(member)
    assert client.get(renewed).status_code == 200
    revoke_feed(member)
    assert client.get(renewed).status_code == 404


def test_everybody_reads_of_an_open_circle_what_is_for_everybody_and_not_whose_it_is(client, club, giver):
    listed_in(giver, id_of(book(title="Closed")), club)
    copy_of(giver, book(title="For all"))
    copy_of(reader(0), book(title="Of a stranger"))
    answer = client.get("/feed/circle/circle-1.atom")
    assert titles(client, "/feed/circle/circle-1.atom") == ["For all"]
    assert "Ada" not in answer.text
    links = client.get("/circle/circle-1").page.select("link[rel=alternate][type='application/atom+xml']")
    assert [link["href"] for link in links] == ["/feed/circle/circle-1.atom"]


@pytest.mark.parametrize(
    "said", [{"door": "ask"}, {"door": "link"}, {"door": "closed"}, {"listed": False}, {"state": "ended"}]
)
def test_no_other_circle_has_a_public_feed(app, client, club, member, said):
    with db.auto_commit():
        db.session.get_one(Circle, club).set_attrs(said)
    for looker in (client, logged_in(app, member)):
        assert looker.get("/feed/circle/circle-1.atom").status_code == 404


def test_a_listed_circle_has_a_card_and_no_other_one(client, club, giver):
    copy_of(giver)
    page = client.get("/circle/circle-1").page
    picture = page.find("meta", property="og:image")["content"].removeprefix(SITE)
    answer = client.get(picture)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    with db.auto_commit():
        db.session.get_one(Circle, club).listed = False
    assert client.get(picture).status_code == 404
