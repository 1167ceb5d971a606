"""Pages on which a reader changes what was said about a copy or an exchange."""

import pytest

from app.models.base import db, now
from app.models.drift import Drift
from app.models.gift import Gift
from app.rules.exchange.drift import Way
from tests.exchange import HOME, book, copy_of, exchange, reader
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
WORK = {"recipient": HOME.recipient, "phone": HOME.phone, "address": "北京市朝阳区建国路八号"}


def test_a_copy_is_edited_from_the_list_of_gifts(app):
    isbn = book()
    copy = copy_of(giver := reader(0), isbn, now(), Way.POST, Way.MEET)
    gives = logged_in(app, giver)
    link = gives.get("/my/gifts").page.find("a", href=f"/gifts/{copy}/edit")
    page = gives.get(link["href"]).page
    checked = [box["value"] for box in page.select("[name=condition][checked], [name=ways][checked]")]
    assert checked == ["good", "post", "meet"]
    assert page.select_one("[name=meeting_words]")["value"] == "north gate, from six"
    said = {"condition": "worn", "note": "封面有折痕", "ways": "meet", "meeting_words": "周五，图书馆"}
    assert press(gives, f"/gifts/{copy}/edit", said).location == "/my/gifts"
    text = text_of(logged_in(app, reader()).get(f"/book/{isbn}/detail"))
    assert "worn" in text
    assert "封面有折痕" in text
    assert "in person · 周五，图书馆" in text


@pytest.mark.parametrize(
    "wrong",
    [{"condition": "eaten"}, {"ways": ""}, {"ways": "pigeon"}, {"note": "x" * 201}, {"meeting_words": "x" * 201}],
)
def test_what_is_wrong_with_an_edit_is_said_beside_the_field_and_changes_nothing(app, wrong):
    copy = copy_of(giver := reader(0), now=now())
    answer = press(logged_in(app, giver), f"/gifts/{copy}/edit", {"condition": "worn", "ways": "meet"} | wrong)
    assert answer.status_code == 400
    assert answer.page.select_one(".field-error")
    db.session.rollback()
    assert db.session.get_one(Gift, copy).condition == "good"


def test_a_copy_that_somebody_has_asked_for_has_no_edit_and_says_why(app):
    done = exchange("waiting", now())
    gives = logged_in(app, done.giver)
    assert gives.get("/my/gifts").page.find("a", href=f"/gifts/{done.gift}/edit") is None
    answer = gives.get(f"/gifts/{done.gift}/edit")
    assert answer.status_code == 409
    assert "Somebody has asked for this copy, so what you say about it stays as it is." in text_of(answer)


def test_a_giver_adds_a_tracking_number_to_a_book_that_is_on_its_way_and_corrects_it(app):
    done = exchange("mailed", now())
    gives, asks = logged_in(app, done.giver), logged_in(app, done.asker)
    assert "Add a tracking number" in text_of(gives.get("/pending"))
    for number in ("SF1", "SF2"):
        press(gives, f"/drift/{done.drift}/tracking", {"tracking": number})
        assert f"Tracking number: {number}" in text_of(asks.get("/pending"))
    page = gives.get("/pending").page
    assert page.find("form", action=f"/drift/{done.drift}/tracking").select_one("[name=tracking]")["value"] == "SF2"
    page = press(gives, f"/drift/{done.drift}/tracking", {"tracking": "x" * 61}, follow_redirects=True)
    assert "At most 60 characters" in text_of(page)


def test_a_tracking_number_comes_too_late_for_a_book_that_has_arrived(app):
    done = exchange("received", now())
    answer = press(logged_in(app, done.giver), f"/drift/{done.drift}/tracking", {"tracking": "SF1"})
    assert answer.status_code == 409
    assert "The exchange has ended, so there is nothing to change." in text_of(answer)


@pytest.mark.parametrize("state", ["waiting", "accepted"])
def test_an_asker_changes_the_address_until_the_book_is_mailed(app, state):
    done = exchange(state, now())
    asks, gives = logged_in(app, done.asker), logged_in(app, done.giver)
    link = asks.get("/pending").page.find("a", href=f"/drift/{done.drift}/address")
    form = asks.get(link["href"]).page.find("form", action=link["href"])
    assert form.select_one("[name=address]")["value"] == HOME.address
    page = press(asks, link["href"], WORK | {"keep": "y"}, follow_redirects=True)
    assert "The giver sees the new address from now on." in text_of(page)
    assert WORK["address"] in text_of(page)
    assert (WORK["address"] in text_of(gives.get("/pending"))) == (state == "accepted")
    assert WORK["address"] in text_of(asks.get("/personal/settings"))


@pytest.mark.parametrize("wrong", [{"recipient": ""}, {"phone": "12"}, {"address": "短"}])
def test_an_incomplete_address_is_refused(app, wrong):
    done = exchange("waiting", now())
    answer = press(logged_in(app, done.asker), f"/drift/{done.drift}/address", WORK | wrong)
    assert (answer.status_code, answer.page.select_one(".field-error") is not None) == (400, True)


def test_a_mailed_book_goes_where_it_was_sent_to(app):
    done = exchange("mailed", now())
    asks = logged_in(app, done.asker)
    assert asks.get("/pending").page.find("a", href=f"/drift/{done.drift}/address") is None
    for answer in (asks.get(f"/drift/{done.drift}/address"), press(asks, f"/drift/{done.drift}/address", WORK)):
        assert answer.status_code == 409
        assert "The book is on its way, so the address stays as it is." in text_of(answer)


def test_the_fourth_address_is_one_too_many(app):
    done = exchange("accepted", now())
    asks = logged_in(app, done.asker)
    for _ in range(3):
        assert press(asks, f"/drift/{done.drift}/address", WORK).status_code == 303
    answer = press(asks, f"/drift/{done.drift}/address", WORK)
    assert (answer.status_code, "has been changed 3 times" in text_of(answer)) == (409, True)


def test_an_address_is_never_stored_for_a_book_that_is_handed_over_in_person(app):
    done = exchange("accepted", now(), Way.MEET)
    asks = logged_in(app, done.asker)
    assert "address" not in str(asks.get("/pending").page.select_one(f"#drift-{done.drift}"))
    assert press(asks, f"/drift/{done.drift}/address", WORK).status_code == 404
    db.session.rollback()
    assert db.session.get_one(Drift, done.drift).address is None
