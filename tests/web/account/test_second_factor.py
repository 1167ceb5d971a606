import time

import pyotp
import pytest
import time_machine

from app.models.base import db
from app.models.user import User
from tests.conftest import PageResponse, Reader
from tests.factories import PASSWORD, UserFactory
from tests.web.forms import errors, log_in, mails, send

EMAIL = "li@example.org"


@pytest.fixture(autouse=True)
def _moment():
    """Let the clock stand: what is the code of now must be so a moment later."""
    with time_machine.travel(time.time(), tick=False):
        yield


@pytest.fixture
def user_id(app_context):
    return UserFactory(email=EMAIL).id


@pytest.fixture
def secured(client, user_id):
    """A reader with two-step verification: the secret and the recovery codes."""
    log_in(client, EMAIL, PASSWORD)
    secret = client.get("/personal/second-factor").page.select_one("kbd").get_text()
    answer = send(client, "/personal/second-factor/on", "/personal/second-factor", code=pyotp.TOTP(secret).now())
    return secret, [code.get_text() for code in answer.page.select(".recovery-codes kbd")]


def later_code(secret, steps=1):
    return pyotp.TOTP(secret).at(time.time() + 30 * steps)


def test_the_picture_holds_the_key_and_is_part_of_the_page(client, user_id):
    log_in(client, EMAIL, PASSWORD)
    page = client.get("/personal/second-factor").page

    assert page.select_one("[role=img] svg path")
    assert page.select("img[src*=qr]") == []


@pytest.mark.sqlite("reads its file")
def test_the_key_is_unreadable_in_the_database(app, client, secured, tmp_path):
    secret, codes = secured
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("fisher.db*"))

    assert EMAIL.encode() in stored
    assert secret.encode() not in stored
    assert not [code for code in codes if code.replace("-", "").encode() in stored]


def test_the_password_alone_is_not_enough_any_more(app, client, secured):
    secret, _ = secured
    device = Reader(app, PageResponse)
    device.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert log_in(device, EMAIL, PASSWORD, next="/my/gifts", remember="y").location == "/login/code"
    assert device.get("/personal").status_code == 302

    answer = send(device, "/login/code", code="000000")
    assert (answer.status_code, errors(answer)[-1]) == (400, "This code is wrong, has expired, or was already used.")
    assert send(device, "/login/code", code=later_code(secret)).location == "/my/gifts"
    assert device.get("/personal").status_code == 200
    assert device.get_cookie("remember_token")


def test_a_code_works_once(app, secured):
    secret, _ = secured
    code = later_code(secret)
    for status in (302, 400):
        device = Reader(app, PageResponse)
        log_in(device, EMAIL, PASSWORD)
        assert send(device, "/login/code", code=code).status_code == status


@pytest.mark.parametrize("seconds", [-90, 120])
def test_a_code_of_another_time_is_refused(app, secured, seconds):
    secret, _ = secured
    device = Reader(app, PageResponse)
    log_in(device, EMAIL, PASSWORD)

    assert send(device, "/login/code", code=pyotp.TOTP(secret).at(time.time() + seconds)).status_code == 400


@pytest.mark.parametrize("code", ["", " ", "x" * 41, "１２３４５６", "-", "0", "' OR 1=1", "\x00"])
def test_what_is_no_code_is_refused(app, secured, code):
    device = Reader(app, PageResponse)
    log_in(device, EMAIL, PASSWORD)

    assert send(device, "/login/code", code=code).status_code == 400


def test_a_recovery_code_works_once_however_it_is_typed(app, client, secured):
    _, codes = secured
    assert len(set(codes)) == 10
    for code, status in ((codes[0].upper().replace("-", " "), 302), (codes[0], 400), (codes[1], 302)):
        device = Reader(app, PageResponse)
        log_in(device, EMAIL, PASSWORD)
        assert send(device, "/login/code", code=code).status_code == status
    assert "8 recovery codes are left" in client.get("/personal/second-factor").page.main.get_text()


def test_new_recovery_codes_replace_the_old_ones(app, client, secured):
    secret, codes = secured
    page = "/personal/second-factor"
    assert send(client, f"{page}/codes", page, password="wrong password").status_code == 400
    answer = send(client, f"{page}/codes", page, password=PASSWORD, code=later_code(secret))
    assert len(answer.page.select(".recovery-codes kbd")) == 10
    assert answer.headers["Cache-Control"] == "no-store"
    device = Reader(app, PageResponse)
    log_in(device, EMAIL, PASSWORD)

    assert send(device, "/login/code", code=codes[0]).status_code == 400


