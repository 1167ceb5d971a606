import time

import pytest
import time_machine
from sqlalchemy import select

from app.models.base import db
from app.models.user import User
from tests.factories import PASSWORD, UserFactory
from tests.web.forms import link_in, log_in, mails, send, token
from tests.web.page.limits.visitors import EMAIL, visitor


def test_after_five_wrong_passwords_the_page_says_when_to_come_back(app):
    client = visitor(app)
    for _ in range(5):
        assert log_in(client, EMAIL, "wrong password").status_code == 400
    answer = log_in(client, EMAIL, PASSWORD)

    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert "Please try again in" in answer.page.main.get_text()
    with time_machine.travel(time.time() + 61):
        assert log_in(client, EMAIL, PASSWORD).status_code == 302


def test_the_wait_grows(app):
    client, waits = visitor(app), []
    with time_machine.travel(time.time(), tick=False) as clock:
        for _ in range(25):
            answer = log_in(client, EMAIL, "wrong password")
            if answer.status_code == 429:
                waits.append(int(answer.headers["Retry-After"]))
                clock.shift(waits[-1] + 1)

    assert waits[0] <= 60 < waits[1]
    assert max(waits) > 600
    # Never so long that readers give up.
    assert max(waits) <= 3600


def test_addresses_in_another_case_or_a_changing_network_are_counted_together(app):
    for number, email in enumerate((EMAIL, EMAIL.upper(), f" {EMAIL}", "Li@example.org", EMAIL)):
        assert log_in(visitor(app, f"203.0.113.{number}"), email, "wrong password").status_code == 400

    assert log_in(visitor(app, "203.0.113.99"), EMAIL, "wrong password").status_code == 429


def test_a_stranger_who_guesses_does_not_lock_out_the_owner(app):
    owner = visitor(app, "198.51.100.7")
    log_in(owner, EMAIL, PASSWORD)
    send(owner, "/logout", "/personal")
    stranger = visitor(app, "203.0.113.1")
    while log_in(stranger, EMAIL, "wrong password").status_code == 400:
        pass

    assert log_in(owner, EMAIL, PASSWORD).location == "/"
    # The owner's browser has its own count, so that a stolen one does not evade the limit.
    send(owner, "/logout", "/personal")
    answers = [log_in(owner, EMAIL, "wrong password").status_code for _ in range(6)]
    assert answers == [400] * 5 + [429]


def test_an_owner_on_a_new_device_gets_in_by_a_reset(app):
    stranger = visitor(app, "203.0.113.1")
    while log_in(stranger, EMAIL, "wrong password").status_code == 400:
        pass
    owner = visitor(app, "198.51.100.7")
    assert log_in(owner, EMAIL, PASSWORD).status_code == 429
    send(owner, "/reset/password", email=EMAIL)
    link = link_in(mails(app)[0])
    send(owner, link, password="another phrase 书", repeat="another phrase 书")

    assert log_in(owner, EMAIL, "another phrase 书").location == "/"


@pytest.mark.parametrize("cookie", ["x", "W10.x", "e30", ".", "\u00e9"])
def test_a_made_up_device_is_a_stranger(app, cookie):
    client = visitor(app)
    for _ in range(5):
        client.set_cookie("device", cookie)
        log_in(client, EMAIL, "wrong password")

    assert log_in(client, EMAIL, "wrong password").status_code == 429


def test_the_device_of_one_account_is_a_stranger_to_another(app):
    with app.app_context():
        UserFactory(email="thief@example.org")
    thief = visitor(app)
    for _ in range(5):
        log_in(visitor(app), EMAIL, "wrong password")
    log_in(thief, "thief@example.org", PASSWORD)
    send(thief, "/logout", "/personal")

    assert log_in(thief, EMAIL, "wrong password").status_code == 429


def test_accounts_that_log_in_with_one_browser_are_known_by_it(app):
    with app.app_context():
        UserFactory(email="sock@example.org")
        UserFactory(email="other@example.org")
    shared = visitor(app)
    for client, email in ((shared, EMAIL), (shared, "sock@example.org"), (visitor(app), "other@example.org")):
        log_in(client, email, PASSWORD)
        send(client, "/logout", "/personal")
    with app.app_context():
        of = {user.email: user.browser_hash for user in db.session.scalars(select(User))}
    assert of[EMAIL] == of["sock@example.org"] != of["other@example.org"]
    assert shared.get_cookie("device").decoded_value not in repr(of)


