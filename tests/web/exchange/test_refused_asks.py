"""Refused requests are counted by day and reason, once their page has been sent."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.models.base import db
from app.models.bean import RefusedAsk
from app.web.page import refused
from tests.exchange import copy_of, reader
from tests.web.readers import REQUEST, press


@pytest.fixture
def copy(app):
    with app.app_context():
        return copy_of(reader())


def counted(app):
    with app.app_context():
        return dict(db.session.execute(select(RefusedAsk.reason, RefusedAsk.count)).tuples().all())


def test_who_has_no_bean_is_counted_on_the_page_and_for_each_try(app, copy, log_in):
    with app.app_context():
        poor = log_in(reader(beans=0))
    with poor.get(f"/drift/{copy}") as page:
        assert (page.status_code, counted(app)) == (200, {})
    with press(poor, f"/drift/{copy}", data=REQUEST) as page:
        assert page.status_code == 409
    assert counted(app) == {"not_enough_beans": 2}


def test_who_may_ask_and_who_only_looks_is_not_counted(app, copy, log_in):
    with app.app_context():
        rich, poor = log_in(reader(beans=1)), log_in(reader(beans=0))
    for answer in (rich.get(f"/drift/{copy}"), rich.get("/drift/999"), poor.head(f"/drift/{copy}")):
        answer.close()
    assert counted(app) == {}


def test_a_count_that_can_not_be_stored_harms_nobody(app, copy, log_in, monkeypatch):
    def fail(*_):
        raise OperationalError("", {}, Exception("database is locked"))

    monkeypatch.setattr(refused, "count_refused_ask", fail)
    with app.app_context():
        poor = log_in(reader(beans=0))
    with poor.get(f"/drift/{copy}") as page:
        assert page.status_code == 200
    assert counted(app) == {}
