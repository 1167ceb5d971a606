"""Handing a book over in person: the form has no address, the giver says when and where, and either side says so."""

import pytest

from app.models.base import db, now
from app.models.drift import Drift
from app.models.user import User
from app.rules.clock import DAY
from app.rules.exchange.drift import Way
from app.services.account.export import export_account
from app.services.delivery.hand_over import find_code
from tests.exchange import THURSDAY, beans_of, book, copy_of, exchange, make_certain, only_drift, reader
from tests.web.readers import REQUEST, logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
MEETING = {"way": "meet", "first_time": THURSDAY, "second_time": "Friday", "third_time": THURSDAY, "note": "Hello"}
WORDS = "north gate, from six"


def test_a_copy_that_is_handed_over_in_person_is_asked_for_without_an_address(app):
    giver, asker = reader(0), reader()
    copy = copy_of(giver, None, now(), Way.MEET)
    asks, gives = logged_in(app, asker), logged_in(app, giver)
    page = asks.get(f"/drift/{copy}")
    assert WORDS in text_of(page)
    assert page.page.select("[name=address], [name=phone], [name=recipient], [name=saved]") == []
    assert press(asks, f"/drift/{copy}", data=REQUEST | MEETING).status_code == 303
    drift = db.session.get_one(Drift, only_drift())
    assert (drift.way, drift.address) == ("meet", None)

    form = gives.get("/pending").page.find("form", action=f"/drift/{drift.id}/accept")
    assert [box["value"] for box in form.select("[name=proposal]")] == [THURSDAY, "Friday"]
    assert [box["value"] for box in form.select("[name=proposal][checked]")] == [THURSDAY]
    press(gives, f"/drift/{drift.id}/accept", data={"proposal": "Friday", "words": "Sunday, the café"})
    for client in (asks, gives):
        assert "Time and place: Sunday, the café" in text_of(client.get("/pending"))
    press(gives, f"/drift/{drift.id}/met")
    assert "The giver says that you have met. Is that so?" in text_of(asks.get("/pending"))
    press(asks, f"/drift/{drift.id}/received")
    assert "It was handed over within a day of being asked for" in text_of(gives.get("/pending"))
    assert (beans_of(asker), beans_of(giver)) == (0, 0)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"way": ""}, "Please choose one."),
        ({"way": "pigeon"}, "marked fields"),
        ({"first_time": "", "second_time": " ", "third_time": ""}, "Please say when and where you could come"),
        ({"second_time": "x" * 81}, "At most 80 characters"),
        ({"way": "post", "address": "短"}, "full address"),
    ],
)
def test_the_form_says_what_the_chosen_way_needs(app, change, complaint):
    asker, copy = reader(), copy_of(reader(0), None, now(), Way.POST, Way.MEET)
    answer = press(logged_in(app, asker), f"/drift/{copy}", data=REQUEST | MEETING | change)
    assert (answer.status_code, complaint in text_of(answer), beans_of(asker)) == (400, True, 1)


def test_a_way_that_is_not_offered_needs_what_the_offered_one_needs(app):
    asker, copy = reader(), copy_of(reader(0), now=now())
    answer = press(logged_in(app, asker), f"/drift/{copy}", data=MEETING)
    assert (answer.status_code, "recipient’s name" in text_of(answer)) == (400, True)


def test_a_link_can_choose_the_way(app):
    copy = copy_of(reader(0), None, now(), Way.POST, Way.MEET)
    asks = logged_in(app, reader())
    for query, chosen in (("", []), ("?way=meet", ["meet"]), ("?way=pigeon", [])):
        page = asks.get(f"/drift/{copy}{query}").page
        assert [box["value"] for box in page.select("[name=way][checked]")] == chosen


@pytest.mark.parametrize("fields", [{}, {"words": " "}, {"words": "x" * 201}])
def test_who_accepts_to_meet_has_to_say_when_and_where(app, fields):
    done = exchange(way=Way.MEET)
    press(logged_in(app, done.giver), f"/drift/{done.drift}/accept", data=fields)
    db.session.rollback()
    assert db.session.get_one(Drift, done.drift).state == "waiting"


def test_ways_and_words_are_listed_with_the_copy_and_remembered(app):
    giver, isbn = reader(0), book()
    gives = logged_in(app, giver)
    page = gives.get(f"/book/{isbn}/detail").page
    assert [box["value"] for box in page.select("[name=ways][checked]")] == ["post", "meet"]
    offer = {"condition": "good", "ways": "meet", "meeting_words": "工作日 18–20 点"}
    press(gives, f"/gifts/book/{isbn}", data=offer)
    for path in (f"/book/{isbn}/detail", "/my/gifts"):
        assert "in person · 工作日 18–20 点" in text_of(gives.get(path))
    for path in (f"/book/{book()}/detail", "/personal/settings"):
        page = gives.get(path).page
        assert [box["value"] for box in page.select("[name=ways][checked]")] == ["meet"]
        assert page.select_one("[name=meeting_words]")["value"] == "工作日 18–20 点"


