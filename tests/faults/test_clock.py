"""A clock that jumps, and a mail server that is away for an hour."""

import pytest
import time_machine
from sqlalchemy import func, select
from structlog.testing import capture_logs

from app.jobs.drain import drain
from app.jobs.registry import EVERY
from app.jobs.worker import write_periodic_jobs
from app.models.base import db
from app.models.outbox import JobState, Outbox
from app.rules.clock import DAY, HOUR, MINUTE
from app.services.account.registration import register
from app.services.outbox import enqueue
from app.services.site.clock import is_clock_running
from tests.exchange import exchange, reader
from tests.factories import PASSWORD
from tests.mail.post_office import post_office
from tests.servers import free_port

START = 1_900_000_000
LEASE = 300


@pytest.fixture
def settings(settings):
    return settings | {"LOG_LEVEL": "WARNING"}


@time_machine.travel(START + 100 * DAY)
def is_audited(app):
    return app.test_cli_runner().invoke(args=["beans", "audit"]).exit_code == 0


def run_at(moment):
    """Do what is due at a moment; return the keys of what recurs and was done."""
    with time_machine.travel(moment, tick=False):
        drain(200, LEASE)
        recurring = select(Outbox.key).where(Outbox.every.is_not(None), Outbox.run_after == moment + Outbox.every)
        return set(db.session.scalars(recurring))


@pytest.mark.parametrize("jump", [HOUR, 400 * DAY, -HOUR, -400 * DAY])
def test_what_recurs_goes_on_when_the_clock_jumps_and_when_it_is_set_right(app_context, jump):
    everything = {f"every:{kind}" for kind in EVERY}
    with time_machine.travel(START, tick=False):
        write_periodic_jobs()
    assert run_at(START) == everything
    minutely = {f"every:{kind}" for kind, seconds in EVERY.items() if seconds <= MINUTE}
    assert minutely
    assert run_at(START + jump) >= minutely
    assert run_at(START + 10 * MINUTE) >= minutely
    assert is_clock_running(START + 10 * MINUTE)


def test_a_job_whose_worker_died_while_the_clock_was_ahead_is_taken_over(app_context):
    with time_machine.travel(START + 400 * DAY, tick=False), db.auto_commit():
        enqueue("mail.reset_password", {"email": "li@example.org"})
        db.session.flush()
        job = db.session.scalars(select(Outbox)).one()
        job.set_attrs({"state": JobState.RUNNING, "attempts": 1, "lease_until": START + 400 * DAY + LEASE})
    with time_machine.travel(START, tick=False):
        assert drain(10, LEASE) == 1

    assert db.session.scalars(select(Outbox.state)).all() == [JobState.DONE]


def test_a_clock_that_is_ahead_is_not_taken_for_one_that_runs(app_context):
    with time_machine.travel(START + DAY, tick=False):
        write_periodic_jobs()
        drain(200, LEASE)
        assert is_clock_running(START + DAY)

    assert not is_clock_running(START)


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_an_exchange_goes_on_and_no_bean_is_lost_when_the_clock_jumps(app, jump):
    with app.app_context():
        for state in ("waiting", "accepted", "mailed", "received"):
            exchange(state, START)
        run_at(START + jump)
        run_at(START)
        run_at(START + 60 * DAY)
    assert is_audited(app)


@pytest.mark.parametrize(("jump", "status"), [(6 * HOUR, 200), (-6 * HOUR, 302)])
def test_pages_and_log_ins_go_on_when_the_clock_jumps(app, log_in, jump, status):
    with app.app_context():
        reader_id = reader(0)
    with time_machine.travel(START) as clock:
        client = log_in(reader_id)
        for moment, expected in ((START, 200), (START + jump, status), (START + MINUTE, status)):
            clock.move_to(moment)
            assert client.get("/").status_code == 200
            # A cookie that was signed in what is now the future is not believed: the reader logs in again.
            assert client.get("/my/gifts").status_code == expected


def test_every_mail_arrives_once_after_an_hour_without_a_mail_server(app_context):
    app_context.config.update(
        MAIL_BACKEND="smtp", SMTP_SECURITY="none", SMTP_TIMEOUT=1, MAIL_FROM="fisher@site.example"
    )
    app_context.config["SMTP_PORT"] = free_port()
    readers = [f"reader{number}@example.org" for number in range(3)]
    with time_machine.travel(START, tick=False) as clock, capture_logs() as lines:
        for number, email in enumerate(readers):
            register(f"读者{number}", email, PASSWORD, "zh")
        for _minute in range(60):
            drain(100, LEASE)
            clock.shift(MINUTE)
        waiting = select(func.count()).where(Outbox.state == JobState.READY, Outbox.every.is_(None))
        assert db.session.scalar(waiting) == len(readers)
        with post_office() as (office, port):
            app_context.config["SMTP_PORT"] = port
            for _minute in range(180):
                drain(100, LEASE)
                clock.shift(MINUTE)

            assert sorted(str(mail["To"]) for mail in office.mails) == readers
    assert {(line["event"], line["log_level"]) for line in lines} == {("job failed", "warning")}
    assert not any(email in str(lines) for email in readers)
    states = select(Outbox.state).where(Outbox.every.is_(None))
    assert set(db.session.scalars(states)) == {JobState.DONE}
