"""Jobs run by Celery."""

import time
from contextlib import closing

import pytest
import redis
from sqlalchemy import create_engine, func, select
from sqlalchemy.pool import NullPool

from app.jobs.registry import EVERY
from app.jobs.worker import write_periodic_jobs
from app.models.base import db, now
from app.models.outbox import JobState, Outbox
from app.services.account.recovery import request_reset
from app.services.site.failed_jobs import retry_failed
from tests.conftest import PageResponse, Reader
from tests.jobs.celery_worker import celery_worker
from tests.jobs.sending_site import site
from tests.servers import free_port, redis_server, wait_until

pytestmark = pytest.mark.slow


def count(app, state):
    with app.app_context():
        return db.session.scalar(select(func.count()).where(Outbox.state == state, Outbox.kind == "test.note"))


def celery_settings(settings, broker, **more):
    return settings | {"JOB_RUNNER": "celery", "CELERY_BROKER_URL": broker} | more


def count_statements(database):
    """Return how many statements the server has run for all clients, except for this query and its connection."""
    with database.connect() as connection:
        return int(connection.exec_driver_sql("SHOW GLOBAL STATUS LIKE 'Questions'").one()[1])


@pytest.mark.mariadb
@pytest.mark.redis
def test_a_celery_worker_that_has_nothing_to_do_does_nothing(mariadb_uri, redis_uri, settings, tmp_path):
    settings = celery_settings(settings, redis_uri, SQLALCHEMY_DATABASE_URI=mariadb_uri, JOB_POLL=2)
    web = site(settings)
    database = create_engine(mariadb_uri, poolclass=NullPool)

    def is_quiet():
        with web.app_context():
            recurring = db.session.scalars(select(Outbox).where(Outbox.kind.in_(EVERY))).all()
            return len(recurring) == len(EVERY) and all(row.run_after > now() + 15 for row in recurring)

    with web.app_context():
        db.create_all()
        request_reset("nobody@example.org")
    with celery_worker(settings, tmp_path), closing(redis.Redis.from_url(redis_uri)) as broker:
        wait_until(lambda: is_quiet() and not broker.llen("celery"), 60, "what recurs is not done")
        before = count_statements(database)
        time.sleep(10)
        statements = count_statements(database) - before
        waiting = broker.llen("celery")
    with web.app_context():
        db.engine.dispose()
    assert 0 < statements < 100, "a few each time that it looks"
    assert waiting == 0


def test_a_hint_is_given_for_what_is_new_and_due_and_for_nothing_else(any_engine_app):
    hints = []
    any_engine_app.extensions["fisher_job_hint"] = lambda: hints.append(1)

    def hinted(*keys, **more):
        hints.clear()
        with db.auto_commit():
            Outbox.add_all("test.note", [({}, key) for key in keys], **more)
        return len(hints)

    assert hinted("a", "b", "c") == 1
    assert hinted("a", "b", "c") == 0
    assert hinted("c", "d") == 1
    assert hinted("e", run_after=now() + 60) == 0
    write_periodic_jobs()
    hints.clear()
    write_periodic_jobs()
    assert retry_failed(None) == 0
    assert hints == []


@pytest.mark.redis
def test_more_than_one_batch_is_done_without_waiting_for_the_clock(redis_uri, settings, app, tmp_path):
    settings = celery_settings(settings, redis_uri, JOB_POLL=600)
    web = site(settings)
    with web.app_context(), db.auto_commit():
        for number in range(250):
            Outbox.add("mail.reset_password", {"email": f"nobody{number}@example.org"}, None, None)

    def is_done():
        with app.app_context():
            left = select(Outbox.id).where(Outbox.kind == "mail.reset_password", Outbox.state != JobState.DONE)
            return db.session.scalar(left.limit(1)) is None

    with celery_worker(settings, tmp_path):
        wait_until(is_done, 60, "the worker waits for the next tick")
    with web.app_context():
        db.engine.dispose()


@pytest.mark.redis
def test_celery_does_the_jobs_and_without_redis_they_wait_for_the_fallback(settings, app, tmp_path):
    port = free_port()
    settings = celery_settings(settings, f"redis://127.0.0.1:{port}/0")
    web = site(settings)

    def waiting():
        with app.app_context():
            return db.session.scalar(
                select(func.count()).where(Outbox.kind == "mail.reset_password", Outbox.state != JobState.DONE)
            )

    def ask(email):
        with web.app_context():
            request_reset(email)

    with redis_server(tmp_path, port), celery_worker(settings, tmp_path):
        ask("nobody@example.org")
        wait_until(lambda: waiting() == 0, 60, "celery does nothing")
    # Without Redis, the change is committed all the same, and the job waits.
    started = time.monotonic()
    ask("nobody@example.org")
    assert time.monotonic() - started < 20
    assert Reader(web, PageResponse).get("/healthz").status_code == 200
    assert waiting() == 1
    assert web.test_cli_runner().invoke(args=["jobs", "run", "--once"]).exit_code == 0
    assert waiting() == 0
    with web.app_context():
        db.engine.dispose()
