"""The letters of the exchange reach the right reader, in their language, without the address."""

import pytest
from sqlalchemy import select

from app.jobs import exchange as jobs
from app.jobs.registry import HANDLERS
from app.models.base import db, now
from app.models.outbox import Outbox
from app.models.user import User
from app.rules.drift import MailKind
from app.services.letter import LETTER, Letter, queue_letters
from tests.services.exchange import HOME, exchange, reader

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.fixture
def sent(monkeypatch):
    """What would be sent."""
    mails = []
    monkeypatch.setattr(jobs, "send_once", lambda _job, mail: mails.append(mail))
    return mails


def deliver():
    """Do all letters that are in the outbox, as a worker would."""
    for row in db.session.scalars(select(Outbox).where(Outbox.kind == LETTER).order_by(Outbox.id)).all():
        HANDLERS[LETTER](row)


def test_each_step_is_told_to_the_right_side(sent):
    done = exchange("received", now())
    deliver()
    address = {id: db.session.get_one(User, id).email for id in (done.asker, done.giver)}
    assert [(mail.to, mail.subject.split("《")[0].strip()) for mail in sent] == [
        (address[done.giver], sent[0].subject.split("《")[0].strip()),
        (address[done.asker], sent[1].subject.split("《")[0].strip()),
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


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", MailKind)
def test_every_letter_is_written_in_the_language_of_its_reader(sent, kind, language):
    done = exchange("waiting", now())
    db.session.query(Outbox).delete()
    user = db.session.get_one(User, done.asker)
    user.locale = language
    db.session.commit()
    place = {"gift_id": done.gift} if kind.value.startswith("wish") else {"drift_id": done.drift}
    with db.auto_commit():
        queue_letters([Letter(kind, done.asker, due=now(), **place)], now())
    deliver()
    (mail,) = sent
    assert "海边的第" in mail.subject
    assert "%(" not in mail.subject + mail.text + mail.html
    assert f'lang="{language}"' in mail.html
    assert ("，你好" in mail.text) == (language == "zh")


def test_who_turned_the_kind_off_or_left_gets_no_letter(sent):
    done = exchange("waiting", now())
    user = db.session.get_one(User, done.giver)
    user.muted_notices = ["drift"]
    db.session.commit()
    deliver()
    assert sent == []


def test_a_letter_about_what_is_gone_is_not_sent(sent):
    with db.auto_commit():
        queue_letters([Letter(MailKind.ASKED, reader(), drift_id=999)], now())
        queue_letters([Letter(MailKind.OFFERED, reader(), gift_id=999)], now())
    deliver()
    assert sent == []


def test_the_clock_runs_each_minute():
    from app.jobs.registry import EVERY

    done = exchange("waiting", now() - 6 * 86400)
    assert EVERY["exchange.deadlines"] == 60
    HANDLERS["exchange.deadlines"](None)
    from tests.services.exchange import events

    assert events(done.drift)[-1] == ("lapse", "clock")