def test_words_for_a_meeting_are_not_shown_with_a_copy_that_goes_by_post_only(app):
    isbn = book()
    offer = {"condition": "good", "ways": "post", "meeting_words": "north gate"}
    answer = press(logged_in(app, reader(0)), f"/gifts/book/{isbn}", data=offer, follow_redirects=True)
    assert "by post" in text_of(answer)
    assert "north gate" not in answer.page.select_one(".trade-list").get_text()


def test_a_copy_needs_a_way(app):
    answer = press(logged_in(app, reader(0)), f"/gifts/book/{book()}", data={"condition": "good"})
    assert (answer.status_code, "Please choose at least one." in text_of(answer)) == (400, True)


def test_the_export_has_what_was_agreed_on_and_only_ones_own_proposals():
    done = exchange("accepted", now(), Way.MEET)
    asked, given = (export_account(db.session.get_one(User, id)) for id in (done.asker, done.giver))
    assert ('"way": "meet"' in asked, THURSDAY in asked, '"Friday"' in asked) == (True, True, True)
    assert ('"way": "meet"' in given, THURSDAY in given, '"Friday"' in given) == (True, True, False)


def test_the_asker_shows_the_code_and_the_giver_enters_it(app):
    done = exchange("accepted", now() - 2 * DAY, Way.MEET)
    asks, gives, path = logged_in(app, done.asker), logged_in(app, done.giver), f"/drift/{done.drift}"
    assert asks.get("/pending").page.find("a", href=f"{path}/code")
    assert gives.get("/pending").page.find("a", href=f"{path}/hand-over")
    shown = asks.get(f"{path}/code")
    code = find_code(done.drift)
    assert f"{code[:3]} {code[3:]}" in text_of(shown)
    assert (shown.headers["Cache-Control"], shown.page.select_one("svg.qr") is not None) == ("no-store", True)
    assert gives.get(f"{path}/hand-over?code={code}").page.select_one("[name=code]")["value"] == code
    wrong = press(gives, f"{path}/hand-over", data={"code": "12"})
    assert (wrong.status_code, "You have 4 more tries." in text_of(wrong)) == (409, True)
    empty = press(gives, f"{path}/hand-over", data={"code": ""})
    assert (empty.status_code, "Please enter the code." in text_of(empty)) == (400, True)
    answer = press(gives, f"{path}/hand-over", data={"code": code}, follow_redirects=True)
    assert "The book is handed over." in text_of(answer)
    make_certain(done.drift, now())
    assert beans_of(done.giver) == 1
    for client, page in ((asks, "code"), (gives, "hand-over")):
        assert client.get(f"{path}/{page}").status_code == 409


def test_the_pages_of_the_code_belong_to_one_side_each(app):
    done = exchange("accepted", now(), Way.MEET)
    code = find_code(done.drift)
    for who, page, status in (
        (done.giver, "code", 403),
        (done.asker, "hand-over", 403),
        (reader(), "code", 404),
        (reader(), "hand-over", 404),
    ):
        answer = logged_in(app, who).get(f"/drift/{done.drift}/{page}")
        assert (answer.status_code, code in answer.text) == (status, False)


def test_after_too_many_wrong_codes_the_page_says_from_when_on(app):
    done = exchange("accepted", now(), Way.MEET)
    gives = logged_in(app, done.giver)
    answers = [press(gives, f"/drift/{done.drift}/hand-over", data={"code": "x"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [409] * 6
    assert "Too many wrong codes." in text_of(answers[-1])


def test_the_two_can_write_to_each_other_on_the_pages_of_the_code(app):
    done = exchange("accepted", now() - 2 * DAY, Way.MEET)
    asks, gives, path = logged_in(app, done.asker), logged_in(app, done.giver), f"/drift/{done.drift}"
    assert gives.get(f"{path}/hand-over").page.select_one(".thread a")["href"] == f"{path}/thread"
    press(gives, f"{path}/thread", data={"phrase": "here"})
    for expected in ("1 new", "Messages"):
        page = asks.get(f"{path}/code").page
        assert page.select_one(".message .prose").get_text() == "I’m here."
        assert expected in page.select_one(".thread summary").get_text()
    assert "new" not in page.select_one(".thread summary").get_text()
