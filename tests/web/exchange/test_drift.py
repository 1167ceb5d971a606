"""The pages of an exchange: asking, and what the two sides see and press."""

import itertools
from datetime import UTC, datetime

import pytest

from app.models.base import db, now
from app.models.drift import Drift
from app.models.gift import Gift
from app.rules.clock import DAY
from app.rules.exchange.drift import BY_POST, DriftState, Role
from app.services.exchange import drift as service
from app.services.exchange import gift
from app.services.exchange.deadline_settings import deadlines
from app.services.exchange.deadlines import run_deadlines
from tests.exchange import HOME, ask, beans_of, book, copy_of, exchange, only_drift, reader, wish_for
from tests.web.readers import logged_in

pytestmark = pytest.mark.usefixtures("app_context")
BUTTONS = ["accept", "reject", "redraw", "mailed", "received", "missing"]
REFUSED = ("This has already been done", "Only the other side of the exchange can do this")
FORM = {
    "saved": "new",
    "recipient": HOME.recipient,
    "phone": HOME.phone,
    "address": HOME.address,
    "note": "请包好",
}


@pytest.fixture(autouse=True)
def no_csrf(app):
    app.config["WTF_CSRF_ENABLED"] = False


def text_of(answer):
    return " ".join(answer.page.get_text(" ").split())


def test_a_reader_asks_for_a_copy_and_the_giver_accepts_mails_and_is_paid(app):
    giver, asker = reader(0), reader()
    copy = copy_of(giver, now=now())
    asks, gives = logged_in(app, asker), logged_in(app, giver)
    page = asks.get(f"/drift/{copy}")
    assert page.status_code == 200
    assert "A book costs 1 bean" in text_of(page)
    answer = asks.post(f"/drift/{copy}", data=FORM, follow_redirects=True)
    assert "Your request is on its way" in text_of(answer)
    drift = only_drift()
    waiting = gives.get("/pending")
    assert "Your move" in text_of(waiting)
    assert HOME.address not in waiting.text
    assert "请包好" in waiting.text
    assert HOME.address in gives.post(f"/drift/{drift}/accept", follow_redirects=True).text
    gives.post(f"/drift/{drift}/mailed", data={"tracking": "SF-1"}, follow_redirects=True)
    assert "SF-1" in asks.get("/pending").text
    assert "Enjoy reading" in text_of(asks.post(f"/drift/{drift}/received", follow_redirects=True))
    run_deadlines(now() + 3 * DAY)
    assert (beans_of(asker), beans_of(giver)) == (0, 1)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"recipient": ""}, "name of the recipient"),
        ({"recipient": "长" * 41}, "name of the recipient"),
        ({"phone": "call me"}, "phone number"),
        ({"phone": "1" * 30}, "phone number"),
        ({"address": "短"}, "whole address"),
        ({"address": "x" * 121}, "whole address"),
        ({"note": "x" * 201}, "At most 200"),
        ({"saved": "99999"}, "marked fields"),
    ],
)
def test_a_bad_address_is_told_at_its_field_and_nothing_happens(app, change, complaint):
    asker, copy = reader(), copy_of(reader(0))
    answer = logged_in(app, asker).post(f"/drift/{copy}", data=FORM | change)
    assert answer.status_code == 400
    assert complaint in text_of(answer)
    assert beans_of(asker) == 1


def test_the_page_says_why_before_there_is_a_button(app):
    poor, copy = reader(0), copy_of(reader(0))
    page = logged_in(app, poor).get(f"/drift/{copy}")
    assert "You need 1 bean; you have 0." in text_of(page)
    assert page.page.find("input", attrs={"name": "recipient"}) is None
    answer = logged_in(app, poor).post(f"/drift/{copy}", data=FORM)
    assert answer.status_code == 409
    assert "You need 1 bean; you have 0." in text_of(answer)


