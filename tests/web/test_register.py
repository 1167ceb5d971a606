import threading
import time

import pytest
import time_machine
from sqlalchemy import func, select

from app import create_app
from app.models.base import db
from app.models.outbox import Outbox
from app.models.user import User
from app.rules.account import NicknameTaken
from app.services.registration import register
from config import Testing
from tests.factories import PASSWORD, UserFactory
from tests.web.forms import errors, link_in, log_in, mails, send, token

READER = {"nickname": "小王", "email": "wang+fish@example.org", "password": PASSWORD}


def test_a_visitor_registers_confirms_and_logs_in(app, client):
    answer = send(client, "/register", **READER)
    assert (answer.status_code, answer.location) == (302, "/register/done")

    [mail] = mails(app)
    assert mail["To"] == "wang+fish@example.org"
    assert mail["Subject"] == "Please confirm your e-mail address"
    link = link_in(mail)
    assert client.get(link).page.h1.get_text() == "Confirm your e-mail address"
    assert send(client, link).location == "/login"
    assert log_in(client, READER["email"], PASSWORD).location == "/"
    assert "小王" in client.get("/personal").page.h1.get_text()


def test_opening_the_link_confirms_nothing(app, client, app_context):
    send(client, "/register", **READER)
    client.get(link_in(mails(app)[0]))

    assert User.find_by_nickname("小王").confirmed_at is None


def test_the_link_is_too_old_after_three_days(app, client):
    send(client, "/register", **READER)
    link = link_in(mails(app)[0])
    csrf = token(client, "/login")
    with time_machine.travel(time.time() + 73 * 3600):
        assert client.post(link, data={"csrf_token": csrf}).status_code == 400
    with time_machine.travel(time.time() + 71 * 3600):
        assert client.post(link, data={"csrf_token": csrf}).status_code == 302
        assert client.post(link, data={"csrf_token": csrf}).status_code == 400


def test_an_address_that_has_an_account_gets_the_same_answer_and_its_owner_a_mail(app, client, app_context):
    UserFactory(email="wang+fish@example.org", nickname="老王")
    answer = send(client, "/register", **READER | {"email": "WANG+fish@Example.ORG"})

    assert (answer.status_code, answer.location) == (302, "/register/done")
    [mail] = mails(app)
    assert mail["Subject"] == "You have an account already"
    assert db.session.scalar(select(func.count(User.id))) == 1


def test_nobodys_mailbox_is_filled_by_registering_the_address_again_and_again(app, client, app_context):
    UserFactory(email="wang+fish@example.org", nickname="老王")
    with time_machine.travel("2026-11-21 10:00:01Z"):
        answers = [send(client, "/register", **READER) for _ in range(3)]
    with time_machine.travel("2026-11-21 11:00:01Z"):
        answers.append(send(client, "/register", **READER))
        sent = mails(app)

    assert {answer.location for answer in answers} == {"/register/done"}
    assert len(sent) == 2


@pytest.mark.parametrize("nickname", ["小王", "ＷＡＮＧ", " Wang "])
def test_a_nickname_is_taken_in_every_spelling(client, app_context, nickname):
    UserFactory(nickname="小王")
    UserFactory(nickname="wang")
    answer = send(client, "/register", **READER | {"nickname": nickname})

    assert answer.status_code == 400
    assert "Another reader has this nickname. Please choose another." in errors(answer)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("nickname", "", "Please fill this in."),
        ("nickname", "x", "2 to 24 characters"),
        ("nickname", "x" * 25, "2 to 24 characters"),
        ("nickname", "a\r\nBcc: x@example.org", "Letters, digits"),
        ("nickname", "<b>", "Letters, digits"),
        ("nickname", "- -", "Letters, digits"),
        ("nickname", "管理员", "belongs to the site"),
        ("email", "", "Please fill this in."),
        ("email", "nobody", "not an e-mail address"),
        ("email", "a@example.org\nBcc: b@example.org", "not an e-mail address"),
        ("email", "a b@example.org", "not an e-mail address"),
        ("email", "a@example.org, b@example.org", "not an e-mail address"),
        ("email", "a" * 300 + "@example.org", "at most 254"),
        ("password", "", "Please fill this in."),
        ("password", "short 7", "8 to 128 characters"),
        ("password", "x" * 129, "8 to 128 characters"),
        ("password", "12345678", "among the first"),
        ("password", "password1", "among the first"),
        ("password", "wang+fish", "among the first"),
    ],
)
def test_what_can_not_be_used_is_told_at_its_field(client, field, value, said):
    answer = send(client, "/register", **READER | {field: value})

    assert answer.status_code == 400
    assert said in answer.page.find(id=f"{field}-error").get_text()
    assert answer.page.find(id="password").get("value") in (None, "")


@pytest.mark.parametrize("email", ["读者@例子.中国", "reader@xn--fsqu00a.xn--fiqs8s", "o'neil+books@example.org"])
@pytest.mark.parametrize("nickname", ["村上的猫", "Zoë", "Ольга-7", "ゆき", "a b.c"])
def test_names_and_addresses_of_all_scripts_are_welcome(app, client, app_context, email, nickname):
    assert send(client, "/register", **READER | {"email": email, "nickname": nickname}).location == "/register/done"

    [mail] = mails(app)
    assert str(mail["To"]).endswith(("xn--fsqu00a.xn--fiqs8s", "example.org"))
    assert User.find_by_nickname(nickname)


def test_the_mail_can_be_asked_for_again_until_the_address_is_confirmed(app, app_context, log_in):
    reader = log_in(UserFactory(unconfirmed=True).id)
    assert "confirm" in reader.get("/personal").page.select_one(".flash").get_text()
    send(reader, "/personal/confirm", "/personal")
    [mail] = mails(app)

    send(reader, link_in(mail))
    assert reader.get("/personal").page.select_one("section.flash") is None
    answer = send(reader, "/personal/confirm", "/personal")
    assert "confirmed already" in reader.get(answer.location).page.main.get_text()


def test_two_registrations_of_one_address_at_the_same_time_make_one_account(any_database_uri, tmp_path):
    app = create_app(Testing(SQLALCHEMY_DATABASE_URI=any_database_uri, SEARCH_INDEX_PATH=str(tmp_path / "search.db")))
    with app.app_context():
        db.create_all()
    start = threading.Barrier(8)
    failures = []

    def join(number):
        with app.app_context():
            start.wait()
            try:
                register(f"读者{number % 4}", "same@example.org", PASSWORD, "zh")
            except NicknameTaken:
                pass
            except Exception as error:  # noqa: BLE001  (any failure of a thread fails the test)
                failures.append(error)

    threads = [threading.Thread(target=join, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    with app.app_context():
        assert db.session.scalar(select(func.count(User.id))) == 1
        assert db.session.scalar(select(func.count()).where(Outbox.kind == "mail.confirm_email")) == 1
        db.session.remove()
        db.engine.dispose()
