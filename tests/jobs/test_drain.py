import pytest
import time_machine
from cryptography.fernet import Fernet
from sqlalchemy import select

from app.jobs.drain import MAX_ATTEMPTS, TryAgain, claim, delay, drain
from app.jobs.registry import EVERY, HANDLERS
from app.jobs.worker import write_periodic_jobs
from app.models.base import db, now
from app.models.outbox import JobState, Outbox
from app.services.outbox import enqueue
from app.services.site.failed_jobs import retry_failed

LEASE = 300


@pytest.fixture
def done(monkeypatch):
    """What the jobs of the kind `test` were called with; put an exception into `done.fails` to let them fail."""

    class Done(list):
        fails = None

    done = Done()

    def handler(job):
        done.append(job.payload)
        if done.fails:
            raise done.fails

    monkeypatch.setitem(HANDLERS, "test", handler)
    return done


def write(payload=None, **more):
    with db.auto_commit():
        enqueue("test", payload or {"n": 1}, **more)


def job():
    db.session.rollback()
    return db.session.scalar(select(Outbox).where(Outbox.kind == "test"))


def test_a_job_is_done_once_and_its_payload_is_emptied(app_context, done):
    write({"n": 1, "secret": "address"})

    assert drain(10, LEASE) == 1
    assert drain(10, LEASE) == 0
    assert done == [{"n": 1, "secret": "address"}]
    assert (job().state, job().payload) == (JobState.DONE, {})


def test_a_job_exists_only_when_the_change_does(app_context, done):
    with pytest.raises(ZeroDivisionError), db.auto_commit():
        enqueue("test", {})
        raise ZeroDivisionError

    assert job() is None


def test_a_key_is_written_once_even_when_the_job_is_done(app_context, done):
    for _ in range(2):
        write({"n": 1}, unique_key="drift:1:asked")
        write({"n": 2}, unique_key="drift:1:asked")
        drain(10, LEASE)

    assert done == [{"n": 1}]


def test_the_payload_is_unreadable_in_the_database(app_context, done):
    write({"to": "li@example.org"})

    assert "example" not in db.session.connection().exec_driver_sql("SELECT payload FROM outbox").scalar()


def test_a_job_waits_for_its_time(app_context, done):
    write(run_after=now() + 60)
    assert drain(10, LEASE) == 0
    with time_machine.travel(now() + 61):
        assert drain(10, LEASE) == 1


def test_a_job_that_fails_is_tried_again_with_growing_pauses_then_kept_for_all_to_see(app_context, done):
    done.fails = TryAgain("SMTPServerDisconnected")
    write()
    pauses = []
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(MAX_ATTEMPTS):
            assert drain(10, LEASE) == 1
            pauses.append(job().run_after - now())
            clock.shift(pauses[-1])
        clock.shift(10**6)
        assert drain(10, LEASE) == 0

    assert len(done) == MAX_ATTEMPTS
    assert pauses[:4] == sorted(pauses[:4])
    assert 24 <= pauses[0] <= 36
    assert sum(pauses) > 12 * 3600  # longer than a night
    assert (job().state, job().last_error) == (JobState.FAILED, "SMTPServerDisconnected")
    assert [row.state for row in db.session.scalars(select(Outbox))] == ["failed"]


def test_an_unforeseen_error_is_named_without_its_text(app_context, done):
    done.fails = ValueError("li@example.org")
    write()
    drain(10, LEASE)

    assert job().last_error == "ValueError"


def test_a_payload_that_no_key_opens_fails_by_itself(app_context, done):
    write({"n": 1})
    app_context.config["FIELD_KEYS"] = (Fernet.generate_key().decode(),)
    write({"n": 2})

    assert drain(10, LEASE) == 2
    assert done == [{"n": 2}]
    assert (job().state, job().last_error) == (JobState.READY, "InvalidToken")


def test_an_unknown_kind_of_job_fails_and_stops_nobody(app_context, done):
    with db.auto_commit():
        enqueue("no such kind", {})
    write()

    assert drain(10, LEASE) == 2
    assert job().state == JobState.DONE


def test_a_failed_job_is_tried_again_when_asked_for(app_context, done):
    done.fails = TryAgain("x")
    write()
    with db.auto_commit():
        job().set_attrs({"state": JobState.FAILED, "attempts": MAX_ATTEMPTS})
    done.fails = None

    assert retry_failed(None) == 1
    assert drain(10, LEASE) == 1
    assert job().state == JobState.DONE


def test_a_claimed_job_is_nobody_elses_until_its_lease_ends(app_context, done):
    write()
    assert claim(LEASE) is not None
    assert claim(LEASE) is None
    with time_machine.travel(now() + LEASE + 2):
        assert claim(LEASE).attempts == 2


def test_a_worker_whose_lease_has_ended_does_not_write_the_outcome(app_context, done):
    from app.jobs.drain import run

    write()
    slow = claim(LEASE)
    with time_machine.travel(now() + LEASE + 2):
        claim(LEASE)
    run(slow)

    assert (job().state, job().attempts) == (JobState.RUNNING, 2)


def test_a_job_that_kills_its_workers_is_given_up(app_context, done):
    write()
    with db.auto_commit():
        job().set_attrs({"state": JobState.RUNNING, "attempts": MAX_ATTEMPTS, "lease_until": 1})
    drain(10, LEASE)

    assert done == []
    assert (job().state, job().last_error) == (JobState.FAILED, "its workers died")


def test_the_pause_never_grows_beyond_six_hours_and_differs_between_jobs():
    assert len({delay(8) for _ in range(50)}) > 5
    assert max(delay(attempts) for attempts in range(1, 1000)) <= 6 * 3600 * 1.2


def test_a_recurring_job_is_written_once_and_comes_back(app_context, monkeypatch):
    times = []
    monkeypatch.setitem(HANDLERS, "outbox.tidy", lambda job: times.append(now()))
    for _ in range(3):
        write_periodic_jobs()
    drain(10, LEASE)
    drain(10, LEASE)
    with time_machine.travel(now() + 86_401):
        drain(10, LEASE)

    assert len(times) == 2
    rows = db.session.scalars(select(Outbox).where(Outbox.kind == "outbox.tidy")).all()
    assert [(row.state, row.attempts) for row in rows] == [("ready", 0)]


def test_a_recurring_job_that_fails_comes_back_for_ever(app_context, monkeypatch):
    def fail(_job):
        raise TryAgain("x")

    monkeypatch.setitem(HANDLERS, "outbox.tidy", fail)
    for other in EVERY.keys() - {"outbox.tidy"}:
        monkeypatch.delitem(EVERY, other)
    write_periodic_jobs()
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(MAX_ATTEMPTS + 3):
            assert drain(10, LEASE) == 1
            clock.shift(86_401)


def test_jobs_done_a_month_ago_are_tidied_away(app_context, done):
    from app.jobs.registry import Job
    from app.jobs.worker import tidy

    for state, age in ((JobState.DONE, 31), (JobState.DONE, 1), (JobState.FAILED, 31), (JobState.FAILED, 91)):
        write({"age": age})
        with db.auto_commit():
            newest = db.session.scalar(select(Outbox).order_by(Outbox.id.desc()))
            newest.set_attrs({"state": state, "run_after": now() - age * 86_400})
    tidy(Job(id=0, kind="outbox.tidy", payload={}, attempts=1, created=0))

    left = {(row.state, row.payload["age"]) for row in db.session.scalars(select(Outbox))}
    assert left == {(JobState.DONE, 1), (JobState.FAILED, 31)}
