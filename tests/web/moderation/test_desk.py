"""The desk: who gets in, what is decided there, what both sides read of it, and the appeal."""

import re
import time

import pytest
from sqlalchemy import select

from app.models.base import db, now
from app.models.decision import Appeal, Decision
from app.models.user import User
from app.rules.clock import DAY
from app.rules.moderation.report import Reason
from app.services.delivery.thread import Draft
from app.services.exchange.drift import write_message
from app.services.moderation.report import report
from tests.exchange import HOME, exchange, reader
from tests.factories import PASSWORD
from tests.site.rights import SECOND_FACTOR
from tests.web.forms import log_in, mails
from tests.web.forms import text_of as said_in
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
PAGES = [
    "/desk",
    "/desk/reports",
    "/desk/log",
    "/desk/economy",
    "/desk/economy/what-if",
    "/desk/reader/1",
    "/desk/case/reader/1",
    "/desk/log/1",
    "/desk/appeal/1",
]
IN_A_WEEK = time.strftime("%Y-%m-%d", time.gmtime(now() + 7 * DAY))
OFFENDING = "buy my watches"
LINK = re.compile(r"http://\S+(/appeal/\S+)")


@pytest.fixture
def done():
    return exchange("accepted", now())


@pytest.fixture
def message(done):
    """A reported message of the giver to the asker."""
    written = write_message(done.giver, done.drift, Draft(OFFENDING), now()).id
    report("message", written, done.asker, Reason.SPAM, "look at this", now())
    return written


@pytest.fixture
def desk(app):
    return logged_in(app, reader(role="moderator", **SECOND_FACTOR))


def decide(desk, path, **fields):
    answer = press(desk, path, data={"ground": "spam", "words": "Please stop.", **fields})
    assert answer.status_code == 303, text_of(answer)


def letters_to(app, reader_id):
    address = db.session.get_one(User, reader_id).email
    return [said_in(mail) for mail in mails(app) if mail["To"] == address]


def appeal_path(app, reader_id):
    [path] = {found for mail in letters_to(app, reader_id) for found in LINK.findall(mail)}
    return path


def test_the_desk_is_for_moderators_with_a_second_factor(app, done):
    plain, without = logged_in(app, reader()), logged_in(app, reader(role="operator"))
    for path in PAGES:
        assert plain.get(path).status_code == 404
        led = without.get(path)
        assert (led.status_code, led.location) == (303, "/personal/second-factor")
    assert "two-step verification" in text_of(without.get("/personal/second-factor"))


def test_what_waits_is_shown_oldest_first_and_never_an_address(desk, done, message):
    report("reader", done.giver, reader(), Reason.OTHER, "", now())
    db.session.rollback()
    page = desk.get("/desk/reports")
    assert [link["href"] for link in page.page.select("main a.button")] == [
        f"/desk/case/message/{message}",
        f"/desk/case/reader/{done.giver}",
    ]
    assert OFFENDING in text_of(page)
    everything = [page, desk.get(f"/desk/case/message/{message}"), desk.get(f"/desk/reader/{done.asker}")]
    emails = db.session.scalars(select(User.email)).all()
    for secret in (HOME.address, HOME.phone, HOME.recipient, *emails):
        assert not any(secret in answer.text for answer in everything)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"act": "nothing", "ground": "no_breach"}, "it stays as it is"),
        ({"act": "hide"}, "it is no longer shown"),
        ({"act": "limit", "until": IN_A_WEEK}, "write anything but quick phrases"),
        ({"act": "suspend", "until": IN_A_WEEK}, "the reader can’t log in"),
    ],
    ids=lambda value: value["act"] if isinstance(value, dict) else "",
)
def test_each_decision_is_mailed_to_both_sides_logged_and_taken_back(app, desk, done, message, fields, sentence):
    decide(desk, f"/desk/case/message/{message}", **fields)
    for side in (done.giver, done.asker):
        [letter] = [mail for mail in letters_to(app, side) if "Why:" in mail]
        assert (sentence in letter, "Please stop." in letter, OFFENDING in letter) == (True, True, False)
        other = db.session.get_one(User, done.giver if side == done.asker else done.asker).nickname
        assert other not in letter
    assert "Nothing to do" in text_of(desk.get("/desk/reports"))
    log = desk.get("/desk/log")
    assert len(log.page.select("main .plain-list > li")) == 1
    [line] = db.session.scalars(select(Decision)).all()
    decide(desk, f"/desk/log/{line.id}", ground="mistake")
    db.session.rollback()
    giver = db.session.get_one(User, done.giver)
    assert (giver.limited_until, giver.suspended_until) == (None, None)
    assert [row.act for row in db.session.scalars(select(Decision).order_by(Decision.id))] == [fields["act"], "restore"]
    again = press(desk, f"/desk/log/{line.id}", data={"ground": "mistake"})
    assert (again.status_code, "already reversed" in text_of(again)) == (409, True)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({}, "Please choose one."),
        ({"act": "hide"}, "Please choose one."),
        ({"act": "suspend", "ground": "spam"}, "Please choose a day after today"),
        ({"act": "suspend", "ground": "spam", "until": "2001-01-01"}, "Please choose a day after today"),
        ({"act": "suspend", "ground": "spam", "until": "9999-01-01"}, "At most 366 days"),
        ({"act": "suspend", "ground": "spam", "until": "soon"}, "Please choose a day."),
        ({"act": "restore", "ground": "spam"}, "Not a valid choice"),
        ({"act": "hide", "ground": "spam", "words": "x" * 1001}, "At most 1,000 characters"),
    ],
)
def test_a_decision_that_is_not_whole_decides_nothing(desk, message, fields, complaint):
    answer = press(desk, f"/desk/case/message/{message}", data=fields)
    assert (answer.status_code in (400, 409), complaint in text_of(answer)) == (True, True)
    assert db.session.scalars(select(Decision)).all() == []


