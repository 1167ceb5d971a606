"""Asking for a copy: the form, what it refuses, and who may see it."""

import pytest

from app.models.base import db, now
from app.models.gift import Gift
from app.services.exchange import drift as service
from app.services.exchange import gift
from tests.exchange import ask, beans_of, book, copy_of, exchange, make_certain, only_drift, reader, wish_for
from tests.web.readers import REQUEST, logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"recipient": ""}, "recipient’s name"),
        ({"recipient": "长" * 41}, "recipient’s name"),
        ({"phone": "call me"}, "phone number"),
        ({"phone": "1" * 30}, "phone number"),
        ({"address": "短"}, "full address"),
        ({"address": "x" * 121}, "full address"),
        ({"note": "x" * 201}, "At most 200"),
        ({"saved": "99999"}, "marked fields"),
    ],
)
def test_a_bad_address_is_told_at_its_field_and_nothing_happens(app, change, complaint):
    asker, copy = reader(), copy_of(reader(0))
    answer = press(logged_in(app, asker), f"/drift/{copy}", data=REQUEST | change)
    assert answer.status_code == 400
    assert complaint in text_of(answer)
    assert beans_of(asker) == 1


def test_the_page_says_why_before_there_is_a_button(app):
    poor, copy = reader(0), copy_of(reader(0))
    page = logged_in(app, poor).get(f"/drift/{copy}")
    assert "You need 1 bean; you have 0." in text_of(page)
    assert page.page.find("input", attrs={"name": "recipient"}) is None
    answer = press(logged_in(app, poor), f"/drift/{copy}", data=REQUEST)
    assert answer.status_code == 409
    assert "You need 1 bean; you have 0." in text_of(answer)


@pytest.mark.parametrize(
    ("who", "sentence", "status"),
    [
        ("owner", "This is your own copy.", 403),
        ("busy", "You have a request under way.", 409),
        ("late", "Somebody else has just asked", 409),
        ("taker", "more for each one given", 409),
        ("unlucky", "is kept until", 409),
    ],
)
def test_each_refusal_is_a_sentence_on_the_page_of_the_request(app, who, sentence, status):
    giver, isbn = reader(0), book()
    if who == "unlucky":
        wish_for(reader(), isbn)
    copy = copy_of(giver, isbn, now())
    asker = giver if who == "owner" else reader(3)
    if who == "busy":
        ask(asker, copy_of(reader(0)))
    if who == "late":
        ask(reader(), copy)
    if who == "taker":
        _receive_two(asker)
    answer = press(logged_in(app, asker), f"/drift/{copy}", data=REQUEST)
    assert answer.status_code == status
    assert sentence in text_of(answer)


def _receive_two(asker):
    for _ in range(2):
        giver = reader(0)
        drift_id = ask(asker, copy_of(giver))
        service.accept_request(giver, drift_id, now())
        service.confirm_mailed(giver, drift_id, "", now())
        service.confirm_received(asker, drift_id, now())
        make_certain(drift_id, now())


def test_a_word_to_the_giver_keeps_its_lines_and_its_signs(app):
    giver, asker = reader(0), reader()
    copy = copy_of(giver, now=now())
    words = "你好！\n\n周末可以同城自取吗？（海淀）"
    press(logged_in(app, asker), f"/drift/{copy}", data=REQUEST | {"phone": "１３８０００１１１１", "note": words})
    assert words == logged_in(app, giver).get("/pending").page.select_one(".message .prose").get_text()


def test_who_presses_the_button_to_ask_twice_is_not_told_that_somebody_else_was_faster(app):
    asker, copy = reader(2), copy_of(reader(0), now=now())
    asks = logged_in(app, asker)
    assert press(asks, f"/drift/{copy}", data=REQUEST).status_code == 303
    for again in (press(asks, f"/drift/{copy}", data=REQUEST), asks.get(f"/drift/{copy}")):
        assert "You have already asked for this copy." in text_of(again)
        assert "Somebody else" not in text_of(again)
    assert beans_of(asker) == 1


def test_a_kept_address_can_be_chosen_next_time_and_erased(app):
    asker, first, second = reader(2), copy_of(reader(0)), copy_of(reader(0))
    asks = logged_in(app, asker)
    press(asks, f"/drift/{first}", data=REQUEST | {"keep": "y"})
    drift = only_drift()
    press(asks, f"/drift/{drift}/redraw")
    page = asks.get(f"/drift/{second}").page
    assert "(optional)" not in page.find("label", attrs={"for": "phone"}).get_text()
    choice = page.find("input", attrs={"name": "saved", "type": "radio"})["value"]
    assert press(asks, f"/drift/{second}", data={"saved": choice}).status_code == 303
    forget = asks.get("/personal/settings").page.find(
        "form", action=lambda action: action and action.endswith("/forget")
    )["action"]
    stranger = logged_in(app, reader())
    assert press(stranger, forget).status_code == 404
    assert press(asks, forget).status_code == 303
    assert press(asks, forget).status_code == 404


@pytest.mark.parametrize("state", ["reserved", "given", "withdrawn", "hidden"])
def test_the_page_of_a_copy_is_there_only_for_whom_it_is_something(app, state):
    done = exchange({"reserved": "waiting", "given": "received", "hidden": "expired"}.get(state, "waiting"), now())
    if state == "withdrawn":
        service.reject_request(done.giver, done.drift, now())
        gift.withdraw_gift(done.giver, done.gift, now())
    with db.auto_commit():
        db.session.get_one(Gift, done.gift).note = "a note"
    stranger = logged_in(app, reader())
    assert stranger.get(f"/drift/{done.gift}").status_code == 404
    for form in (REQUEST, {"saved": "new"}):
        answer = press(stranger, f"/drift/{done.gift}", data=form)
        assert (answer.status_code in (404, 409), "a note" in answer.text) == (True, False)
    for who in (done.asker, done.giver):
        assert logged_in(app, who).get(f"/drift/{done.gift}").status_code == 200