@pytest.mark.parametrize(
    ("who", "sentence", "status"),
    [
        ("owner", "This is your own copy.", 403),
        ("busy", "You have a request under way.", 409),
        ("late", "Somebody else has just asked", 409),
        ("taker", "one has to be given", 409),
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
    answer = logged_in(app, asker).post(f"/drift/{copy}", data=FORM)
    assert answer.status_code == status
    assert sentence in text_of(answer)


def _receive_two(asker):
    from app.services.exchange import drift

    for _ in range(2):
        giver = reader(0)
        drift_id = ask(asker, copy_of(giver))
        drift.accept_request(giver, drift_id, now())
        drift.confirm_mailed(giver, drift_id, "", now())
        drift.confirm_received(asker, drift_id, now())


def test_a_word_to_the_giver_keeps_its_lines_and_its_signs(app):
    giver, asker = reader(0), reader()
    copy = copy_of(giver, now=now())
    words = "你好！\n\n周末可以同城自取吗？（海淀）"
    logged_in(app, asker).post(f"/drift/{copy}", data=FORM | {"phone": "１３８０００１１１１", "note": words})
    assert words in logged_in(app, giver).get("/pending").page.select_one(".prose").get_text()


def test_who_presses_the_button_to_ask_twice_is_not_told_that_somebody_else_was_faster(app):
    asker, copy = reader(2), copy_of(reader(0), now=now())
    asks = logged_in(app, asker)
    assert asks.post(f"/drift/{copy}", data=FORM).status_code == 303
    for again in (asks.post(f"/drift/{copy}", data=FORM), asks.get(f"/drift/{copy}")):
        assert "You have asked for this copy already." in text_of(again)
        assert "Somebody else" not in text_of(again)
    assert beans_of(asker) == 1


EVERY = list(itertools.product(DriftState, BUTTONS, (Role.ASKER, Role.GIVER, None)))


@pytest.mark.parametrize(("state", "action", "role"), EVERY)
def test_each_press_of_each_side_in_each_state_is_answered_as_the_table_says(app, state, action, role):
    done = exchange(state, now() - 20 * DAY)
    who = {Role.ASKER: done.asker, Role.GIVER: done.giver, None: reader()}[role]
    answer = logged_in(app, who).post(f"/drift/{done.drift}/{action}")
    db.session.expire_all()
    after = db.session.get_one(Drift, done.drift).state

    if step := BY_POST.get((state, action, role)):
        assert (answer.status_code, answer.location, after) == (303, "/pending", step.to)
        return
    assert after == state
    if role is None:
        assert answer.status_code == 404
    else:
        assert answer.status_code in (403, 409)
        sentence = answer.page.main.get_text(" ", strip=True)
        assert any(told in sentence for told in REFUSED), sentence


@pytest.mark.parametrize("action", ["accept", "reject", "redraw", "mailed", "received", "missing"])
def test_actions_on_drifts_are_posts_by_one_of_the_two_sides(app, action):
    done = exchange("waiting")
    stranger = logged_in(app, reader())
    assert stranger.get(f"/drift/{done.drift}/{action}").status_code == 405
    assert stranger.post(f"/drift/{done.drift}/{action}").status_code == 404
    assert stranger.post(f"/drift/999999/{action}").status_code == 404
    visitor = app.test_client()
    assert visitor.post(f"/drift/{done.drift}/{action}").status_code in (302, 303, 401)


def test_a_second_press_and_the_wrong_side_are_told_so(app):
    done = exchange("accepted", now())
    gives, asks = logged_in(app, done.giver), logged_in(app, done.asker)
    again = gives.post(f"/drift/{done.drift}/accept")
    assert (again.status_code, "already been done" in text_of(again)) == (409, True)
    wrong = asks.post(f"/drift/{done.drift}/mailed")
    assert (wrong.status_code, "Only the other side" in text_of(wrong)) == (403, True)


def test_a_refused_button_leads_back_to_its_page_which_says_why(app):
    done = exchange("accepted", now())
    gives = logged_in(app, done.giver)
    back = {"Referer": "http://localhost/pending?page=1"}
    answer = gives.post(f"/drift/{done.drift}/accept", headers=back)
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
    answer = logged_in(app, done.giver).post(f"/drift/{done.drift}/accept", headers={"Referer": referrer})
    assert (answer.status_code, "already been done" in text_of(answer)) == (409, True)


def test_programs_get_the_status_of_a_refusal(app):
    done = exchange("accepted", now())
    headers = {"Referer": "http://localhost/pending", "Accept": "application/json"}
    answer = logged_in(app, done.giver).post(f"/drift/{done.drift}/accept", headers=headers)
    assert (answer.status_code, answer.json["error"]["status"]) == (409, 409)


def test_missing_can_be_reported_from_day_fourteen_and_the_page_says_when(app):
    done = exchange("mailed", now())
    asks = logged_in(app, done.asker)
    assert "You can report it missing from" in text_of(asks.get("/pending"))
    early = asks.post(f"/drift/{done.drift}/missing")
    assert (early.status_code, "can be reported missing from" in text_of(early)) == (409, True)


def test_a_missing_book_that_arrives_needs_a_bean_and_the_page_keeps_the_button(app):
    done = exchange("missing", now())
    ask(done.asker, copy_of(reader(0)))
    asks = logged_in(app, done.asker)
    refused = asks.post(f"/drift/{done.drift}/received")
    assert (refused.status_code, "You need 1 bean" in text_of(refused)) == (409, True)
    assert asks.get("/pending").page.find("button", formaction=f"/drift/{done.drift}/received")


def test_a_kept_address_can_be_chosen_next_time_and_erased(app):
    asker, first, second = reader(2), copy_of(reader(0)), copy_of(reader(0))
    asks = logged_in(app, asker)
    asks.post(f"/drift/{first}", data=FORM | {"keep": "y"})
    drift = only_drift()
    asks.post(f"/drift/{drift}/redraw")
    page = asks.get(f"/drift/{second}").page
    assert "(optional)" not in page.find("label", attrs={"for": "phone"}).get_text()
    choice = page.find("input", attrs={"name": "saved", "type": "radio"})["value"]
    assert asks.post(f"/drift/{second}", data={"saved": choice}).status_code == 303
    forget = asks.get("/personal").page.find("form", action=lambda action: action and action.endswith("/forget"))[
        "action"
    ]
    stranger = logged_in(app, reader())
    assert stranger.post(forget).status_code == 404
    assert asks.post(forget).status_code == 303
    assert asks.post(forget).status_code == 404


def test_the_history_and_the_next_deadline_of_each_drift_are_shown(app):
    done = exchange("accepted", now())
    shown = text_of(logged_in(app, done.giver).get("/pending"))
    for words in ("asked for", "promised by the giver", "Please mail it by "):
        assert words in shown
    events = logged_in(app, done.asker).get("/pending").page.select(".time-line li time")
    assert len(events) == 2


def test_a_hidden_copy_is_brought_back_with_one_click(app):
    done = exchange("expired", now())
    gives = logged_in(app, done.giver)
    back = gives.get("/pending").page.find("button", formaction=f"/gifts/{done.gift}/back")
    assert gives.post(back["formaction"], follow_redirects=True).status_code == 200
    assert gives.get("/pending").page.find("button", formaction=f"/gifts/{done.gift}/back") is None


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99999999999", "²"])
def test_odd_page_numbers_show_a_page(app, page):
    done = exchange("waiting")
    for path in ("/pending", "/my/gifts", "/my/wish"):
        assert logged_in(app, done.giver).get(path, query_string={"page": page}).status_code == 200


def test_a_page_behind_the_last_one_leads_to_the_last(app):
    done = exchange("received")
    wish_for(done.giver, book())
    client = logged_in(app, done.giver)
    for path in ("/pending", "/my/gifts", "/my/wish", "/personal"):
        answer = client.get(path, query_string={"page": 2})
        assert (answer.status_code, answer.location) == (302, f"{path}?page=1")
        assert client.get(answer.location).status_code == 200


def test_times_of_a_drift_are_kept_in_utc():
    done = exchange("waiting", 1_800_000_000)
    assert db.session.get_one(Drift, done.drift).due_time == 1_800_000_000 + 5 * DAY


@pytest.mark.parametrize(
    ("days", "says"), [(0, "We ask you on "), (22, "Without an answer from you it is marked as received on ")]
)
def test_a_mailed_book_tells_what_happens_on_which_day(app, days, says):
    mailed = now() - days * DAY
    done = exchange("mailed", mailed)
    with db.auto_commit():
        db.session.get_one(Drift, done.drift).due_time = deadlines().next_due(DriftState.MAILED, mailed, now())
    row = logged_in(app, done.asker).get("/pending").page.select_one(".drift")
    times = [time["datetime"] for time in row.find("p", class_="quiet").select("time")]

    assert says in row.get_text()
    assert times[-1] == datetime.fromtimestamp(mailed + 30 * DAY, UTC).isoformat()
    assert ("marked as received" in row.get_text(), len(times)) == (True, 2 if days == 0 else 1)


def test_what_waits_for_a_reader_is_counted_on_every_page(app):
    waiting, promised = exchange("waiting"), exchange("mailed")
    exchange("received")
    giver, asker = logged_in(app, waiting.giver), logged_in(app, promised.asker)
    for client in (giver, asker):
        assert client.get("/books").page.select_one(".site-nav .count").get_text().startswith("1 ")
        assert client.get("/").page.select_one("main .flash a")["href"] == "/pending"
    for other in (waiting.asker, promised.giver):
        page = logged_in(app, other).get("/").page
        assert (page.select_one(".site-nav .count"), page.select_one("main .flash")) == (None, None)


def test_the_number_beside_my_exchanges_counts_those_under_way(app):
    ended, mine = exchange("received"), copy_of(reader(0))
    client = logged_in(app, ended.giver)
    assert client.get("/pending").page.select_one("h1 .count").get_text() == "0"
    ask(ended.giver, mine)
    assert client.get("/pending").page.select_one("h1 .count").get_text() == "1"


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
    for form in (FORM, {"saved": "new"}):
        answer = stranger.post(f"/drift/{done.gift}", data=form)
        assert (answer.status_code in (404, 409), "a note" in answer.text) == (True, False)
    for who in (done.asker, done.giver):
        assert logged_in(app, who).get(f"/drift/{done.gift}").status_code == 200
