import re
import threading
import time

import pytest
import time_machine
from sqlalchemy import func, select

from app import create_app
from app.models.base import db, now
from app.models.user import User
from app.rules.account import names
from app.rules.account.refusals import NicknameTaken
from app.services.account.registration import mark_confirmed, register
from app.services.bean.first_bean import remember_mailbox
from config import Testing
from tests.conftest import PageResponse, Reader
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
    assert send(client, link).location == "/"
    assert "小王" in client.get("/personal").page.h1.get_text()
    send(client, "/logout", "/personal")
    assert log_in(client, READER["email"], PASSWORD).location == "/"


@pytest.mark.parametrize(
    ("had_an_account", "sentence"),
    [(False, "You have your first bean"), (True, "went to an account that you had before")],
)
def test_confirming_says_whether_a_first_bean_came_with_it(app, client, had_an_account, sentence):
    if had_an_account:
        with app.app_context(), db.auto_commit():
            remember_mailbox(READER["email"], now())
    send(client, "/register", **READER)
    send(client, link_in(mails(app)[0]))
    assert sentence in client.get("/").text


def test_confirming_in_another_browser_leads_to_the_log_in_and_on(app, client):
    wanted = "/book/9787536692930/detail"
    page = client.get(f"/login?next={wanted}").page
    page = client.get(page.select_one("main .actions a[href^='/register']")["href"]).page
    send(client, "/register", **READER, next=page.find("input", {"name": "next"})["value"])
    link = link_in(mails(app)[0])

    answer = send(Reader(app, PageResponse), link)
    assert answer.location == f"/login?next={wanted}"


def test_confirming_leads_to_where_the_reader_wanted_to_go(app, client):
    wanted = "/book/9787536692930/detail"
    send(client, "/register", **READER, next=wanted)

    assert send(client, link_in(mails(app)[0])).location == wanted


def test_nobody_logs_in_before_the_address_is_confirmed_but_the_link_comes_again(app, client):
    send(client, "/register", **READER)
    right = log_in(client, READER["email"], PASSWORD)
    wrong = log_in(client, READER["email"], "another password")
    unknown = log_in(client, "nobody@example.org", PASSWORD)

    assert right.status_code == wrong.status_code == unknown.status_code == 400
    assert errors(right) == errors(wrong) == errors(unknown)
    assert len(mails(app)) == 2


def test_whether_an_address_has_an_account_is_told_by_neither_log_in_nor_nickname(app, client, app_context):
    app.config["RATELIMIT_ENABLED"] = False
    UserFactory(email="known@example.org", password="of the owner alone")
    told = []
    for email in ("known@example.org", "unknown@example.org"):
        first = send(client, "/register", **READER | {"email": email})
        login = log_in(client, email, PASSWORD)
        again = send(client, "/register", **READER | {"email": f"other-{email}"})
        told.append([(a.status_code, a.location, errors(a)) for a in (first, login, again)])
    assert told[0] == told[1]


def test_who_registers_an_address_again_has_the_password_of_the_last_time(app, client):
    """Somebody else may have registered it first, and know the password."""
    send(client, "/register", **READER | {"password": "known to a stranger"})
    [first] = mails(app)
    send(client, "/register", **READER)

    assert client.get(link_in(first)).status_code == 400
    send(client, link_in(mails(app)[-1]))
    visitor = Reader(app, PageResponse)
    assert log_in(visitor, READER["email"], "known to a stranger").status_code == 400
    assert log_in(visitor, READER["email"], PASSWORD).location == "/"


def test_who_confirms_what_somebody_else_has_registered_since_is_not_logged_in(app, client):
    send(client, "/register", **READER)
    stranger = Reader(app, PageResponse)
    send(stranger, "/register", **READER | {"nickname": "somebody", "password": "another phrase 书"})

    assert send(client, link_in(mails(app)[-1])).location.startswith("/login")


def test_a_nickname_that_somebody_else_has_confirmed_first_gets_a_number(app, client, app_context):
    send(client, "/register", **READER)
    UserFactory(nickname="小王")
    send(client, link_in(mails(app)[0]))

    assert re.fullmatch(r"小王\d+’s page", client.get("/personal").page.h1.get_text())


def test_a_link_that_does_not_work_says_so_before_it_is_pressed(client):
    answer = client.get("/confirm/bad")

    assert answer.status_code == 400
    assert answer.page.main.find("button") is None


def test_opening_the_link_confirms_nothing(app, client, app_context):
    send(client, "/register", **READER)
    client.get(link_in(mails(app)[0]))

    assert User.find_by_email(READER["email"]).confirmed_at is None


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
    assert mail["Subject"] == "You already have an account"
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


@pytest.mark.parametrize("nickname", ["小王", "ＷＡＮＧ", " Wang ", "小\u200b王", "W\ufe0fang"])
def test_a_nickname_is_taken_in_every_spelling(client, app_context, nickname):
    UserFactory(nickname="小王")
    UserFactory(nickname="wang")
    answer = send(client, "/register", **READER | {"nickname": nickname})

    assert answer.status_code == 400
    assert "Another reader has this nickname. Please choose another." in errors(answer)


def test_a_long_nickname_that_somebody_confirms_first_gets_a_number_on_any_engine(any_engine_app):
    """With a number appended, the folded name must still fit into its column."""
    name = "\ufdfa" * 5 + "一二"
    assert names.is_too_long(name + "三")
    assert not names.is_too_long(name)
    for number in (1, 2):
        register(name, f"reader{number}@example.org", PASSWORD, "en")
    for reader in db.session.scalars(select(User).order_by(User.id)).all():
        mark_confirmed(reader)
        db.session.commit()

    assert User.find_by_nickname(name).email == "reader1@example.org"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("nickname", "", "Please fill this in."),
        ("nickname", "x", "2 to 24 characters"),
        ("nickname", "x" * 25, "2 to 24 characters"),
        ("nickname", "a\r\nBcc: x@example.org", "Only letters, digits"),
        ("nickname", "<b>", "Only letters, digits"),
        ("nickname", "- -", "Only letters, digits"),
        ("nickname", "管理员", "reserved for the site"),
        ("nickname", "Fisher 鱼书", "reserved for the site"),
        ("nickname", "\u3164\u3164", "2 to 24 characters"),
        ("nickname", "evil.com 领奖", "can’t be a web address"),
        ("nickname", "a\u0316\u0317\u0318", "At most two marks"),
        ("nickname", "P\u0430ul", "one alphabet only"),
        ("nickname", "\ufdfa" * 24, "This nickname is too long"),
        ("email", "", "Please fill this in."),
        ("email", "nobody", "not an e-mail address"),
        ("email", "a@example.org\nBcc: b@example.org", "not an e-mail address"),
        ("email", "a b@example.org", "not an e-mail address"),
        ("email", "a@example.org, b@example.org", "not an e-mail address"),
        ("email", "a" * 300 + "@example.org", "at most 254"),
        ("password", "", "Please fill this in."),
        ("password", "short 7", "8 to 128 characters"),
        ("password", "x" * 129, "8 to 128 characters"),
        ("password", "12345678", "easy to guess"),
        ("password", "password1", "easy to guess"),
        ("password", "wang+fish", "easy to guess"),
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
    assert db.session.scalar(select(User.nickname)) == nickname


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
        db.session.remove()
        db.engine.dispose()
