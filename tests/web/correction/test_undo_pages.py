"""Buttons that take a step back, the form that cancels a promise, and what is shown with them."""

from urllib.parse import urlsplit

import pytest

from app.models.base import db, now
from app.models.drift import Drift
from app.models.gift import Gift
from app.rules.exchange.drift import Way
from app.services.exchange import drift
from tests.exchange import beans_of, exchange, make_certain
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
WAYS = [(Way.POST, "reject"), (Way.POST, "mailed"), (Way.POST, "received"), (Way.MEET, "met"), (Way.MEET, "received")]
WAYS += [(Way.PLACE, "left"), (Way.PLACE, "received")]
BEFORE = {"reject": "waiting", "mailed": "accepted", "received": "mailed", "met": "accepted", "left": "accepted"}


def state_of(done):
    db.session.rollback()
    return db.session.get_one(Drift, done.drift).state


@pytest.mark.parametrize(("way", "action"), WAYS)
def test_after_a_step_a_button_takes_it_back_without_scripts(app, way, action):
    done = exchange(BEFORE[action], now(), way)
    client = logged_in(app, done.asker if action == "received" else done.giver)
    page = press(client, f"/drift/{done.drift}/{action}", follow_redirects=True)
    undo = f"/drift/{done.drift}/undo"
    form = page.page.find("form", action=undo)
    assert "Undo" in form.get_text()
    assert page.page.select_one(f'#drift-{done.drift} button[formaction="{undo}"]')
    assert "You can undo this until" in text_of(page)
    fields = {box["name"]: box["value"] for box in form.select("input")}
    answer = client.post(undo, data=fields, follow_redirects=True)
    assert "Reversed: everything is as it was before." in text_of(answer)
    assert answer.page.find("form", action=undo) is None
    assert state_of(done) == BEFORE[action]


def test_the_other_side_sees_that_it_can_be_taken_back_and_has_no_button(app):
    done = exchange("waiting", now())
    drift.reject_request(done.giver, done.drift, now())
    asks = logged_in(app, done.asker)
    page = asks.get("/pending")
    assert "The other reader can undo this until" in text_of(page)
    assert page.page.select_one('button[formaction$="/undo"]') is None
    answer = press(asks, f"/drift/{done.drift}/undo")
    assert (answer.status_code, state_of(done)) == (403, "rejected")


def test_too_late_and_twice_are_refused_with_a_sentence(app):
    done = exchange("waiting", now())
    gives = logged_in(app, done.giver)
    drift.reject_request(done.giver, done.drift, now() - 600)
    answer = press(gives, f"/drift/{done.drift}/undo")
    assert (answer.status_code, "This can’t be taken back any more." in text_of(answer)) == (409, True)
    assert gives.get("/pending").page.select_one('button[formaction$="/undo"]') is None
    make_certain(done.drift, now())
    assert press(gives, f"/drift/{done.drift}/undo").status_code == 409


def test_a_late_arrival_has_no_button_to_take_it_back_and_is_confirmed_first(app):
    done = exchange("missing", now())
    asks = logged_in(app, done.asker)
    row = asks.get("/pending").page.select_one(f"#drift-{done.drift}")
    assert row.select_one('details button[formaction$="/received"]')
    page = press(asks, f"/drift/{done.drift}/received", follow_redirects=True)
    assert page.page.find("form", action=f"/drift/{done.drift}/undo") is None
    assert beans_of(done.giver) == 1


@pytest.mark.parametrize(
    ("way", "state", "side", "certain"),
    [
        (Way.POST, "waiting", "asker", ["redraw"]),
        (Way.POST, "accepted", "asker", ["redraw"]),
        (Way.POST, "mailed", "asker", ["missing"]),
        (Way.MEET, "mailed", "asker", ["object"]),
        (Way.MEET, "accepted", "asker", ["received", "redraw", "absent"]),
        (Way.POST, "waiting", "giver", []),
        (Way.POST, "mailed", "giver", []),
    ],
)
def test_only_what_can_not_be_undone_asks_once_more(app, way, state, side, certain):
    done = exchange(state, now() - 20 * 86_400, way)
    client = logged_in(app, done.asker if side == "asker" else done.giver)
    row = client.get("/pending").page.select_one(f"#drift-{done.drift}")
    buttons = row.select("details.confirm button[formaction]")
    assert [urlsplit(button["formaction"]).path.rpartition("/")[2] for button in buttons] == certain


@pytest.mark.parametrize("way", Way)
def test_a_giver_cancels_with_a_reason_that_both_sides_read(app, way):
    done = exchange("accepted", now(), way)
    gives, asks = logged_in(app, done.giver), logged_in(app, done.asker)
    form = gives.get("/pending").page.find("form", action=f"/drift/{done.drift}/cancel")
    assert [box["value"] for box in form.select("[name=reason]")] == ["no_time", "gone", "no_answer", "other"]
    fields = {"reason": "gone", "words": "借给 <b>同事</b> 了", "withdraw": "y"}
    page = press(gives, f"/drift/{done.drift}/cancel", fields, follow_redirects=True)
    assert "You cancelled. In 10 minutes the other reader is told" in text_of(page)
    for client in (gives, asks):
        text = text_of(client.get("/pending"))
        assert "I don’t have the book any more, or it is damaged · 借给 <b>同事</b> 了" in text
    make_certain(done.drift, now())
    assert (beans_of(done.asker), db.session.get_one(Gift, done.gift).state) == (1, "withdrawn")
    assert "The giver can’t give it to you after all" in text_of(asks.get("/pending"))


@pytest.mark.parametrize("fields", [{}, {"reason": "none of them"}, {"reason": "gone", "words": "x" * 201}])
def test_a_cancelling_without_a_reason_or_with_too_many_words_is_refused(app, fields):
    done = exchange("accepted", now())
    page = press(logged_in(app, done.giver), f"/drift/{done.drift}/cancel", fields, follow_redirects=True)
    assert page.page.select_one(".flash.error")
    assert state_of(done) == "accepted"


def test_the_code_from_before_an_undo_opens_nothing(app):
    done = exchange("accepted", now(), Way.MEET)
    gives, asks = logged_in(app, done.giver), logged_in(app, done.asker)
    press(gives, f"/drift/{done.drift}/met")
    assert asks.get(f"/drift/{done.drift}/code").status_code == 409
    press(gives, f"/drift/{done.drift}/undo")
    assert asks.get(f"/drift/{done.drift}/code").status_code == 200


def test_the_giver_reads_when_the_bean_comes(app):
    done = exchange("mailed", now() - 2 * 86_400)
    drift.confirm_received(done.asker, done.drift, now())
    text = text_of(logged_in(app, done.giver).get("/pending"))
    assert "The other reader can undo this until" in text
    assert "within a day of being mailed" not in text
