"""Meeting places: who reads and changes them, listing and asking with one, and a book that is left there."""

import pytest

from app.models.base import db, now
from app.models.drift import Drift
from app.models.place import Place
from app.models.user import User
from app.rules.clock import DAY
from app.rules.exchange.drift import Way
from app.services.account.export import export_account
from app.services.delivery.places import close_place, list_place_ids_of
from app.services.exchange.deadlines import run_deadlines
from tests.exchange import beans_of, book, copy_of, exchange, id_of, only_drift, place, reader
from tests.factories import AreaFactory
from tests.web.readers import REQUEST, logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
SHELF = {"name": "Library", "kind": "shelf", "words": "behind the entrance", "opening": "8–20", "area_name": ""}


def moderator():
    return reader(0, role="moderator")


def names_on(answer):
    return [heading.contents[0].strip() for heading in answer.page.select(".place-list h2")]


OUTSTANDING = ".drift .actions > button:not(.quiet), .drift .actions > form > button"


def buttons_on(answer):
    """Return the buttons of the only exchange on a page that stand out."""
    return [button.contents[0].strip() for button in answer.page.select(OUTSTANDING)]


def test_a_moderator_adds_changes_closes_and_opens_a_place_and_others_read_it(app, client):
    AreaFactory()
    desk = logged_in(app, moderator())
    answer = press(desk, "/places/new", data=SHELF | {"area_name": "xuhui"})
    assert (answer.status_code, answer.location) == (303, "/places")
    id = db.session.query(Place.id).scalar()
    assert db.session.get_one(Place, id).area == "CN/上海市/上海市/徐汇区"
    shown = text_of(client.get("/places"))
    for words in ("Library", "book shelf", "Xuhui District, Shanghai, China", "behind the entrance", "Open: 8–20"):
        assert words in shown
    assert client.get("/places").page.select("main form, main .button") == []

    form = desk.get(f"/places/{id}").page
    assert form.select_one("#area_name")["value"] == "Xuhui District, Shanghai, China"
    typed = SHELF | {"name": "Reading room", "area_name": "Xuhui District, Shanghai, China"}
    press(desk, f"/places/{id}", data=typed)
    assert names_on(client.get("/places")) == ["Reading room"]
    db.session.rollback()
    assert db.session.get_one(Place, id).area == "CN/上海市/上海市/徐汇区"

    press(desk, f"/places/{id}/close")
    assert (names_on(client.get("/places")), names_on(desk.get("/places"))) == ([], ["Reading room"])
    press(desk, f"/places/{id}/open")
    assert names_on(client.get("/places")) == ["Reading room"]


@pytest.mark.parametrize(
    ("change", "status", "complaint"),
    [
        ({"name": " "}, 400, "Please enter a name."),
        ({"name": "x" * 41}, 400, "At most 40 characters"),
        ({"words": "x" * 201}, 400, "At most 200 characters"),
        ({"opening": "x" * 101}, 400, "At most 100 characters"),
        ({"kind": "tree"}, 400, "marked fields"),
        ({"area_name": "nowhere at all"}, 400, "This is not an area we know, or there are several."),
        ({}, 409, "There is a place of this name in this area already."),
    ],
)
def test_what_is_wrong_with_a_place_is_said_in_the_form(app, change, status, complaint):
    place(name="Library")
    answer = press(logged_in(app, moderator()), "/places/new", data=SHELF | change)
    assert (answer.status_code, complaint in text_of(answer)) == (status, True)
    assert db.session.query(Place).count() == 1


def test_a_place_that_is_not_there_is_not_found(app):
    desk = logged_in(app, moderator())
    assert desk.get("/places/77").status_code == 404
    for path in ("/places/77", "/places/77/close", "/places/77/open"):
        assert press(desk, path, data=SHELF).status_code == 404


def test_the_nearest_places_come_first_and_say_how_near_they_are(app):
    xuhui, beijing = "CN/上海市/上海市/徐汇区", "CN/北京市/北京市"
    for name, area in (("far", beijing), ("unknown", ""), ("city", "CN/上海市/上海市"), ("here", xuhui)):
        place(name=name, area=area)
    answer = logged_in(app, reader(0, area=xuhui)).get("/places")
    assert names_on(answer) == ["here", "city", "far", "unknown"]
    said = [[pill.get_text() for pill in row.select("h2 .count")] for row in answer.page.select(".place-list li")]
    assert said == [["in your district"], ["in your city"], ["in your country"], []]


def test_a_page_behind_the_last_one_leads_to_the_last(client):
    assert client.get("/places?page=5").location == "/places?page=1"


def test_a_place_has_words_and_no_coordinate():
    said = {"name", "words", "opening", "kind", "area", "closed"}
    assert {column.name for column in Place.__table__.columns} == said | {"id", "create_time", "status"}


def test_a_giver_names_places_which_are_shown_and_remembered(app):
    giver, isbn, shelf, _ = reader(0), book(), place(name="North shelf"), place(name="South shelf")
    gives = logged_in(app, giver)
    offer = {"condition": "good", "ways": "place"}
    refused = press(gives, f"/gifts/book/{isbn}", data=offer)
    assert (refused.status_code, "Please choose one to five places." in text_of(refused)) == (400, True)
    assert press(gives, f"/gifts/book/{isbn}", data=offer | {"places": str(shelf)}).status_code == 303
    for path in (f"/book/{isbn}/detail", "/my/gifts"):
        assert "left at a meeting place · North shelf" in text_of(gives.get(path))
    page = gives.get(f"/book/{book()}/detail").page
    assert [box["value"] for box in page.select("[name=places][checked]")] == [str(shelf)]


