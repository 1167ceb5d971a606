"""The mails of the exchange reach the right reader, in their language, without the postal address."""

import pytest
import time_machine
from sqlalchemy import delete, select, update

from app.jobs import exchange as jobs
from app.jobs.drain import drain
from app.jobs.registry import HANDLERS
from app.models.base import db, now
from app.models.book import Book
from app.models.drift import Drift
from app.models.message import Message
from app.models.outbox import Outbox
from app.models.user import User
from app.rules.account.mail_topic import DEFAULT_PACES, MailTopic, Pace
from app.rules.clock import DAY
from app.rules.exchange.drift import OF_BEANS, MailKind
from app.services.book.cover_file import _path, _write
from app.services.delivery.thread import Draft, note_read
from app.services.exchange.drift import confirm_received, redraw_request, reject_request, write_message
from app.services.exchange.gift import withdraw_gift
from app.services.exchange.mails import EXCHANGE_MAIL, ExchangeMail, queue_mails
from app.services.exchange.my_drifts import list_drifts
from app.services.outbox import enqueue_all
from tests.exchange import HOME, WAY_TO, ask, book, bring_to_what_is_told, copy_of, exchange, reader, wish_for

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def sent(monkeypatch):
    """The mails that would be sent."""
    mails = []
    monkeypatch.setattr(jobs, "send_once", lambda _job, mail: mails.append(mail))
    return mails


@pytest.fixture(autouse=True)
def _all_at_once(monkeypatch):
    """Readers of these tests want no summaries."""
    monkeypatch.setitem(DEFAULT_PACES, MailTopic.DRIFT, Pace.NOW)


def deliver():
    """Run all mail jobs in the outbox, as a worker would."""
    for row in db.session.scalars(select(Outbox).where(Outbox.kind == EXCHANGE_MAIL).order_by(Outbox.id)).all():
        HANDLERS[EXCHANGE_MAIL](row)
    db.session.execute(delete(Outbox))
    db.session.commit()


def test_each_step_is_told_to_the_right_side(sent):
    done = exchange("waiting", now())
    deliver()
    for step in WAY_TO["received"]:
        step(done, now())
        deliver()
    address = {id: db.session.get_one(User, id).email for id in (done.asker, done.giver)}
    assert [(mail.to, mail.subject.split("“")[0].strip()) for mail in sent] == [
        (address[done.giver], sent[0].subject.split("“")[0].strip()),
        (address[done.asker], sent[1].subject.split("“")[0].strip()),
        (address[done.asker], ""),
        (address[done.giver], ""),
    ]
    assert "asks for" in sent[0].subject
    assert "is on its way" in sent[2].subject
    for mail in sent:
        assert "/pending" in mail.text
        assert mail.off_link in mail.text
        for secret in (HOME.recipient, HOME.phone, HOME.address):
            assert secret not in mail.text + mail.html + mail.subject


def test_a_giver_who_is_not_paid_yet_is_not_told_that_the_bean_is_there(sent):
    done = exchange("mailed", now())
    db.session.execute(delete(Outbox))
    confirm_received(done.asker, done.drift, now())
    deliver()
    assert ["You’ll find under Exchanges when you get" in mail.text for mail in sent] == [True]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", MailKind)
def test_every_letter_is_written_in_the_language_of_its_reader(sent, kind, language):
    done = exchange("waiting", now())
    db.session.query(Outbox).delete()
    user = db.session.get_one(User, done.asker)
    user.locale = language
    place = bring_to_what_is_told(done, kind)
    db.session.commit()
    with db.auto_commit():
        queue_mails([ExchangeMail(kind, done.asker, due=now(), **place)], now())
    deliver()
    (mail,) = sent
    assert ("海边的第" in mail.subject) == (kind not in OF_BEANS)
    assert "%(" not in mail.subject + mail.text + mail.html
    assert f'lang="{language}"' in mail.html
    assert ("，你好" in mail.text) == (language == "zh")


def test_who_turned_the_kind_off_or_left_gets_no_letter(sent):
    done = exchange("waiting", now())
    user = db.session.get_one(User, done.giver)
    user.mail_paces = "turn:off"
    db.session.commit()
    deliver()
    assert sent == []


@pytest.mark.parametrize("pace", ["daily", "weekly"])
def test_who_wants_summaries_gets_no_letter_at_once(sent, pace):
    done = exchange("waiting", now())
    db.session.get_one(User, done.giver).mail_paces = f"turn:{pace}"
    db.session.commit()
    deliver()
    assert sent == []