SENSITIVE = {
    "/personal/second-factor/off": {"password": PASSWORD},
    "/personal/second-factor/codes": {"password": PASSWORD},
    "/change/email": {"password": PASSWORD, "email": "new@example.org"},
    "/change/password": {"present": PASSWORD, "password": "another phrase 书", "repeat": "another phrase 书"},
    "/personal/delete": {"password": PASSWORD},
}


@pytest.mark.parametrize("path", SENSITIVE)
def test_the_password_alone_changes_nothing_about_the_account(app, client, secured, path):
    secret, codes = secured
    page = "/personal/second-factor" if "second-factor" in path else path
    used = pyotp.TOTP(secret).now()
    for code in ("", "000000", used):
        answer = send(client, path, page, **SENSITIVE[path], code=code)
        assert answer.status_code == 400
        assert "This code is wrong, has expired, or was already used." in errors(answer)
    assert [mail["Subject"] for mail in mails(app)] == ["Two-step verification was turned on"]

    answer = send(client, path, page, **SENSITIVE[path], code=codes[0])
    assert answer.status_code == 302 or len(answer.page.select(".recovery-codes kbd")) == 10


@pytest.mark.parametrize("path", sorted(SENSITIVE))
def test_a_code_is_asked_for_where_there_has_to_be_one(client, reader, secured, path):
    page = "/personal/second-factor" if "second-factor" in path else path

    assert client.get(page).page.find("input", {"name": "code"})["autocomplete"] == "one-time-code"
    assert "second-factor" in path or not reader.get(page).page.find("input", {"name": "code"})


def test_it_is_turned_off_with_the_password(app, client, secured):
    secret, _ = secured
    page = "/personal/second-factor"
    assert send(client, f"{page}/off", page, password="wrong password").status_code == 400
    assert (
        send(client, f"{page}/off", page, password=PASSWORD, code=later_code(secret)).location == "/personal/settings"
    )
    assert log_in(Reader(app, PageResponse), EMAIL, PASSWORD).location == "/"
    assert [mail["Subject"] for mail in mails(app)] == [
        "Two-step verification was turned on",
        "Two-step verification was turned off",
    ]
    # When it is off, it can neither be turned off nor get recovery codes.
    csrf = {"csrf_token": client.get("/personal").page.find("input", {"name": "csrf_token"})["value"]}
    for path in ("off", "codes"):
        assert client.post(f"{page}/{path}", data=csrf | {"password": PASSWORD}).status_code == 409


def test_turning_it_on_ends_the_log_ins_that_had_no_code(app, client, user_id):
    other = Reader(app, PageResponse)
    log_in(other, EMAIL, PASSWORD)
    log_in(client, EMAIL, PASSWORD)
    secret = client.get("/personal/second-factor").page.select_one("kbd").get_text()
    send(client, "/personal/second-factor/on", "/personal/second-factor", code=pyotp.TOTP(secret).now())

    assert other.get("/personal").status_code == 302
    assert client.get("/personal").status_code == 200


def test_a_wrong_code_does_not_turn_it_on(client, user_id, app_context):
    log_in(client, EMAIL, PASSWORD)
    answer = send(client, "/personal/second-factor/on", "/personal/second-factor", code="000000")

    assert answer.status_code == 400
    db.session.rollback()
    assert not User.find(user_id).has_second_factor


def test_an_account_whose_address_is_not_confirmed_can_not_shut_its_owner_out(app_context, log_in):
    reader = log_in(UserFactory(unconfirmed=True).id)
    answer = reader.get("/personal/second-factor")

    assert answer.location.startswith("/login?")


def test_the_page_for_the_code_needs_a_password_before_it_and_closes_after_five_minutes(app, secured):
    secret, _ = secured
    device = Reader(app, PageResponse)
    assert device.get("/login/code").location == "/login"
    csrf = device.get("/login").page.find("input", {"name": "csrf_token"})["value"]
    assert device.post("/login/code", data={"csrf_token": csrf, "code": later_code(secret)}).location == "/login"

    log_in(device, EMAIL, PASSWORD)
    with time_machine.travel(time.time() + 301):
        assert device.get("/login/code").location == "/login"
