import time

import pyotp
import pytest
import time_machine

from app.models.base import db
from app.models.user import User
from app.rules.account.mail_topic import MailTopic
from app.services.account.link_token import Purpose, make_link_token
from tests.factories import PASSWORD, UserFactory
from tests.web.forms import errors, link_in, log_in, mails, send

NEW = "new@example.org"


def test_a_new_address_counts_when_its_link_was_used_and_the_old_one_is_told(app, reader, app_context):
    old = User.find(reader.user_id).email
    assert send(reader, "/change/email", email=NEW, password=PASSWORD).location == "/personal/settings"
    assert old in reader.get("/personal/settings").text
    [mail] = mails(app)
    assert mail["To"] == NEW

    reader.get(link_in(mail))
    assert old in reader.get("/personal/settings").text
    assert send(reader, link_in(mail)).location == "/personal/settings"
    assert NEW in reader.get("/personal/settings").text
    told = mails(app)[-1]
    assert (told["To"], told["Subject"]) == (old, "Your e-mail address was changed")
    assert NEW not in told.as_string()
    assert send(reader, link_in(mail), "/personal").status_code == 400


def test_the_link_for_an_address_given_up_again_does_nothing(app, reader):
    send(reader, "/change/email", email=NEW, password=PASSWORD)
    first = link_in(mails(app)[-1])
    send(reader, "/change/email", email="third@example.org", password=PASSWORD)

    assert send(reader, first, "/personal").status_code == 400


def test_the_link_for_a_new_address_is_too_old_after_three_days(app, client, reader):
    send(reader, "/change/email", email=NEW, password=PASSWORD)
    link = link_in(mails(app)[-1])

    with time_machine.travel(time.time() + 73 * 3600):
        assert send(client, link, "/login").status_code == 400
    assert send(client, link, "/login").location == "/login"


def test_a_new_password_ends_the_link_for_a_new_address(app, reader, client):
    send(reader, "/change/email", email="thief@example.org", password=PASSWORD)
    thiefs = link_in(mails(app)[-1])
    with app.app_context():
        owner = User.find(reader.user_id).email
    send(client, "/reset/password", email=owner)
    send(client, link_in(mails(app)[-1]), password="another phrase 书", repeat="another phrase 书")

    assert send(client, thiefs, "/login").status_code == 400
    with app.app_context():
        assert User.find(reader.user_id).email == owner


def change_email(app, client, email):
    """Change the address; return the link in the mail to the old one that restores it."""
    send(client, "/change/email", email=email, password=PASSWORD)
    send(client, link_in(mails(app)[-1]))
    return link_in(mails(app)[-1])


def test_a_changed_address_is_taken_back_and_the_thief_locked_out(app, reader, client):
    with app.app_context():
        owners = User.find(reader.user_id).email
    back = change_email(app, reader, "thief@example.org")
    assert client.get(back).status_code == 200
    thiefs = change_email(app, reader, "thief2@example.org")
    secret = reader.get("/personal/second-factor").page.select_one("kbd").get_text()
    page = "/personal/second-factor"
    assert send(reader, f"{page}/on", page, code=pyotp.TOTP(secret).now()).status_code == 200
    # To keep the owner from restoring it.
    send(client, "/register", nickname="小偷", email=owners, password="another phrase 书")

    answer = send(client, back)
    assert reader.get("/personal").status_code == 302
    send(client, answer.location, password="my own phrase 书", repeat="my own phrase 书")
    assert log_in(client, owners, "my own phrase 书").location == "/"
    assert owners in client.get("/personal/settings").text
    for link in (thiefs, back):
        assert client.get(link).status_code == 400
        assert send(client, link, "/personal").status_code == 400


def test_an_address_can_be_taken_back_for_72_hours(app, reader, client):
    back = change_email(app, reader, NEW)
    with time_machine.travel(time.time() + 71 * 3600):
        assert client.get(back).status_code == 200
    with time_machine.travel(time.time() + 73 * 3600):
        assert client.get(back).status_code == 400
        assert send(client, back, "/login").status_code == 400


def test_an_address_is_not_taken_back_from_a_reader_who_has_it_by_now(app, reader, client, app_context):
    old = User.find(reader.user_id).email
    db.session.rollback()
    back = change_email(app, reader, NEW)
    UserFactory(email=old)

    assert send(client, back).status_code == 400