def test_letters_go_ten_minutes_after_the_step(sent):
    exchange("waiting", now())
    assert drain(10, 60) == 0
    with time_machine.travel(now() + 601):
        assert (drain(10, 60), len(sent)) == (1, 1)


def test_who_asks_and_cancels_again_and_again_sends_no_letter(sent):
    giver, asker, time = reader(0), reader(), now()
    for _ in range(3):
        redraw_request(asker, ask(asker, copy_of(giver, now=time), time), time + 599)
    late = exchange("waiting", time)
    redraw_request(late.asker, late.drift, time + 600)
    deliver()
    assert [mail.subject for mail in sent] == [sent[0].subject]
    assert "was cancelled" in sent[0].subject


def test_who_lists_and_withdraws_sends_no_letter(sent):
    isbn, time = book(), now()
    for _ in range(3):
        wish_for(reader(), isbn, time)
    giver = reader(0)
    for _ in range(6):
        withdraw_gift(giver, copy_of(giver, isbn, time), time + 599)
    deliver()
    assert sent == []


def test_a_letter_about_what_is_gone_is_not_sent(sent):
    gone = [
        {"letter": MailKind.ASKED, "user_id": reader(), "drift_id": 999, "due": None},
        {"letter": MailKind.OFFERED, "user_id": reader(), "gift_id": 999, "due": None},
    ]
    with db.auto_commit():
        enqueue_all(EXCHANGE_MAIL, [(payload, payload["letter"]) for payload in gone], now())
    deliver()
    assert sent == []


def test_the_clock_runs_each_minute():
    from app.jobs.registry import EVERY

    done = exchange("waiting", now() - 6 * 86400)
    assert EVERY["exchange.deadlines"] == 60
    HANDLERS["exchange.deadlines"](None)
    from tests.exchange import events

    assert events(done.drift)[-1] == ("lapse", "clock")


def test_a_mail_tells_of_a_message_without_its_words(sent):
    done = exchange("accepted", now())
    deliver()
    sent.clear()
    for _ in range(2):
        write_message(done.giver, done.drift, Draft("I live behind the bakery"), now())
    deliver()
    [mail] = sent
    assert "wrote to you about" in mail.subject
    assert "bakery" not in mail.subject + mail.text + mail.html


@pytest.mark.parametrize("meanwhile", ["read", "erased"])
def test_no_mail_tells_of_what_was_read_or_erased_meanwhile(sent, meanwhile):
    done = exchange("waiting", now())
    deliver()
    sent.clear()
    write_message(done.asker, done.drift, Draft("hello"), now())
    if meanwhile == "read":
        note_read(list_drifts(done.giver, 1, 10, now()).new, now())
    else:
        reject_request(done.giver, done.drift, now())
    deliver()
    assert [mail.subject for mail in sent if "wrote to you" in mail.subject] == []


ASKED = "Hello! I would love to read it.\nWrite to li@example.org, call 138 0000 0000 or see https://x.example/y"


@pytest.mark.parametrize("hidden", [False, True])
def test_the_giver_reads_who_asks_and_what_they_write_but_not_how_to_reach_them_elsewhere(sent, hidden):
    giver, asker = reader(0), reader(create_time=now() - 4 * DAY)  # the desk looks at what newcomers write first
    drift = ask(asker, copy_of(giver, now=now()), now(), note=ASKED)
    if hidden:
        db.session.execute(update(Message).values(erase_time=now() + 9))
    write_message(asker, drift, Draft("the second one"), now() + 1)
    deliver()
    mail = next(mail for mail in sent if "asks for" in mail.subject)
    for part in (mail.text, mail.html):
        assert ("I would love to read it." in part) is not hidden
        assert "0 exchanges so far" in part
        assert "new here since" in part
        for left_out in ("li@example.org", "138 0000", "x.example", "the second one"):
            assert left_out not in part


def test_a_cover_that_we_have_is_in_the_mail(sent, app_context):
    done = exchange("waiting", now())
    number = db.session.get_one(Book, db.session.get_one(Drift, done.drift).book_id).number
    _write(_path(number, "small"), b"picture")
    deliver()
    assert f'src="http://127.0.0.1:5000/book/{number}/cover"' in sent[0].html
