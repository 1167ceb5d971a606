import time

import pytest

from app.models.base import db
from app.models.user import User
from app.rules.clock import DAY
from tests.factories import PASSWORD, UserFactory
from tests.web.forms import log_in, mails


@pytest.fixture
def flask(app):
    return app.test_cli_runner().invoke


def test_an_operator_makes_a_reader_who_can_log_in_at_once(app, flask, client):
    arguments = ["user", "create", "小王", "wang@example.org", "--password", PASSWORD, "--confirmed"]
    result = flask(args=arguments)
    assert (result.exit_code, result.output) == (0, "reader 1\n")

    assert log_in(client, "wang@example.org", PASSWORD).location == "/"
    with app.app_context():
        assert User.find(1).is_confirmed
    assert mails(app) == []


def test_without_being_told_otherwise_the_reader_confirms_by_mail(app, flask):
    flask(args=["user", "create", "小王", "wang@example.org", "--password", PASSWORD, "--locale", "en"])

    assert [mail["Subject"] for mail in mails(app)] == ["Please confirm your e-mail address"]


@pytest.mark.parametrize(
    ("nickname", "email", "password", "said"),
    [
        ("x", "wang@example.org", PASSWORD, "nickname"),
        ("小王", "nobody", PASSWORD, "email"),
        ("小王", "wang@example.org", "short", "password"),
        ("小王", "wang@example.org", "12345678", "among the first"),
        ("老李", "wang@example.org", PASSWORD, "another reader has this nickname"),
        ("小王", "LI@example.org", PASSWORD, "another reader has this address"),
    ],
)
def test_what_can_not_be_made_is_said(app, flask, app_context, nickname, email, password, said):
    UserFactory(nickname="老李", email="li@example.org")
    result = flask(args=["user", "create", nickname, email, "--password", password])

    assert result.exit_code > 0
    assert said in result.output


@pytest.mark.parametrize("who", ["1", "LI@example.org", "老李"])
def test_a_reader_is_named_by_number_address_or_nickname(app, flask, app_context, who):
    UserFactory(nickname="老李", email="li@example.org", unconfirmed=True)
    assert flask(args=["user", "confirm", who]).exit_code == 0
    db.session.rollback()
    assert User.find(1).is_confirmed

    assert flask(args=["user", "delete", who], input="y\n").exit_code == 0
    db.session.rollback()
    assert User.find_by_email("li@example.org") is None


def test_a_new_password_logs_the_reader_out(flask, app_context, reader, client):
    email = User.find(reader.user_id).email
    result = flask(args=["user", "password", str(reader.user_id)], input=f"{PASSWORD} 2\n{PASSWORD} 2\n")
    assert result.exit_code == 0, result.output

    assert reader.get("/personal").status_code == 302
    assert log_in(client, email, f"{PASSWORD} 2").location == "/"


@pytest.mark.parametrize(
    "command", [["confirm"], ["password", "--password", PASSWORD], ["delete", "--yes"], ["role", "moderator"]]
)
@pytest.mark.parametrize("who", ["nobody@example.org", "0", "9" * 30, "²"])
def test_a_reader_who_is_not_there_is_said(flask, command, who):
    result = flask(args=["user", command[0], who, *command[1:]])

    assert (result.exit_code, result.output) == (1, "there is no such reader\n")


def test_a_reader_becomes_a_moderator_and_a_reader_again(flask, app_context):
    UserFactory(nickname="老李", email="li@example.org")
    UserFactory(nickname="小王")
    result = flask(args=["user", "role", "LI@example.org", "moderator"])
    assert (result.exit_code, result.output) == (0, "role: moderator\n")
    assert flask(args=["user", "list", "--role", "moderator"]).output == "1\t老李\tconfirmed\t0\n"

    assert flask(args=["user", "role", "老李", "reader"]).output == "role: reader\n"
    assert flask(args=["user", "list", "--role", "moderator"]).output == ""


@pytest.mark.parametrize("role", ["chief", "", "MODERATOR", "读者"])
def test_a_role_that_there_is_not_is_said_and_changes_nothing(flask, app_context, role):
    UserFactory(role="operator")
    result = flask(args=["user", "role", "1", role])

    assert result.exit_code == 2
    assert "'reader', 'moderator', 'operator'" in result.output
    assert User.find(1).role == "operator"


def test_readers_are_listed_without_their_addresses(flask, app_context):
    UserFactory(nickname="老李", email="li@example.org")
    UserFactory(nickname="小王", unconfirmed=True)
    output = flask(args=["user", "list"]).output

    assert output == "2\t小王\tnot confirmed\t0\n1\t老李\tconfirmed\t0\n"


def test_an_operator_suspends_a_reader_and_lets_them_in_again(app, flask, client):
    with app.app_context():
        email = UserFactory().email
    suspend = ["user", "suspend", email, "--ground", "spam", "--until"]
    assert flask(args=[*suspend, "2001-01-01"]).output == "the day has to be ahead\n"
    assert flask(args=[*suspend, "9999-01-01"]).output == "at most 366 days\n"
    in_a_week = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 7 * DAY))
    assert flask(args=[*suspend, in_a_week, "--words", "again"]).output == "suspended: decision 1\n"
    assert log_in(client, email, PASSWORD).status_code == 403
    assert flask(args=["user", "restore", email]).output == "decisions taken back: 1\n"
    assert log_in(client, email, PASSWORD).status_code == 302


def test_an_operator_turns_off_the_second_factor_of_who_has_lost_it(app, flask, client):
    with app.app_context():
        email = UserFactory(totp_secret="A" * 32, totp_since=1).email
    off = ["user", "second-factor-off", email, "--yes"]
    assert log_in(client, email, PASSWORD).location == "/login/code"
    assert flask(args=off).output == "two-step verification is off\n"
    assert flask(args=off).output == "it is off already\n"
    assert log_in(client, email, PASSWORD).location == "/"
