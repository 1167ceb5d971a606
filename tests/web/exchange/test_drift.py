"""The transitions of an exchange: the buttons of both sides, and who is refused."""

import itertools

import pytest

from app.models.base import db, now
from app.models.drift import Drift
from app.rules.clock import DAY
from app.rules.exchange.drift import DriftState, Role, Way
from app.rules.exchange.steps import STEPS
from app.services.delivery.hand_over import find_code
from app.services.exchange.deadlines import run_deadlines
from tests.exchange import HOME, THURSDAY, WAY_TO, ask, beans_of, copy_of, exchange, only_drift, reader
from tests.known_tables import KnownTables
from tests.web.readers import REQUEST, logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
BUTTONS = [
    "accept",
    "reject",
    "redraw",
    "mailed",
    "hand-over",
    "met",
    "left",
    "absent",
    "received",
    "missing",
    "object",
]
REFUSED = ("This has already been done", "Only the other side of the exchange can do this")


def test_a_reader_asks_for_a_copy_and_the_giver_accepts_mails_and_is_paid(app):
    giver, asker = reader(0), reader()
    copy = copy_of(giver, now=now())
    asks, gives = logged_in(app, asker), logged_in(app, giver)
    page = asks.get(f"/drift/{copy}")
    assert page.status_code == 200
    assert "A book costs 1 bean" in text_of(page)
    answer = press(asks, f"/drift/{copy}", data=REQUEST, follow_redirects=True)
    assert "Your request has been sent" in text_of(answer)
    drift = only_drift()
    waiting = gives.get("/pending")
    assert "Your move" in text_of(waiting)
    assert HOME.address not in waiting.text
    assert "请包好" in waiting.text
    assert HOME.address in press(gives, f"/drift/{drift}/accept", follow_redirects=True).text
    press(gives, f"/drift/{drift}/mailed", data={"tracking": "SF-1"}, follow_redirects=True)
    assert "SF-1" in asks.get("/pending").text
    assert "Enjoy reading" in text_of(press(asks, f"/drift/{drift}/received", follow_redirects=True))
    run_deadlines(now() + 3 * DAY)
    assert (beans_of(asker), beans_of(giver)) == (0, 1)


AGREED = (DriftState.ACCEPTED, DriftState.MAILED)
STATES = {
    Way.POST: tuple(map(DriftState, WAY_TO)),
    Way.MEET: (*AGREED, DriftState.NO_ASKER, DriftState.NO_GIVER),
    Way.PLACE: (*AGREED, DriftState.NO_GIVER),
}
"""The states to try; those that are not listed are the same in every way."""
EVERY = [(way, state) for way, states in STATES.items() for state in states]


@pytest.mark.parametrize(("way", "state"), EVERY)
def test_each_press_of_each_side_in_each_state_is_answered_as_the_table_says(app, way, state):
    done = exchange(state, now() - 20 * DAY, way)
    people = {Role.ASKER: done.asker, Role.GIVER: done.giver, None: reader()}
    tables = KnownTables(db.engine)
    tables.keep()
    for action, (role, who) in itertools.product(BUTTONS, people.items()):
        _press(app, done, state, action, role, who, STEPS[way].get((state, action.replace("-", "_"), role)))
        tables.put_back()


def _press(app, done, state, action, role, who, step):
    fields = {"proposal": THURSDAY, "code": find_code(done.drift) or "123456"}
    answer = press(logged_in(app, who), f"/drift/{done.drift}/{action}", data=fields)
    db.session.expire_all()
    after = db.session.get_one(Drift, done.drift).state

    if step:
        assert (answer.status_code, answer.location, after) == (303, "/pending", step.to)
        return
    assert after == state
    if role is None:
        assert answer.status_code == 404
    else:
        assert answer.status_code in (403, 409)
        sentence = answer.page.main.get_text(" ", strip=True)
        assert any(told in sentence for told in REFUSED), sentence


@pytest.mark.parametrize("action", [action for action in BUTTONS if action != "hand-over"])
def test_actions_on_drifts_are_posts_by_one_of_the_two_sides(app, client, action):
    done = exchange("waiting")
    stranger = logged_in(app, reader())
    assert stranger.get(f"/drift/{done.drift}/{action}").status_code == 405
    assert press(stranger, f"/drift/{done.drift}/{action}").status_code == 404
    assert press(stranger, f"/drift/999999/{action}").status_code == 404
    assert press(client, f"/drift/{done.drift}/{action}").status_code in (302, 303, 401)


def test_a_second_press_and_the_wrong_side_are_told_so(app):
    done = exchange("accepted", now())
    gives, asks = logged_in(app, done.giver), logged_in(app, done.asker)
    again = press(gives, f"/drift/{done.drift}/accept")
    assert (again.status_code, "already been done" in text_of(again)) == (409, True)
    wrong = press(asks, f"/drift/{done.drift}/mailed")
    assert (wrong.status_code, "Only the other side" in text_of(wrong)) == (403, True)


def test_a_refused_button_leads_back_to_its_page_which_says_why(app):
    done = exchange("accepted", now())
    gives = logged_in(app, done.giver)
    back = {"Referer": "http://localhost/pending?page=1"}
    answer = press(gives, f"/drift/{done.drift}/accept", headers=back)
    assert (answer.status_code, answer.location) == (303, "/pending?page=1")
    page = gives.get(answer.location).page
    assert "This has already been done" in page.select_one(".flash.error").get_text()
    assert page.find("form", action=f"/drift/{done.drift}/mailed")


@pytest.mark.parametrize(
    "referrer",
    [
        "", "http://evil.example/pending", "http://localhost.evil.example/", "http://localhost//evil.example/",
        "http://localhost/drift/1/accept", "http://localhost/no/such/page", "http://localhost/gifts/book/x",
    ],
)  # fmt: skip
def test_a_refused_button_of_no_page_of_ours_is_answered_with_a_page_of_its_own(app, referrer):
    done = exchange("accepted", now())
    answer = press(logged_in(app, done.giver), f"/drift/{done.drift}/accept", headers={"Referer": referrer})
    assert (answer.status_code, "already been done" in text_of(answer)) == (409, True)


def test_programs_get_the_status_of_a_refusal(app):
    done = exchange("accepted", now())
    headers = {"Referer": "http://localhost/pending", "Accept": "application/json"}
    answer = press(logged_in(app, done.giver), f"/drift/{done.drift}/accept", headers=headers)
    assert (answer.status_code, answer.json["error"]["status"]) == (409, 409)


def test_missing_can_be_reported_from_day_fourteen_and_the_page_says_when(app):
    done = exchange("mailed", now())
    asks = logged_in(app, done.asker)
    assert "You can report it missing from" in text_of(asks.get("/pending"))
    early = press(asks, f"/drift/{done.drift}/missing")
    assert (early.status_code, "can report it missing from" in text_of(early)) == (409, True)


def test_a_missing_book_that_arrives_needs_a_bean_and_the_page_keeps_the_button(app):
    done = exchange("missing", now())
    ask(done.asker, copy_of(reader(0)))
    asks = logged_in(app, done.asker)
    refused = press(asks, f"/drift/{done.drift}/received")
    assert (refused.status_code, "You need 1 bean" in text_of(refused)) == (409, True)
    assert asks.get("/pending").page.find("button", formaction=f"/drift/{done.drift}/received")


def test_times_of_a_drift_are_kept_in_utc():
    done = exchange("waiting", 1_800_000_000)
    assert db.session.get_one(Drift, done.drift).due_time == 1_800_000_000 + 5 * DAY
