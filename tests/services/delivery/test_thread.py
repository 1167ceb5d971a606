"""What the two sides write to each other: encrypted, read by them alone, counted, and erased with the address."""

import pytest
from cryptography.fernet import Fernet
from flask import current_app
from sqlalchemy import select, text

from app.models.base import db
from app.models.drift import Drift
from app.models.message import Message
from app.models.notice import Notice
from app.models.user import User
from app.rules.clock import DAY
from app.rules.exchange.drift import MailKind
from app.rules.exchange.refusals import ThreadClosed, ThreadFull
from app.rules.exchange.thread import Phrase
from app.rules.exchange.undo import UNDO_WINDOW
from app.services.account.closing import erase_account
from app.services.delivery.thread import Draft, Line, note_read
from app.services.errors import NotFound
from app.services.exchange.deadlines import run_deadlines
from app.services.exchange.drift import write_message
from app.services.exchange.mails import find_mail_facts
from app.services.exchange.my_drifts import list_drifts
from app.services.site.field_keys import find_unreadable, rotate_keys
from tests.exchange import NOW, WAY_TO, ask, copy_of, exchange, last_letter, letters, reader
from tests.web.readers import logged_in

pytestmark = pytest.mark.usefixtures("app_context")
SECRET = "周四六点，图书馆门口"


def said_to(reader_id, drift_id, now=NOW):
    return list_drifts(reader_id, 1, 10, now).threads[drift_id].lines


def words_of(drift_id):
    db.session.rollback()
    return db.session.scalars(select(Message.id).where(Message.drift_id == drift_id)).all()


def until_of(drift_id):
    db.session.rollback()
    return db.session.scalars(select(Message.erase_time).where(Message.drift_id == drift_id)).all()


@pytest.fixture
def done():
    return exchange("accepted")


def test_the_row_holds_no_words_in_clear_and_both_sides_read_them(done):
    write_message(done.giver, done.drift, Draft(SECRET), NOW)
    write_message(done.asker, done.drift, Draft(phrase=Phrase.AGREED), NOW + 1)
    stored = repr(db.session.execute(text("SELECT * FROM message")).all())
    assert (SECRET in stored, "agreed" in stored) == (False, False)
    first, second = said_to(done.asker, done.drift)
    assert first == Line(first.id, False, SECRET, None, NOW, True)
    assert second == Line(second.id, True, None, "agreed", NOW + 1, False)
    assert [line.is_mine for line in said_to(done.giver, done.drift)] == [True, False]


def test_the_word_with_which_a_book_is_asked_for_is_the_first_message():
    giver, asker = reader(0), reader()
    since = last_letter()
    drift_id = ask(asker, copy_of(giver), note="请包好")
    assert [(line.words, line.is_new) for line in said_to(giver, drift_id)] == [("请包好", True)]
    assert [kind for kind, _ in letters(since)] == ["drift_asked"]


def test_a_request_without_a_word_has_no_message():
    giver = reader(0)
    assert said_to(giver, ask(reader(), copy_of(giver))) == ()


def test_who_is_no_side_of_it_finds_nothing_to_write_to(done):
    for drift_id, who in ((done.drift, reader()), (999, done.asker), (exchange().drift, done.asker)):
        with pytest.raises(NotFound):
            write_message(who, drift_id, Draft("hello"), NOW)


def test_a_form_that_is_sent_twice_is_one_message(done):
    once, twice = (write_message(done.giver, done.drift, Draft("hello", form_key="k"), NOW).id for _ in range(2))
    assert once == twice
    others = [
        write_message(done.giver, done.drift, Draft("hello again", form_key="k"), NOW),
        write_message(done.giver, done.drift, Draft(phrase=Phrase.HERE, form_key="k"), NOW),
        write_message(done.asker, done.drift, Draft("hello", form_key="k"), NOW),
        write_message(done.giver, done.drift, Draft("hello"), NOW),
        write_message(done.giver, done.drift, Draft("hello"), NOW),
    ]
    assert len({once, *(message.id for message in others)}) == 6


def test_each_side_writes_thirty_messages_at_most(done):
    for number in range(30):
        write_message(done.giver, done.drift, Draft(str(number), form_key="k"), NOW)
    with pytest.raises(ThreadFull):
        write_message(done.giver, done.drift, Draft("one more"), NOW)
    assert write_message(done.giver, done.drift, Draft("29", form_key="k"), NOW)
    write_message(done.asker, done.drift, Draft("hello"), NOW)
    threads = [list_drifts(who, 1, 10, NOW).threads[done.drift] for who in (done.giver, done.asker)]
    assert [thread.left for thread in threads] == [0, 29]


def test_one_mail_is_sent_for_all_that_is_not_read_yet(done):
    since = last_letter()
    for _ in range(3):
        write_message(done.giver, done.drift, Draft("hello"), NOW)
    assert letters(since) == [("drift_written", done.asker)]
    write_message(done.asker, done.drift, Draft("hello"), NOW)
    assert letters(since)[1:] == [("drift_written", done.giver)]
    note_read(list_drifts(done.asker, 1, 10, NOW).new, NOW)
    write_message(done.giver, done.drift, Draft("hello"), NOW)
    assert letters(since)[2:] == [("drift_written", done.asker)]