def owner(app, **attributes):
    """Return the owner's browser, logged in."""
    client = visitor(app)
    log_in(client, EMAIL, PASSWORD)
    with app.app_context(), db.auto_commit():
        User.find_by_email(EMAIL).set_attrs(attributes)
    return client


@pytest.mark.parametrize(
    ("path", "page", "fields"),
    [
        (
            "/change/password",
            None,
            {"present": "wrong", "password": "another phrase 书", "repeat": "another phrase 书"},
        ),
        ("/change/email", None, {"password": "wrong", "email": "x@example.org"}),
        ("/personal/delete", None, {"password": "wrong"}),
        ("/personal/second-factor/off", "/personal/second-factor", {"password": "wrong"}),
        ("/personal/second-factor/codes", "/personal/second-factor", {"password": "wrong"}),
    ],
)
def test_whoever_finds_a_browser_logged_in_can_not_try_passwords(app, path, page, fields):
    app.config["MAIL_RATE_LIMIT"] = "100 per minute"
    client = owner(app, totp_secret="A" * 32, totp_since=1)
    answers = [send(client, path, page, **fields).status_code for _ in range(6)]

    assert answers == [400] * 5 + [429]


def test_a_wrong_password_counts_against_the_network_address_wherever_it_is_entered(app):
    app.config["LOGIN_ADDRESS_RATE_LIMIT"] = "3 per minute"
    client = owner(app)
    for path in ("/personal/export", "/personal/delete", "/change/email"):
        assert send(client, path, password="wrong", email="x@example.org").status_code == 400

    assert log_in(visitor(app), "somebody.else@example.org", "wrong password").status_code == 429
    assert log_in(visitor(app, "203.0.113.1"), "somebody.else@example.org", "wrong password").status_code == 400


def test_what_is_refused_for_another_reason_does_not_count_against_the_network_address(app):
    app.config["LOGIN_ADDRESS_RATE_LIMIT"] = "1 per minute"
    client = owner(app)
    assert send(client, "/change/email", password=PASSWORD, email=EMAIL).status_code == 400

    assert log_in(visitor(app), EMAIL, PASSWORD).status_code == 302


def test_the_right_password_without_the_code_clears_no_count(app):
    owner(app, totp_secret="A" * 32, totp_since=1)
    for _ in range(5):
        assert log_in(visitor(app), EMAIL, PASSWORD).location == "/login/code"

    assert log_in(visitor(app), EMAIL, PASSWORD).status_code == 429


@pytest.mark.parametrize("is_on", [False, True])
def test_codes_can_not_be_tried_one_after_the_other(app, is_on):
    client = owner(app, totp_secret="A" * 32, totp_since=1 if is_on else None)
    path, page = "/personal/second-factor/on", "/personal/second-factor"
    if is_on:
        client, path, page = visitor(app), "/login/code", None
        assert log_in(client, EMAIL, PASSWORD).location == path
    answers = [send(client, path, page, code=f"00000{n}").status_code for n in range(6)]

    assert answers[:4] == [400] * 4
    assert answers[5] == 429


def test_one_network_address_can_not_try_many_accounts(app):
    client = visitor(app)
    answers = [log_in(client, f"reader{number}@example.org", "wrong password").status_code for number in range(35)]

    assert answers[:30] == [400] * 30
    assert 429 in answers[30:]


def test_a_reader_who_logs_in_again_and_again_is_not_stopped(app):
    for _ in range(8):
        assert log_in(visitor(app), EMAIL, PASSWORD).status_code == 302


def test_the_same_wait_is_told_in_json(app):
    client = visitor(app)
    csrf = token(client, "/login")
    fields = {"csrf_token": csrf, "email": EMAIL, "password": "wrong password"}
    answers = [client.post("/login", data=fields, headers={"Accept": "application/json"}) for _ in range(6)]

    assert answers[-1].status_code == 429
    assert answers[-1].json["error"]["status"] == 429
