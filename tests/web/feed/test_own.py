"""A reader's own feeds: at secret addresses, for nobody else, and gone when they are turned off."""

import re
from datetime import date

import icalendar
import pytest
import time_machine

from app import create_app
from app.models.base import db, now
from app.models.notice import Notice
from app.models.user import User
from app.rules.clock import DAY
from app.rules.exchange.drift import Way
from app.rules.exchange.mails import MAIL_DELAY
from app.services.account.closing import erase_account
from app.services.account.login_session import renew_version
from app.services.delivery.thread import Draft
from app.services.exchange.drift import accept_request, write_message
from app.services.feed.address import find_token, renew_feed
from config import Testing
from tests.exchange import HOME, THURSDAY, ask, book, copy_of, exchange
from tests.exchange import reader as a_reader
from tests.factories import UserFactory
from tests.web.feed.atom import links_of, read_feed, texts_of
from tests.web.forms import send

LONG = "很长的书名, with; marks \\ and\u2028lines " * 8


def turn_on(reader_id):
    renew_feed(reader_id)
    return f"/feed/mine/{find_token(db.session.get_one(User, reader_id))}"


def events_of(answer):
    """Return the events of a calendar, after checking the lines of RFC 5545."""
    lines = answer.data.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines), "folded at 75 octets (3.1)"
    calendar = icalendar.Calendar.from_ical(answer.data)
    assert (calendar["version"], bool(calendar["prodid"])) == ("2.0", True)
    events = calendar.walk("VEVENT")
    for event in events:
        assert all(event.get(name) for name in ("uid", "dtstamp", "dtstart", "summary"))
        assert event["dtstart"].params["VALUE"] == "DATE"
    return events


@pytest.mark.parametrize(("is_kept", "status"), [(True, 200), (False, 404)])
def test_who_takes_the_account_back_ends_the_feed_as_well(app_context, client, is_kept, status):
    user = UserFactory()
    path = turn_on(user.id)
    with db.auto_commit():
        renew_version(db.session.get_one(User, user.id), is_kept)
    assert client.get(f"{path}.atom").status_code == status


def test_a_reader_turns_feeds_on_renews_them_and_turns_them_off(reader, client):
    def addresses():
        return [
            a["href"].removeprefix("http://127.0.0.1:5000")
            for a in reader.get("/personal/settings").page.select("#feeds ~ dl a")
        ]

    assert addresses() == []
    send(reader, "/personal/feed", page="/personal/settings")
    first = addresses()
    assert [path.rpartition(".")[2] for path in first] == ["atom", "ics"]
    assert addresses() == first
    send(reader, "/personal/feed", page="/personal/settings")
    second = addresses()
    assert len({*first, *second}) == 4
    assert [client.get(path).status_code for path in first + second] == [404, 404, 200, 200]
    send(reader, "/personal/feed/off", page="/personal/settings")
    send(reader, "/personal/feed/off", page="/personal/settings")
    assert addresses() == []
    assert {client.get(path).status_code for path in second} == {404}
    send(reader, "/personal/feed", page="/personal/settings")
    assert not {*addresses()} & {*first, *second}


def test_the_feed_has_the_notices_as_the_site_shows_them_for_nobody_to_keep(app_context, client, log_in):
    done = exchange("waiting", now())
    path = turn_on(done.giver)
    with time_machine.travel(now() + MAIL_DELAY + 1):
        answer = client.get(f"{path}.atom")
        shown = log_in(done.giver).get("/notices").page.select(".notices a")
    feed = read_feed(answer.data)

    said = [title.translate({ord(mark): None for mark in "“”"}) for title in texts_of(feed, "title")]
    assert said == [link.get_text() for link in shown], "titles are italic on pages"
    assert "asks for" in answer.text
    assert links_of(feed, "self") == []
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_a_feed_marks_nothing_as_seen(app_context, client):
    done = exchange("waiting", now())
    path = turn_on(done.giver)
    with time_machine.travel(now() + MAIL_DELAY + 1):
        client.get(f"{path}.atom")

    assert db.session.query(Notice).filter(Notice.seen_time.is_not(None)).count() == 0


