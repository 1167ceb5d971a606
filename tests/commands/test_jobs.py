import pytest

from app.jobs.drain import MAX_ATTEMPTS
from app.jobs.registry import EVERY
from app.models.base import db
from app.models.outbox import JobState, Outbox
from app.services.outbox import enqueue


@pytest.fixture
def flask(app):
    return app.test_cli_runner().invoke


def write(app, **values):
    with app.app_context(), db.auto_commit():
        enqueue("mail.reset_password", {"email": "nobody@example.org"})
        db.session.query(Outbox).order_by(Outbox.id.desc()).first().set_attrs(values)


def test_what_is_due_is_done_once_for_cron(app, flask):
    write(app)

    # The recurring jobs are run with it.
    assert flask(args=["jobs", "run", "--once"]).output == f"{1 + len(EVERY)} done or tried\n"
    assert flask(args=["jobs", "run", "--once"]).output == "0 done or tried\n"


def test_jobs_are_listed_by_their_state_without_their_contents(app, flask):
    write(app)
    write(app, state=JobState.FAILED, attempts=MAX_ATTEMPTS, last_error="recipient refused: 550")

    assert (
        flask(args=["jobs", "list", "--failed"]).output == "2\tmail.reset_password\tfailed\t8\trecipient refused: 550\n"
    )
    assert flask(args=["jobs", "list", "--waiting"]).output == "1\tmail.reset_password\tready\t0\t\n"
    both = flask(args=["jobs", "list"]).output
    assert both.count("\n") == 2
    assert "example.org" not in both


def test_a_job_given_up_is_tried_again(app, flask):
    for _ in range(3):
        write(app, state=JobState.FAILED, attempts=MAX_ATTEMPTS)

    assert flask(args=["jobs", "retry", "2"]).output == "1 to be tried again\n"
    assert flask(args=["jobs", "retry", "--all"]).output == "2 to be tried again\n"
    assert flask(args=["jobs", "retry", "99"]).exit_code == 1
    assert flask(args=["jobs", "retry"]).exit_code == 2
    flask(args=["jobs", "run", "--once"])
    assert flask(args=["jobs", "list", "--failed"]).output == ""