def test_a_dead_link_for_a_new_address_is_told_before_it_is_pressed(client):
    answer = client.get("/change/email/bad")

    assert answer.status_code == 400
    assert answer.page.main.find("button") is None


def test_an_address_of_another_reader_gets_no_mail_and_the_same_answer(app, reader, app_context):
    UserFactory(email=NEW)

    assert send(reader, "/change/email", email=NEW, password=PASSWORD).location == "/personal/settings"
    assert mails(app) == []


def test_an_address_that_was_taken_in_the_meantime_is_refused(app, reader, app_context):
    send(reader, "/change/email", email=NEW, password=PASSWORD)
    link = link_in(mails(app)[-1])
    UserFactory(email=NEW)

    assert "belongs to another account" in send(reader, link, "/personal").page.main.get_text()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"password": "wrong password"}, "This is not your password."),
        ({"email": "nobody"}, "not an e-mail address"),
        ({"email": "x@example.org\r\nBcc: y@example.org"}, "not an e-mail address"),
    ],
)
def test_what_is_wrong_is_told(reader, fields, said):
    answer = send(reader, "/change/email", **{"email": NEW, "password": PASSWORD} | fields)

    assert answer.status_code == 400
    assert any(said in error for error in errors(answer))


def test_the_present_address_is_no_new_one(reader, app_context):
    answer = send(reader, "/change/email", email=User.find(reader.user_id).email.upper(), password=PASSWORD)

    assert "This is already your address." in errors(answer)


def test_a_kind_of_mail_is_turned_off_by_one_press_without_logging_in(client, app_context):
    user = UserFactory()
    link = f"/mail/off/{make_link_token(Purpose.MAIL_OFF, user, MailTopic.OFFER)}"
    assert "A book I wish for is kept for me" in client.get(link).page.main.get_text()
    user_id = user.id
    db.session.rollback()
    assert User.find(user_id).mail_paces == ""

    # As mail programs do: without opening the page, and so without its token.
    assert client.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    db.session.rollback()
    assert User.find(user_id).mail_paces == "offer:off"


def test_the_settings_turn_mails_off_and_on(reader, app_context):
    fields = {"nickname": "老王", "locale": "en", "time_zone": "Europe/Berlin"}
    send(reader, "/personal/settings", **fields, offer="off", turn="daily", drift="weekly", digest_day="0")
    user = User.find(reader.user_id)
    said = user.nickname, user.time_zone, user.mail_paces, user.digest_day
    assert said == ("老王", "Europe/Berlin", "offer:off turn:daily", 0)
    chosen = reader.get("/personal/settings").page.select(
        "[name=offer] option[selected], [name=digest_day] option[selected]"
    )
    assert [option["value"] for option in chosen] == ["off", "0"]

    send(reader, "/personal/settings", **fields, offer="now", turn="now")
    db.session.rollback()
    assert User.find(reader.user_id).mail_paces == ""


def test_the_link_in_a_summary_turns_off_all_that_it_tells_of(client, app_context):
    user = UserFactory(mail_paces="offer:daily reminder:off")
    link = f"/mail/off/{make_link_token(Purpose.MAIL_OFF, user, MailTopic.DIGEST)}"
    user_id = user.id
    assert client.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    db.session.rollback()
    assert User.find(user_id).mail_paces == "drift:off offer:off reminder:off"


@pytest.mark.parametrize(
    "fields", [{"locale": "fr"}, {"time_zone": "Mars/Olympus"}, {"turn": "x"}, {"digest_day": "7"}, {"nickname": ""}]
)
def test_settings_that_do_not_exist_are_refused(reader, fields):
    answer = send(reader, "/personal/settings", **{"nickname": "老王", "locale": "en", "time_zone": "UTC"} | fields)

    assert answer.status_code == 400


def test_another_readers_nickname_is_refused(reader, app_context):
    UserFactory(nickname="老王")
    answer = send(reader, "/personal/settings", nickname="老王", locale="en", time_zone="UTC")

    assert "Another reader has this nickname. Please choose another." in errors(answer)


def test_the_language_chosen_while_logged_in_is_that_of_the_account(reader, app_context):
    send(reader, "/language", language="zh")
    reader.delete_cookie("lang")

    assert reader.get("/personal").page.html["lang"] == "zh"
    assert User.find(reader.user_id).locale == "zh"