@pytest.mark.parametrize(
    ("zone", "day"), [("Asia/Shanghai", date(2027, 1, 21)), ("America/New_York", date(2027, 1, 20))]
)
def test_the_calendar_has_the_last_days_in_the_readers_zone(app_context, client, zone, day):
    time = 1_800_036_000  # 02:00 in Shanghai
    giver = a_reader(0, time_zone=zone)
    asker = a_reader(nickname="小王", email="asker@example.org")
    drift = ask(asker, copy_of(giver, book(title=LONG), time), time, note="hello")
    path = turn_on(giver)
    [event] = events_of(client.get(f"{path}.ics"))

    assert event["dtstart"].dt == day
    assert event["uid"].endswith(f":exchange:{drift}")
    assert event["summary"] == "Answer the request for “" + " ".join(LONG.replace("\u2028", " ").split()) + " ”"
    assert event["description"] == "小王 asked you."
    again = client.get(f"{path}.ics")
    assert events_of(again)[0]["uid"] == event["uid"]
    assert events_of(again)[0]["dtstamp"].dt == event["dtstamp"].dt


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("state", ["waiting", "accepted", "mailed", "received"])
def test_what_is_private_in_an_exchange_is_in_no_feed(app_context, client, state, way):
    done = exchange(state, now(), way)
    answers = []
    for one in (done.giver, done.asker):
        path = turn_on(one)
        with time_machine.travel(now() + MAIL_DELAY + 1):
            answers += [client.get(f"{path}.atom"), client.get(f"{path}.ics")]
    assert [len(events_of(answer)) for answer in answers[1::2]] == [int(state != "received")] * 2
    for answer in answers:
        read_feed(answer.data) if "atom" in answer.mimetype else None
        unfolded = answer.text.replace("\r\n ", "")
        assert not re.search(r"\w@\w", unfolded)
        for secret in (HOME.recipient, HOME.phone, HOME.address, THURSDAY, "north gate"):
            assert secret not in unfolded


@pytest.mark.parametrize("end", ["suspended", "left"])
def test_who_is_suspended_or_has_left_has_no_feed(app_context, client, end):
    me = a_reader(0)
    path = turn_on(me)
    user = db.session.get_one(User, me)
    if end == "left":
        erase_account(user)
    else:
        with db.auto_commit():
            user.suspended_until = now() + DAY
    assert {client.get(path + kind).status_code for kind in (".atom", ".ics")} == {404}


@pytest.mark.parametrize(
    "token", ["x", "1-", "1-" + "0" * 40, "1-" + "g" * 40, "9" * 30 + "-" + "0" * 40, "１-" + "0" * 40]
)
def test_a_wrong_secret_is_a_404(app_context, client, token):
    turn_on(a_reader(0))

    assert {client.get(f"/feed/mine/{token}{kind}").status_code for kind in (".atom", ".ics")} == {404}


def test_a_new_message_is_in_the_feed_without_its_words(app_context, client):
    done = exchange("waiting", now())
    accept_request(done.giver, done.drift, now())
    write_message(done.giver, done.drift, Draft("call me"), now())
    path = turn_on(done.asker)
    with time_machine.travel(now() + MAIL_DELAY + 1):
        answer = client.get(f"{path}.atom")

    assert "wrote to you about" in answer.text
    assert "call me" not in answer.text
    assert f"/drift/{done.drift}/thread" in answer.text


def test_the_secret_is_in_no_log(settings, capsys):
    app = create_app(Testing(**settings, LOG_LEVEL="INFO"))
    with app.app_context():
        path = turn_on(a_reader(0))
        db.engine.dispose()
    statuses = [app.test_client().get(f"{path}{end}").status_code for end in (".atom", "x.atom", ".ics")]
    said = capsys.readouterr().err

    assert statuses == [200, 404, 200]
    assert "own_feed" in said
    assert path.rpartition("-")[2] not in said
