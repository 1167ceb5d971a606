"""Celery's worker and its beat, killed."""

import pytest
from sqlalchemy import func, select

from app.models.base import db
from app.models.outbox import JobState, Outbox
from app.services.account.recovery import request_reset
from tests.conftest import PageResponse, Reader
from tests.jobs.celery_worker import celery_worker
from tests.jobs.sending_site import site
from tests.servers import wait_until

ASKED = Outbox.kind == "mail.reset_password"


@pytest.mark.redis
@pytest.mark.slow
def test_a_worker_and_its_beat_that_are_killed_leave_the_jobs_to_the_next_ones(settings, app, redis_uri, tmp_path):
    settings = settings | {"JOB_RUNNER": "celery", "CELERY_BROKER_URL": redis_uri, "JOB_LEASE": 3, "JOB_POLL": 1}
    web = site(settings)

    def count(*conditions):
        with web.app_context():
            return db.session.scalar(select(func.count(Outbox.id)).where(ASKED, *conditions))

    def ask(times):
        with web.app_context():
            for _ in range(times):
                request_reset("nobody@example.org")

    with celery_worker(settings, tmp_path) as worker:
        ask(20)
        wait_until(lambda: count(Outbox.state == JobState.DONE) > 0, 60, "celery does nothing")
        worker.kill()
        worker.wait()
    ask(20)
    assert Reader(web, PageResponse).get("/").status_code == 200
    assert count(Outbox.state != JobState.DONE) >= 20
    with celery_worker(settings, tmp_path):
        wait_until(lambda: count(Outbox.state != JobState.DONE) == 0, 90, "jobs are lost")
    assert count() == 40
    with web.app_context():
        db.session.remove()
        db.engine.dispose()
