"""Saying that the other side did not come, and answering it, on the pages of both sides."""

import pytest

from app.models.base import db, now
from app.models.drift import Drift
from app.rules.clock import DAY
from app.rules.exchange.drift import Way
from app.services.exchange.deadlines import run_deadlines
from tests.exchange import exchange
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")


def main_buttons(answer):
    """Return the buttons of the only exchange on a page that stand out."""
    shown = answer.page.select(".drift .button:not(.quiet, .danger)")
    return [button.contents[0].strip() for button in shown]


def test_the_button_comes_when_the_two_could_have_met(app):
    new, old = exchange("accepted", now(), Way.MEET), exchange("accepted", now() - 2 * DAY, Way.MEET)
    for done, is_shown in ((new, False), (old, True)):
        for side in (done.asker, done.giver):
            page = logged_in(app, side).get("/pending")
            assert ("The other reader did not come" in text_of(page)) is is_shown
    early = press(logged_in(app, new.asker), f"/drift/{new.drift}/absent")
    assert (early.status_code, "hardly had time to meet" in text_of(early)) == (409, True)


def test_each_card_has_one_main_button(app):
    expected = {
        ("accepted", Way.MEET): (["Show my code"], ["Enter the code"]),
        ("no_giver", Way.MEET): (["Show my code"], ["That’s not so, let’s go on"]),
        ("no_asker", Way.MEET): (["That’s not so, let’s go on"], ["Enter the code"]),
        ("mailed", Way.MEET): (["I have the book"], []),
        ("accepted", Way.PLACE): ([], ["I have left it there"]),
        ("no_giver", Way.PLACE): ([], ["I have left it there"]),
        ("mailed", Way.PLACE): (["I have found it"], []),
    }
    for (state, way), buttons in expected.items():
        done = exchange(state, now() - 3 * DAY, way)
        found = tuple(main_buttons(logged_in(app, side).get("/pending")) for side in (done.asker, done.giver))
        assert (state, way, found) == (state, way, buttons)


def test_an_objection_is_told_and_the_exchange_goes_on(app):
    done = exchange("accepted", now() - 2 * DAY, Way.MEET)
    asks, gives = logged_in(app, done.asker), logged_in(app, done.giver)
    said = press(asks, f"/drift/{done.drift}/absent", follow_redirects=True)
    assert "We’ll ask the other reader." in text_of(said)
    assert "You said that the giver did not come." in text_of(said)
    assert "The other reader says that you did not come. Is that so?" in text_of(gives.get("/pending"))
    answer = press(gives, f"/drift/{done.drift}/object", follow_redirects=True)
    assert "The exchange goes on, and both of you know." in text_of(answer)
    assert "You promised it, and you meet in person." in text_of(answer)


def test_an_old_page_on_which_the_exchange_goes_on_does_not_end_it(app):
    """To object means to go on while the other side says that one did not come, and to have met nobody later."""
    done = exchange("no_asker", now() - DAY, Way.MEET)
    asks = logged_in(app, done.asker)
    (go_on,) = asks.get("/pending").page.select("button[formaction*='/object']")
    press(asks, go_on["formaction"])
    press(logged_in(app, done.giver), f"/drift/{done.drift}/met")
    assert press(asks, go_on["formaction"]).status_code == 409
    assert db.session.get_one(Drift, done.drift, populate_existing=True).state == "mailed"


@pytest.mark.parametrize("state", ["no_giver", "no_asker"])
def test_what_was_not_answered_is_a_fact_that_everybody_can_read(app, client, state):
    done, *others = (exchange(state, now() - 2 * DAY, Way.MEET) for _ in range(3))
    absent, present = (done.giver, done.asker) if state == "no_giver" else (done.asker, done.giver)
    with db.auto_commit():
        for other in others:  # nothing is said of fewer than three exchanges
            setattr(db.session.get_one(Drift, other.drift), "giver_id" if state == "no_giver" else "asker_id", absent)
    run_deadlines(now())
    assert "You did not answer, so it has ended" in text_of(logged_in(app, absent).get("/pending"))
    assert "did not answer, so it has ended" in text_of(logged_in(app, present).get("/pending"))
    assert "handed over 0, missed 3" in text_of(client.get(f"/user/{absent}"))
    assert "missed" not in text_of(client.get(f"/user/{present}"))


def test_who_is_waited_for_too_often_reads_why_only_one_request_is_possible(app):
    for _ in range(3):
        done = exchange("no_asker", now() - 2 * DAY, Way.MEET)
    run_deadlines(now())
    with db.auto_commit():
        db.session.query(Drift).update({"asker_id": done.asker})
    page = logged_in(app, done.asker).get(f"/drift/{exchange('withdrawn', now()).gift}")
    assert "Because others waited for you in vain lately, you can have 1 request at a time" in text_of(page)
