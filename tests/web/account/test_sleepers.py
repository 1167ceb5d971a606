"""Readers whose beans slept while they were silent."""

import pytest
from sqlalchemy import update

from app.models.base import db, now
from app.models.user import LoginSession, User
from app.rules.clock import DAY
from app.services.account.pool import run_pool
from tests.exchange import assert_audit_is_clean, beans_of, reader
from tests.factories import PASSWORD
from tests.web.forms import log_in

EMAIL = "li@example.org"


@pytest.fixture
def sleeper(app_context):
    who = reader(3, last_seen=now() - 181 * DAY, email=EMAIL)
    assert run_pool(now()).asleep == 1
    assert beans_of(who) == 0
    return who


def test_logging_in_brings_them_back_and_says_so(client, sleeper):
    log_in(client, EMAIL, PASSWORD)

    assert beans_of(sleeper) == 3
    page = client.get("/personal/ledger").page
    assert page.select_one(".beans").text == "3 beans"
    reasons = page.select_one(".ledger").text
    assert "back from the pool" in reasons
    assert "asleep in the pool until you are back" in reasons
    assert_audit_is_clean()


def test_so_does_a_page_on_a_device_that_is_still_logged_in(client, sleeper):
    log_in(client, EMAIL, PASSWORD)
    with db.auto_commit():
        db.session.execute(update(User).values(last_seen=now() - 181 * DAY))
        db.session.execute(update(LoginSession).values(last_seen=now() - 181 * DAY))
    assert run_pool(now() + 1).asleep == 1

    assert client.get("/personal").page.select_one(".beans").text == "3 beans"
    assert beans_of(sleeper) == 3
    assert client.get("/personal").status_code == 200
    assert_audit_is_clean()