@pytest.mark.parametrize("state", ["rejected", "withdrawn", "expired", "cancelled"])
def test_what_was_written_is_hidden_as_soon_as_nothing_can_be_undone_and_erased_two_days_later(state):
    done = exchange()
    write_message(done.asker, done.drift, Draft(SECRET), NOW)
    for step in WAY_TO[state]:
        step(done, NOW)
    with pytest.raises(ThreadClosed):
        write_message(done.giver, done.drift, Draft("why?"), NOW)
    hidden = NOW + UNDO_WINDOW
    for run in (lambda: None, lambda: run_deadlines(hidden)):  # also if no worker has run yet
        run()
        for who in (done.giver, done.asker):
            assert (said_to(who, done.drift, hidden), list_drifts(who, 1, 10, hidden).new) == ((), [])
    [end] = until_of(done.drift)
    assert end - NOW in (2 * DAY, 2 * DAY + UNDO_WINDOW)
    threads = [list_drifts(who, 1, 10, end - 1).threads[done.drift] for who in (done.giver, done.asker)]
    assert [thread.report_until for thread in threads] == [end, None]
    assert list_drifts(done.giver, 1, 10, end).threads[done.drift].report_until is None
    run_deadlines(end - 1)
    assert len(words_of(done.drift)) == 1
    run_deadlines(end)
    assert words_of(done.drift) == []


def test_nobody_is_told_by_mail_or_number_of_what_is_hidden(app, done):
    since = last_letter()
    message = write_message(done.giver, done.drift, Draft(SECRET), NOW).id
    assert letters(since) == [("drift_written", done.asker)]
    assert find_mail_facts(MailKind.WRITTEN, done.asker, done.drift, None, message) is not None
    told = select(Notice.kind).where(Notice.user_id == done.asker, Notice.message_id == message)
    assert db.session.scalars(told).all() == ["drift_written"]
    erase_account(db.session.get_one(User, done.giver))
    assert (len(words_of(done.drift)), db.session.scalars(told).all()) == (1, [])
    assert find_mail_facts(MailKind.WRITTEN, done.asker, done.drift, None, message) is None
    assert logged_in(app, done.asker).get("/").page.select_one(".site-nav .count") is None


def test_after_the_end_they_can_write_until_it_is_erased():
    done = exchange("received")
    write_message(done.asker, done.drift, Draft(SECRET), NOW + 14 * DAY - 1)
    assert len(said_to(done.giver, done.drift, NOW + 14 * DAY - 1)) == 1
    assert said_to(done.giver, done.drift, NOW + 14 * DAY) == ()
    for _ in range(2):
        with pytest.raises(ThreadClosed):
            write_message(done.giver, done.drift, Draft("hello"), NOW + 14 * DAY)
        run_deadlines(NOW + 14 * DAY)
    assert words_of(done.drift) == []


def test_messages_are_erased_even_if_nothing_else_is_kept():
    done = exchange("received")
    write_message(done.asker, done.drift, Draft(SECRET), NOW)
    with db.auto_commit():
        db.session.get_one(Drift, done.drift).address = None
    assert run_deadlines(NOW + 14 * DAY).addresses == 1
    assert words_of(done.drift) == []


@pytest.mark.parametrize("leaver", ["giver", "asker"])
def test_who_leaves_takes_along_what_was_written_and_nobody_writes_to_them(leaver):
    done = exchange("received")
    for who in (done.giver, done.asker):
        write_message(who, done.drift, Draft(SECRET), NOW)
    kept = exchange("accepted")
    write_message(kept.giver, kept.drift, Draft("stays"), NOW)
    left = getattr(done, leaver)
    erase_account(db.session.get_one(User, left))
    stays = done.asker if leaver == "giver" else done.giver
    assert said_to(stays, done.drift) == ()
    authors = db.session.scalars(select(Message.author_id).where(Message.drift_id == done.drift)).all()
    assert (authors, len(words_of(kept.drift))) == ([left], 1)
    [end] = until_of(done.drift)
    run_deadlines(end)
    assert words_of(done.drift) == []
    with pytest.raises(ThreadClosed):
        write_message(stays, done.drift, Draft("hello"), NOW)
    with pytest.raises(NotFound):
        write_message(getattr(done, leaver), done.drift, Draft("hello"), NOW)


def test_messages_are_encrypted_anew_with_the_newest_key(done):
    write_message(done.giver, done.drift, Draft(SECRET), NOW)
    old, new = current_app.config["FIELD_KEYS"][0], Fernet.generate_key().decode()
    current_app.config["FIELD_KEYS"] = (new, old)
    rotate_keys()
    current_app.config["FIELD_KEYS"] = (new,)
    assert [line.words for line in said_to(done.asker, done.drift)] == [SECRET]
    current_app.config["FIELD_KEYS"] = (Fernet.generate_key().decode(),)
    assert "message.sealed" in find_unreadable()
    assert [(line.words, line.phrase) for line in said_to(done.asker, done.drift)] == [(None, None)]
