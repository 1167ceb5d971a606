"""Summaries: one for each reader and time, none if there is nothing to tell, whatever ends the job."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select

from app.jobs import exchange as jobs
from app.jobs.registry import Job
from app.models.base import db
from app.models.notice import Notice
from app.models.outbox import Outbox
from app.models.user import User
from app.rules.account.mail_topic import DEFAULT_PACES, MailTopic, Pace
from app.rules.clock import DAY, HOUR
from app.rules.exchange.drift import MailKind
from app.services.account.profile import change_profile
from app.services.notice import digest
from app.services.notice.digest import DIGEST_MAIL, MOST, queue_digests
from app.services.notice.notices import note_seen
from tests.exchange import NOW, copy_of, exchange, reader
from tests.killed import is_killed_at

SHANGHAI = ZoneInfo("Asia/Shanghai")
SATURDAY = int(datetime(2027, 1, 16, 8, tzinfo=SHANGHAI).timestamp())
"""The first one after `NOW`, which is a Friday there."""


def tell(reader_id, kind=MailKind.REJECTED, number=1, now=NOW):
    """Store notices, as the exchange does."""
    notice = {"user_id": reader_id, "kind": kind, "gift_id": copy_of(reader(0)), "show_from": now}
    db.session.rollback()
    with db.auto_commit():
        digest.plan_digests([reader_id])
        Notice.add_all([notice | {"key": f"{reader_id}:{kind}:{now}:{place}"} for place in range(number)], now)


def queued():
    """Return the readers of the summaries, and how many notices each tells of."""
    db.session.rollback()
    rows = db.session.scalars(select(Outbox).where(Outbox.kind == DIGEST_MAIL).order_by(Outbox.id))
    return [(row.user_id, len(row.payload["notices"])) for row in rows]


def test_what_can_wait_is_told_on_the_readers_day(app_context):
    me = reader(0)
    tell(me, number=3)
    assert [queue_digests(NOW), queue_digests(SATURDAY - 1), queued()] == [0, 0, []]
    assert [queue_digests(SATURDAY), queue_digests(SATURDAY), queue_digests(SATURDAY + 7 * DAY)] == [1, 0, 0]
    assert queued() == [(me, 3)]


def test_each_reader_has_a_day_a_zone_and_a_pace(app_context):
    daily = reader(0, mail_paces="drift:daily", digest_day=3)
    berlin = reader(0, time_zone="Europe/Berlin")
    monday = reader(0, digest_day=0)
    nothing = reader(0, mail_paces="drift:off")
    readers = [daily, berlin, monday, nothing]
    for one in readers:
        tell(one)
    queue_digests(NOW)
    for time, told in (
        (SATURDAY - 1, []),
        (SATURDAY, [daily]),
        (SATURDAY + 7 * HOUR - 1, [daily]),
        (SATURDAY + 7 * HOUR, [daily, berlin]),
        (SATURDAY + 2 * DAY - 1, [daily, berlin]),
        (SATURDAY + 2 * DAY, [daily, berlin, monday]),
        (SATURDAY + 8 * DAY, [daily, berlin, monday]),
    ):
        queue_digests(time)
        assert queued() == [(one, 1) for one in told]
    assert set(db.session.scalars(select(User.digest_time).where(User.id.in_(readers)))) == {None}


def test_a_daily_summary_leaves_what_is_weekly_to_its_day(app_context):
    me = reader(0, mail_paces="turn:daily", digest_day=0)
    tell(me)
    tell(me, MailKind.ASKED, number=2)
    for time, told in ((NOW, []), (SATURDAY, [2]), (SATURDAY + DAY, [2]), (SATURDAY + 2 * DAY, [2, 1])):
        queue_digests(time)
        assert queued() == [(me, number) for number in told]


def test_what_was_seen_or_mailed_at_once_is_not_told_again(app_context):
    seen, now = reader(0), reader(0)
    tell(seen)
    tell(now, MailKind.ASKED)
    note_seen(seen, NOW)
    queue_digests(NOW)
    assert (queue_digests(SATURDAY), queued()) == (0, [])


def test_who_wants_summaries_from_now_on_is_not_told_what_was_mailed(app_context):
    me = reader(0)
    tell(me, MailKind.ASKED)
    user, paces = db.session.get_one(User, me), DEFAULT_PACES | {MailTopic.TURN: Pace.DAILY}
    with time_machine.travel(NOW + 30):
        change_profile(user, user.nickname, "en", "Asia/Shanghai", paces, 5, user.terms, user.public_page)
    tell(me, MailKind.ASKED, now=NOW + 60)
    queue_digests(NOW + 60)
    queue_digests(NOW + DAY)
    assert queued() == [(me, 1)]


def test_the_exchange_plans_summaries(app_context):
    done = exchange("mailed")
    queue_digests(NOW)
    queue_digests(SATURDAY)
    assert queued() == [(done.asker, 1)]


@pytest.mark.parametrize("batch", [2, 500])
def test_a_job_that_is_killed_at_any_statement_tells_nobody_twice_and_leaves_nobody_out(
    any_engine_app, monkeypatch, batch
):
    monkeypatch.setattr(digest, "_DUE", digest._DUE.limit(batch))
    readers = [reader(0) for _ in range(5)]
    for one in readers:
        tell(one, number=2)
    queue_digests(NOW)
    statement = 0
    while is_killed_at(statement, lambda: queue_digests(SATURDAY)):
        told = queued()
        assert len(set(told)) == len(told)
        assert {number for _, number in told} <= {2}
        statement += 1
    assert statement > 5
    assert sorted(queued()) == [(one, 2) for one in readers]


@pytest.fixture
def sent(monkeypatch):
    """The mails that would be sent."""
    mails = []
    monkeypatch.setattr(jobs, "send_once", lambda _job, mail: mails.append(mail))
    return mails


def deliver():
    db.session.rollback()
    for row in db.session.scalars(select(Outbox).where(Outbox.kind == DIGEST_MAIL)).all():
        jobs.send_digest(Job(id=row.id, kind=row.kind, payload=row.payload, attempts=1, created=row.create_time))


@pytest.mark.parametrize(("language", "subject"), [("en", "2 pieces of news"), ("zh", "2 条新消息")])
def test_the_mail_has_a_sentence_for_each_in_the_readers_language(app_context, sent, language, subject):
    me = reader(0, locale=language)
    tell(me, number=2)
    queue_digests(NOW)
    queue_digests(SATURDAY)
    deliver()
    [mail] = sent
    assert subject in mail.subject
    assert mail.text.count("海边的第") == mail.html.count("海边的第") == 2
    for link in ("/notices", "/personal/settings", "/mail/off/"):
        assert link in mail.text
        assert link in mail.html
    assert mail.off_link in mail.text


def test_what_was_seen_before_the_mail_goes_is_left_out_and_an_empty_mail_is_not_sent(app_context, sent):
    me = reader(0)
    tell(me, number=2)
    queue_digests(NOW)
    queue_digests(SATURDAY)
    note_seen(me, SATURDAY)
    deliver()
    assert sent == []


def test_a_summary_is_bounded(app_context):
    me = reader(0)
    tell(me, number=MOST + 5)
    queue_digests(NOW)
    queue_digests(SATURDAY)
    assert queued() == [(me, MOST)]
