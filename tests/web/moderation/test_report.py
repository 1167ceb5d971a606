"""Reporting a message: by its reader alone, once, with a copy that outlives it."""

import pytest
from sqlalchemy import select, text

from app.models.base import db, now
from app.models.encrypted import seal
from app.models.report import Report
from app.models.user import User
from app.rules.clock import DAY
from app.rules.exchange.thread import Phrase
from app.rules.moderation.report import MOST_COPIED
from app.services.account.closing import erase_account
from app.services.delivery.thread import Draft
from app.services.exchange.deadlines import run_deadlines
from app.services.exchange.drift import redraw_request, write_message
from app.services.moderation.report import list_reports
from tests.exchange import exchange, reader
from tests.web.readers import logged_in, press, text_of

pytestmark = pytest.mark.usefixtures("app_context")
WORDS, SAYS = "pay me 50 for it", "He asks for money"


@pytest.fixture
def done():
    return exchange("accepted", now())


@pytest.fixture
def path(done):
    return f"/report/message/{write_message(done.giver, done.drift, Draft(WORDS), now()).id}"


def reports():
    db.session.rollback()
    return list(list_reports(10))


def test_the_reader_of_a_message_reports_it_once(app, done, path):
    asks = logged_in(app, done.asker)
    [link] = asks.get("/pending").page.select(".message a")
    assert link["href"] == path
    page = asks.get(path)
    assert WORDS in text_of(page)
    assert len(page.page.select("[name=reason]")) == 5
    assert press(asks, path, data={"reason": "spam", "words": f" {SAYS} "}).status_code == 303
    [line] = reports()
    assert (line.kind, line.reason, line.words, line.copied) == ("message", "spam", SAYS, WORDS)
    assert [db.session.scalar(select(User.nickname).where(User.id == id)) for id in (done.asker, done.giver)] == [
        line.reporter,
        line.about,
    ]
    again = press(asks, path, data={"reason": "threat"})
    assert (again.status_code, "You have already reported this." in text_of(again), len(reports())) == (409, True, 1)


def test_nobody_else_can_report_or_read_it(app, done, path):
    for who in (done.giver, reader()):
        client = logged_in(app, who)
        assert client.get(path).status_code == 404
        assert press(client, path, data={"reason": "spam"}).status_code == 404
    asks = logged_in(app, done.asker)
    for wrong in (path.replace("message", "letter"), "/report/message/999", "/report//1"):
        assert asks.get(wrong).status_code == 404
        assert press(asks, wrong, data={"reason": "spam"}).status_code == 404


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({}, "Please choose one."),
        ({"reason": "boring"}, "Not a valid choice"),
        ({"reason": "spam", "words": "x" * 1001}, "At most 1,000 characters"),
    ],
)
def test_a_report_needs_a_reason(app, done, path, fields, complaint):
    answer = press(logged_in(app, done.asker), path, data=fields)
    assert (answer.status_code, complaint in text_of(answer), reports()) == (400, True, [])


def test_the_copy_is_encrypted_and_outlives_the_message(app, done, path):
    asks = logged_in(app, done.asker)
    press(asks, path, data={"reason": "spam", "words": SAYS})
    redraw_request(done.asker, done.drift, now())
    stored = repr(db.session.execute(text("SELECT * FROM report")).all())
    assert (WORDS in stored, SAYS in stored) == (False, False)
    run_deadlines(now() + 3 * DAY)
    assert [line.copied for line in reports()] == [WORDS]
    assert asks.get(path).status_code == 404


@pytest.mark.parametrize("leaves", [False, True], ids=["withdraws", "leaves"])
def test_who_threatens_and_ends_it_can_still_be_reported_from_the_card(app, leaves):
    done = exchange("accepted", now())
    for words in ("I know where you live", WORDS):
        message = write_message(done.asker, done.drift, Draft(words), now())
    write_message(done.giver, done.drift, Draft("please stop"), now())
    if leaves:
        erase_account(db.session.get_one(User, done.asker))
    else:
        redraw_request(done.asker, done.drift, now())
    gives = logged_in(app, done.giver)
    pending = gives.get("/pending")
    path = f"/report/thread/{done.drift}"
    assert (WORDS in text_of(pending), [link["href"] for link in pending.page.select(".thread a")]) == (False, [path])
    for address in (path, f"/report/message/{message.id}"):
        page = gives.get(address)
        assert (page.status_code, WORDS in text_of(page)) == (200, False)
    assert "wrote you 2 messages, which are hidden by now" in text_of(gives.get(path))
    assert path in gives.get(f"/drift/{done.drift}/thread").text
    assert press(gives, path, data={"reason": "threat"}).status_code == 303
    [line] = reports()
    assert (line.kind, line.ref, line.copied) == ("thread", done.drift, f"I know where you live\n{WORDS}")
    assert press(gives, path, data={"reason": "threat"}).status_code == 409


def test_nobody_reports_a_thread_in_which_nothing_was_written_to_them(app, done):
    write_message(done.giver, done.drift, Draft(WORDS), now())
    redraw_request(done.asker, done.drift, now())
    for who, status in ((done.giver, 404), (reader(), 404), (done.asker, 200)):
        client = logged_in(app, who)
        assert client.get(f"/report/thread/{done.drift}").status_code == status
    assert "/report/thread" not in logged_in(app, done.giver).get("/pending").text
    run_deadlines(now() + 2 * DAY)
    assert press(logged_in(app, done.asker), f"/report/thread/{done.drift}", data={"reason": "spam"}).status_code == 404
    assert reports() == []


def test_a_quick_phrase_is_copied_by_its_key(app, done):
    message = write_message(done.giver, done.drift, Draft(phrase=Phrase.LATE), now())
    asks = logged_in(app, done.asker)
    assert "I’m running ten minutes late." in text_of(asks.get(f"/report/message/{message.id}"))
    press(asks, f"/report/message/{message.id}", data={"reason": "other"})
    assert [line.copied for line in reports()] == ["[late]"]


def test_a_report_is_kept_without_the_name_of_a_reporter_who_left_and_not_about_one_who_left(app, done, path):
    press(logged_in(app, done.asker), path, data={"reason": "spam"})
    erase_account(db.session.get_one(User, done.asker))
    assert [(line.reporter, line.copied) for line in reports()] == [(None, WORDS)]
    erase_account(db.session.get_one(User, done.giver))
    assert db.session.scalars(select(Report)).all() == []


def test_the_longest_copy_of_a_thread_fits_in_its_column():
    assert len(seal("😀" * MOST_COPIED)) < 65_536


def test_visitors_report_what_everybody_sees_and_only_a_few_times(client, done):
    for path in (f"/report/reader/{done.giver}", f"/report/listing/{done.gift}"):
        assert press(client, path, data={"reason": "spam"}).status_code == 303
        again = [press(client, path, data={"reason": "spam"}).status_code for _ in range(3)]
        assert again == [303, 303, 409]
    assert {(line.reporter_id, line.kind) for line in reports()} == {(None, "reader"), (None, "listing")}
    assert press(client, "/report/message/1", data={"reason": "spam"}).location.startswith("/login")
    assert "/report/reader" in client.get(f"/user/{done.giver}").text
