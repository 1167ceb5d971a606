"""Jobs run by threads and by `flask jobs run`."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from app.jobs.registry import EVERY
from app.jobs.worker import Worker
from app.models.base import db, now
from app.models.outbox import JobState, Outbox
from app.models.user import LoginSession
from app.services.account.recovery import request_reset
from app.services.account.registration import register
from tests.conftest import PageResponse, Reader
from tests.factories import PASSWORD, UserFactory
from tests.jobs.sending_site import site, write_jobs
from tests.mail.post_office import post_office
from tests.servers import free_port, wait_until

ROOT = Path(__file__).parents[3]
JOBS = 200


@pytest.fixture
def start(settings, tmp_path):
    """A function that starts `flask jobs run` in a separate process."""
    started = []

    def start(*command):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FISHER_")}
        arguments = [sys.executable, "-m", "tests.jobs.sending_site", json.dumps(settings), *command]
        with (tmp_path / f"worker{len(started)}.log").open("wb") as log:
            process = subprocess.Popen(arguments, cwd=ROOT, env=environment, stderr=log)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def count(app, state):
    with app.app_context():
        return db.session.scalar(select(func.count()).where(Outbox.state == state, Outbox.kind == "test.note"))


@pytest.mark.slow
def test_workers_killed_in_the_middle_of_their_jobs_lose_none(app, start):
    with app.app_context():
        user_id = UserFactory().id
    write_jobs(app, user_id, JOBS)
    workers = [start("jobs", "run") for _ in range(2)]
    wait_until(lambda: count(app, JobState.DONE) > JOBS // 4, 60, "the workers do nothing")
    for worker in workers:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    assert count(app, JobState.DONE) < JOBS, "killed too late to show anything"

    start("jobs", "run")
    wait_until(lambda: count(app, JobState.DONE) == JOBS, 90, "jobs were lost")
    with app.app_context():
        noted = db.session.scalars(select(LoginSession.version)).all()
    assert set(noted) == set(range(JOBS))
    # Only jobs that a killed worker was running may be run twice.
    assert len(noted) <= JOBS + len(workers)


def test_a_worker_that_is_asked_to_end_finishes_the_job_in_hand(app, start):
    with app.app_context():
        user_id = UserFactory().id
    write_jobs(app, user_id, JOBS)
    worker = start("jobs", "run")
    wait_until(lambda: count(app, JobState.DONE) > 5, 60, "the worker does nothing")
    worker.send_signal(signal.SIGTERM)

    assert worker.wait(60) == 0
    assert count(app, JobState.RUNNING) == 0
    assert 5 < count(app, JobState.DONE) < JOBS


def try_again_now(app):
    with app.app_context(), db.auto_commit():
        db.session.execute(update(Outbox).where(Outbox.state == JobState.READY).values(run_after=0))


def has_due_mail(app):
    due = (Outbox.state == JobState.RUNNING) | ((Outbox.state == JobState.READY) & (Outbox.run_after <= now()))
    with app.app_context():
        return bool(db.session.scalar(select(func.count()).where(due, Outbox.kind.startswith("mail."))))


def work_off(app):
    """Let a worker try each mail that is due."""
    worker = Worker(app)
    thread = threading.Thread(target=worker.run)
    thread.start()
    wait_until(lambda: not has_due_mail(app), 120, "the worker does nothing")
    worker.stop()
    thread.join(60)


def test_every_mail_arrives_once_when_the_mail_server_is_back(app):
    app.config.update(MAIL_BACKEND="smtp", SMTP_SECURITY="none", SMTP_TIMEOUT=1, MAIL_FROM="fisher@site.example")
    readers = {f"reader{number}@example.org" for number in range(4)}
    with app.app_context():
        for number, email in enumerate(sorted(readers)):
            register(f"读者{number}", email, PASSWORD, "zh")
    app.config["SMTP_PORT"] = free_port()
    work_off(app)  # nobody there
    with post_office() as (office, port):
        app.config["SMTP_PORT"] = port
        for mood in ("refuse", "busy", "drop", "sleep"):
            office.mood = mood
            try_again_now(app)
            work_off(app)
            assert office.taken == []
        office.mood = "take"
        for _ in range(2):
            try_again_now(app)
            work_off(app)

        assert sorted(str(mail["To"]) for mail in office.mails) == sorted(readers)
        assert len({mail["Message-ID"] for mail in office.mails}) == len(readers)


def test_a_mail_that_was_sent_is_not_sent_again_when_its_job_runs_twice(app):
    app.config.update(MAIL_BACKEND="smtp", SMTP_SECURITY="none", MAIL_FROM="fisher@site.example")
    with app.app_context():
        UserFactory(email="li@example.org")
        request_reset("li@example.org")
        with db.auto_commit():
            saved = db.session.scalar(select(Outbox)).payload
    with post_office() as (office, port):
        app.config["SMTP_PORT"] = port
        work_off(app)
        # As if the worker had died between sending the mail and recording that the job is done.
        with app.app_context(), db.auto_commit():
            row = db.session.scalar(select(Outbox).where(Outbox.kind == "mail.reset_password"))
            assert row.message_id == office.mails[0]["Message-ID"]
            row.set_attrs({"state": JobState.RUNNING, "lease_until": 1, "payload": saved})
        work_off(app)

        assert len(office.taken) == 1
    with app.app_context():
        row = db.session.scalar(select(Outbox).where(Outbox.kind == "mail.reset_password"))
        assert row.state == JobState.DONE


def test_the_serving_process_does_the_jobs_in_a_thread_from_its_first_request_on(settings, app):
    serving = site(settings | {"JOB_RUNNER": "thread"})
    names = lambda: [thread.name for thread in threading.enumerate()]  # noqa: E731
    before = names().count("outbox")
    with serving.app_context():
        request_reset("nobody@example.org")
    assert names().count("outbox") == before
    client = Reader(serving, PageResponse)
    for _ in range(2):
        client.get("/healthz")
    assert names().count("outbox") == before + 1

    def is_done():
        with app.app_context():
            return db.session.scalar(select(Outbox.state).where(Outbox.kind == "mail.reset_password")) == "done"

    wait_until(is_done, 60, "the thread does nothing")
    serving.extensions["fisher_job_worker"].stop()
    wait_until(lambda: names().count("outbox") == before, 60, "the thread does not end")
    with serving.app_context():
        db.engine.dispose()


def test_a_worker_that_was_there_before_the_tables_does_what_recurs(settings, tmp_path, capsys):
    new = site(settings | {"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'new.db'}", "JOB_POLL": 1})
    worker = Worker(new)
    thread = threading.Thread(target=worker.run)
    thread.start()
    said = []
    wait_until(lambda: said.append(capsys.readouterr().err) or "db upgrade" in "".join(said), 60, "nothing is said")
    with new.app_context():
        db.create_all()

    def is_written():
        with new.app_context():
            return set(EVERY) <= set(db.session.scalars(select(Outbox.kind)))

    wait_until(is_written, 60, "nothing recurs")
    worker.stop()
    thread.join(60)
    with new.app_context():
        db.engine.dispose()