@pytest.mark.parametrize("chosen", ["x", "999", "-1", "9" * 30])
def test_a_place_that_is_not_listed_can_not_be_named(app, chosen):
    place()
    offer = {"condition": "good", "ways": "place", "places": chosen}
    answer = press(logged_in(app, reader(0)), f"/gifts/book/{book()}", data=offer)
    assert answer.status_code == 400


def test_without_places_nobody_can_choose_to_leave_a_book_at_one(app):
    isbn = book()
    gives = logged_in(app, reader(0))
    page = gives.get(f"/book/{isbn}/detail").page
    assert [box["value"] for box in page.select("[name=ways]")] == ["post", "meet"]
    offer = {"condition": "good", "ways": "place", "places": "1"}
    assert press(gives, f"/gifts/book/{isbn}", data=offer).status_code == 400


def test_a_book_is_left_at_a_place_and_found(app):
    giver, asker = reader(0), reader()
    copy = copy_of(giver, None, now() - 2 * DAY, Way.PLACE, Way.MEET)
    [shelf] = list_place_ids_of(copy)
    asks, gives = logged_in(app, asker), logged_in(app, giver)
    page = asks.get(f"/drift/{copy}?way=place").page
    assert [box["value"] for box in page.select("[name=place]")] == [str(shelf)]
    assert page.select("[name=address]") == []
    for fields in ({"way": "place"}, {"way": "place", "place": "x"}, {"way": "place", "place": str(shelf + 1)}):
        answer = press(asks, f"/drift/{copy}", data=fields)
        assert (answer.status_code, "Please choose one of the places." in text_of(answer)) == (400, True)
    assert press(asks, f"/drift/{copy}", data={"way": "place", "place": str(shelf)}).status_code == 303
    id = only_drift()
    assert (db.session.get_one(Drift, id).address, db.session.get_one(Drift, id).place_id) == (None, shelf)

    press(gives, f"/drift/{id}/accept")
    for client in (asks, gives):
        row = client.get("/pending").page.select_one(".drift").get_text(" ", strip=True)
        assert "Where: Library" in row
        assert "the shelf behind the entrance" in row
    assert buttons_on(gives.get("/pending")) == ["I have left it there"]
    press(gives, f"/drift/{id}/left")
    waiting = asks.get("/pending")
    assert "It is waiting for you at the place below." in text_of(waiting)
    assert buttons_on(waiting) == ["I have found it"]
    early = press(asks, f"/drift/{id}/missing")
    assert (early.status_code, "Somebody may have moved the book." in text_of(early)) == (409, True)
    press(asks, f"/drift/{id}/received")
    assert beans_of(giver) == 0
    run_deadlines(now() + 3 * DAY + 60)
    assert beans_of(giver) == 1
    exported = export_account(db.session.get_one(User, asker))
    assert '"place": "Library' in exported
    run_deadlines(now() + 15 * DAY)
    db.session.rollback()
    assert db.session.get_one(Drift, id).place_id is None
    assert "Where:" not in text_of(asks.get("/pending"))


def test_a_book_that_is_not_there_can_be_said_so_from_the_next_day_on(app):
    done = exchange("mailed", now() - DAY, Way.PLACE)
    asks, gives = logged_in(app, done.asker), logged_in(app, done.giver)
    press(asks, f"/drift/{done.drift}/missing")
    assert "You said that it wasn’t there, and your bean came back." in text_of(asks.get("/pending"))
    assert "The other reader did not find it." in text_of(gives.get("/pending"))
    assert (beans_of(done.asker), beans_of(done.giver)) == (1, 0)


def test_a_closed_place_is_no_more_offered_and_what_is_on_its_way_goes_on(app):
    under_way, isbn = exchange("accepted", now(), Way.PLACE), book()
    copy = copy_of(reader(0), isbn, now(), Way.PLACE)
    asks = logged_in(app, reader())
    [shelf] = list_place_ids_of(copy)
    close_place(shelf)
    close_place(db.session.get_one(Drift, under_way.drift).place_id)
    page = asks.get(f"/drift/{copy}")
    assert (page.status_code, "can’t be left at this place" in text_of(page)) == (200, True)
    assert press(asks, f"/drift/{copy}", data=REQUEST | {"way": "place", "place": str(shelf)}).status_code == 400
    assert press(logged_in(app, under_way.giver), f"/drift/{under_way.drift}/left").status_code == 303
    both = copy_of(reader(0), isbn, now(), Way.PLACE, Way.POST)
    close_place(*list_place_ids_of(both))
    assert [box["value"] for box in asks.get(f"/drift/{both}").page.select("[name=way]")] == ["post"]


def test_a_copy_shows_only_open_places_to_visitors(client):
    isbn = book()
    copy = copy_of(reader(0), isbn, now(), Way.POST, Way.PLACE)
    page = text_of(client.get(f"/book/{isbn}/detail"))
    assert "by post · left at a meeting place · Library" in page
    close_place(*list_place_ids_of(copy))
    assert "· Library" not in text_of(client.get(f"/book/{isbn}/detail"))
    assert id_of(isbn)


def test_the_settings_say_that_nothing_can_be_left_at_a_place_as_long_as_there_is_none(app):
    reads = logged_in(app, reader())
    says = lambda: "has no meeting place yet" in text_of(reads.get("/personal/settings"))  # noqa: E731
    assert says()
    shelf = place()
    assert not says()
    close_place(shelf)
    assert says()