def test_a_suspended_reader_reads_why_and_until_when_appeals_once_and_is_let_in_again(app, desk, done, client):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    inside = logged_in(app, done.giver)
    decide(desk, f"/desk/case/reader/{done.giver}", act="suspend", until=IN_A_WEEK)
    assert inside.get("/personal").status_code == 302
    email = db.session.get_one(User, done.giver).email
    out = log_in(client, email, PASSWORD)
    assert (out.status_code, "Your account is suspended" in text_of(out)) == (403, True)
    assert "Please stop." in text_of(out)
    assert log_in(client, email, "not the password").status_code == 400

    path = out.page.select_one("main a.button")["href"]
    assert press(client, path, data={"words": ""}).status_code == 400
    assert press(client, path, data={"words": "it was not me"}).status_code == 303
    assert press(client, path, data={"words": "again"}).status_code == 409
    assert not client.get(path).page.select("main form")
    db.session.rollback()
    [asked] = db.session.scalars(select(Appeal)).all()
    assert "it was not me" in text_of(desk.get(f"/desk/appeal/{asked.id}"))
    decide(desk, f"/desk/appeal/{asked.id}", answer="undo", words="Sorry.")
    assert any("reversed the decision" in mail for mail in letters_to(app, done.giver))
    assert "Sorry." in text_of(client.get(path))
    assert log_in(client, email, PASSWORD).status_code == 302


def test_the_mail_leads_to_the_appeal_and_who_reported_in_vain_may_appeal_instead(app, desk, done, message, client):
    decide(desk, f"/desk/case/message/{message}", act="nothing", ground="no_breach")
    assert "/appeal/" not in "".join(letters_to(app, done.giver))
    path = appeal_path(app, done.asker)
    assert press(client, path, data={"words": "but it is spam"}).status_code == 303
    db.session.rollback()
    [asked] = db.session.scalars(select(Appeal)).all()
    decide(desk, f"/desk/appeal/{asked.id}", answer="keep", words="")
    assert [row.act for row in db.session.scalars(select(Decision))] == ["nothing"]
    assert client.get("/appeal/forged").status_code == 400


def test_a_copy_that_was_taken_off_is_named_so_to_its_giver(app, desk):
    waiting = exchange("withdrawn", now())
    decide(desk, f"/desk/case/listing/{waiting.gift}", act="hide")
    giver = logged_in(app, waiting.giver)
    assert "Taken off the shelf by a moderator" in text_of(giver.get("/my/gifts"))
    assert logged_in(app, waiting.asker).get(f"/report/listing/{waiting.gift}").status_code == 404
