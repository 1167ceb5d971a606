import threading
import time

import pytest
import time_machine
from itsdangerous import URLSafeTimedSerializer

from app.models.base import db
from app.models.user import User
from app.services.account.link_token import Purpose, make_link_token
from tests.conftest import PageResponse, Reader
from tests.factories import PASSWORD, UserFactory
from tests.web.forms import errors, link_in, log_in, mails, send, text_of, token

EMAIL = "li@example.org"
NEW = "another good phrase 书"


@pytest.fixture
def user_id(app_context):
    return UserFactory(email=EMAIL).id


def reset_link(app, client):
    send(client, "/reset/password", email=EMAIL)
    return link_in(mails(app)[-1])


def set_password(client, link, password=NEW):
    csrf = token(client, "/login")
    return client.post(link, data={"csrf_token": csrf, "password": password, "repeat": password})


def test_a_forgotten_password_is_replaced_by_a_link(app, client, user_id):
    link = reset_link(app, client)
    assert client.get(link).page.h1.get_text() == "Set a new password"
    assert set_password(client, link).location == "/login"

    assert log_in(client, EMAIL, NEW).location == "/"
    assert log_in(Reader(app, PageResponse), EMAIL, PASSWORD).status_code == 400
    assert [mail["Subject"] for mail in mails(app)] == ["Set a new password", "Your password was changed"]


def test_known_and_unknown_addresses_get_the_same_answer_and_cause_the_same_work(app, client, user_id):
    answers = [send(client, "/reset/password", email=email) for email in (EMAIL, "nobody@example.org")]
    assert {(answer.status_code, answer.location) for answer in answers} == {(302, "/register/done")}

    from sqlalchemy import select

    from app.models.outbox import Outbox

    with app.app_context():
        jobs = list(db.session.scalars(select(Outbox).order_by(Outbox.id)))
        assert [(job.kind, set(job.payload), job.user_id) for job in jobs] == [
            ("mail.reset_password", {"email"}, None)
        ] * 2
    assert [mail["To"] for mail in mails(app)] == [EMAIL]


def test_a_link_works_once(app, client, user_id):
    link = reset_link(app, client)
    set_password(client, link)

    assert set_password(client, link, "yet another phrase 书").status_code == 400
    assert client.get(link).status_code == 400
    assert log_in(client, EMAIL, NEW).status_code == 302


def test_a_link_used_twice_at_the_same_time_works_once(app, client, user_id):
    from app.rules.account.refusals import LinkNotValid
    from app.services.account.recovery import reset_password

    with app.app_context():
        link_token = make_link_token(Purpose.RESET, User.find_by_email(EMAIL))
    results = []
    start = threading.Barrier(4)

    def use(number):
        with app.app_context():
            start.wait()
            try:
                reset_password(link_token, f"{NEW} {number}")
                results.append("set")
            except LinkNotValid:
                results.append("refused")

    threads = [threading.Thread(target=use, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["refused"] * 3 + ["set"]


def test_a_link_is_too_old_after_half_an_hour(app, client, user_id):
    link = reset_link(app, client)
    with time_machine.travel(time.time() + 29 * 60):
        assert client.get(link).status_code == 200
    with time_machine.travel(time.time() + 31 * 60):
        assert client.get(link).status_code == 400


def test_a_change_of_the_password_ends_older_links(app, client, user_id):
    link = reset_link(app, client)
    log_in(client, EMAIL, PASSWORD)
    send(client, "/change/password", present=PASSWORD, password=NEW, repeat=NEW)

    assert client.get(link).status_code == 400


def test_forged_links_and_links_for_another_purpose_or_account_do_nothing(app, client, app_context, user_id):
    user = User.find(user_id)
    other = UserFactory()
    good = make_link_token(Purpose.RESET, user)
    payload = URLSafeTimedSerializer("", salt="").load_payload(good.rsplit(".", 2)[0].encode())
    swapped = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="fisher.reset").dumps([other.id, *payload[1:]])
    foreign = URLSafeTimedSerializer("another key", salt="fisher.reset").dumps(payload)
    confirm = make_link_token(Purpose.CONFIRM, user)
    for forged in (good[:-1], good + "x", foreign, swapped, confirm, "x", "a.b.c", "." * 10, "%00", "x" * 5000):
        assert client.get(f"/reset/password/{forged}").status_code == 400, forged
        assert set_password(client, f"/reset/password/{forged}").status_code == 400, forged
    for path in ("/confirm/", "/change/email/", "/mail/off/"):
        assert send(client, path + good, "/login").status_code == 400
    assert client.get(f"/reset/password/{good}").status_code == 200


def test_a_reset_ends_every_log_in(app, client, user_id):
    devices = [Reader(app, PageResponse) for _ in range(2)]
    for device in devices:
        log_in(device, EMAIL, PASSWORD, remember="y")
    set_password(client, reset_link(app, client))

    for device in devices:
        assert device.get("/personal").status_code == 302


def test_a_forged_host_does_not_reach_the_link(app, client, user_id):
    csrf = token(client, "/reset/password")
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    client.set_cookie("session", client.get_cookie("session").value, domain="evil.example")
    answer = client.post("/reset/password", data={"csrf_token": csrf, "email": EMAIL}, headers=forged)

    assert answer.status_code == 302
    [mail] = mails(app)
    assert "http://127.0.0.1:5000/reset/password/" in text_of(mail)
    assert "evil" not in mail.as_string()


def test_a_changed_password_ends_the_log_ins_on_other_devices_alone(app, client, user_id):
    other = Reader(app, PageResponse)
    log_in(other, EMAIL, PASSWORD)
    log_in(client, EMAIL, PASSWORD)
    assert send(client, "/change/password", present=PASSWORD, password=NEW, repeat=NEW).location == "/personal/settings"

    assert client.get("/personal").status_code == 200
    assert other.get("/personal").status_code == 302
    assert [mail["Subject"] for mail in mails(app)] == ["Your password was changed"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"present": "wrong password"}, "This is not your password."),
        ({"repeat": "something else"}, "The two passwords differ."),
        ({"password": "qwertyuiop", "repeat": "qwertyuiop"}, "easy to guess"),
        ({"password": "short", "repeat": "short"}, "8 to 128 characters"),
    ],
)
def test_a_password_that_can_not_be_set_is_told(client, user_id, fields, said):
    log_in(client, EMAIL, PASSWORD)
    answer = send(client, "/change/password", **{"present": PASSWORD, "password": NEW, "repeat": NEW} | fields)

    assert answer.status_code == 400
    assert any(said in error for error in errors(answer))


def test_a_log_in_begun_with_the_old_password_is_not_finished_after_the_change(app, app_context, user_id):
    from app.rules.account.refusals import WrongLogin
    from app.services.account.login import check_password
    from app.services.account.login import log_in as finish
    from app.services.account.password import hash_password
    from app.services.account.profile import store_password

    passed = check_password(EMAIL, PASSWORD)
    store_password(User.find(user_id), hash_password(NEW))

    with pytest.raises(WrongLogin):
        finish(passed, "", is_remembered=False)
