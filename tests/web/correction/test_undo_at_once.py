"""Undo at the same moment as itself, the clock, the other side's next step and a closing account: one of them wins."""

import threading
from collections import Counter
from functools import partial

import pytest
from sqlalchemy import select, update

from app.models.base import db, now
from app.models.drift import Drift, DriftEvent
from app.models.gift import Gift
from app.models.user import User
from app.rules.exchange.undo import UNDO_WINDOW
from app.services.account.closing import erase_account
from app.services.exchange import drift
from app.services.exchange.deadlines import run_deadlines
from tests.exchange import assert_audit_is_clean, exchange
from tests.servers import mariadb_database
from tests.web.server import ANY_KIND, KINDS, at_once, browser, press, served

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("undo at once")]
STEPS = {
    "reject": ("waiting", "giver", drift.reject_request),
    "mailed": ("accepted", "giver", lambda who, which, time: drift.confirm_mailed(who, which, "", time)),
    "received": ("mailed", "asker", drift.confirm_received),
}
ROUNDS = 3


@pytest.fixture(scope="module", params=["sqlite", pytest.param("mariadb", marks=pytest.mark.mariadb)])
def served_database(request, tmp_path_factory):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('undo') / 'site.db'}"
        return
    with mariadb_database(request.getfixturevalue("mariadb_port")) as uri:
        yield uri


@pytest.fixture(scope="module", params=ANY_KIND)
def served_site(request, served_database, tmp_path_factory):
    with served(served_database, tmp_path_factory.mktemp("undo"), KINDS[request.param]) as site:
        yield site


@pytest.fixture
def site(served_site):
    """One site for all tests of this module, with the exchanges of those before."""
    with served_site.app.app_context():
        yield served_site


@pytest.fixture(params=STEPS)
def taken(request):
    """Return a function that stores an exchange whose last step was taken some seconds ago, with who took it."""
    state, side, step = STEPS[request.param]

    def take(ago=0):
        done = exchange(state, now() - UNDO_WINDOW - 86_400)
        who = done.giver if side == "giver" else done.asker
        step(who, done.drift, now() - ago)
        return done, who

    return take


def facts_of(drift_id):
    db.session.rollback()
    row = db.session.get_one(Drift, drift_id)
    actions = db.session.scalars(select(DriftEvent.action).where(DriftEvent.drift_id == drift_id)).all()
    return row, Counter(actions)


def clock(site, time):
    def run():
        with site.app.app_context():
            assert run_deadlines(time).stuck == []

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def closing(site, reader_id):
    def close():
        with site.app.app_context():
            erase_account(db.session.get_one(User, reader_id))

    thread = threading.Thread(target=close)
    thread.start()
    return thread


def test_undo_at_the_same_moment_as_anything_else_is_done_once_or_refused(site, taken):
    for _ in range(ROUNDS):
        twice(site, *taken())
        against_the_clock(site, *taken(UNDO_WINDOW - 1))
        against_closing_accounts(site, *taken())
    assert_audit_is_clean()
    run_deadlines(now() + 10 * UNDO_WINDOW)
    assert_audit_is_clean()
    open_copies = db.session.scalars(select(Drift.open_gift_id).where(Drift.open_gift_id.is_not(None))).all()
    reserved = db.session.scalars(select(Gift.id).where(Gift.state == "reserved")).all()
    assert sorted(open_copies) == sorted(reserved)


def twice(site, done, who):
    clients = [browser(who) for _ in range(4)]
    answers = at_once([partial(press, client, f"{site.url}/drift/{done.drift}/undo") for client in clients])
    assert Counter(answer.status_code for answer in answers) == {303: 1, 409: 3}
    _, actions = facts_of(done.drift)
    assert actions["undo"] == 1


def against_the_clock(site, done, who):
    client = browser(who)
    thread = clock(site, now() + UNDO_WINDOW)  # of a machine whose clock is ahead
    answer = press(client, f"{site.url}/drift/{done.drift}/undo")
    thread.join()
    row, actions = facts_of(done.drift)
    assert (answer.status_code, actions["undo"]) in ((303, 1), (409, 0))
    assert row.undo_until is None
    assert_audit_is_clean()


def against_closing_accounts(site, done, who):
    client = browser(who)
    thread = closing(site, done.asker if who == done.giver else done.giver)
    answer = press(client, f"{site.url}/drift/{done.drift}/undo")
    thread.join()
    row, actions = facts_of(done.drift)
    assert (answer.status_code, actions["undo"]) in ((303, 1), (409, 0))
    assert row.undo_until is None
    assert_audit_is_clean()


def test_undo_against_the_next_step_of_the_other_side(site):
    for _ in range(2 * ROUNDS):
        done = exchange("accepted", now() - 86_400)
        drift.confirm_mailed(done.giver, done.drift, "", now())
        giver, asker = browser(done.giver), browser(done.asker)
        undo, received = at_once(
            [
                partial(press, giver, f"{site.url}/drift/{done.drift}/undo"),
                partial(press, asker, f"{site.url}/drift/{done.drift}/received"),
            ]
        )
        row, actions = facts_of(done.drift)
        outcome = undo.status_code, received.status_code, row.state, actions["undo"]
        assert outcome in ((303, 409, "accepted", 1), (403, 303, "received", 0))
        assert_audit_is_clean()


def test_undo_against_the_clock_the_other_side_and_both_closing_their_accounts_at_once(site):
    for number in range(2 * ROUNDS):
        done = exchange("accepted", now() - 86_400)
        drift.confirm_mailed(done.giver, done.drift, "", now() - UNDO_WINDOW + 1)
        giver, asker = browser(done.giver), browser(done.asker)
        leaving = [closing(site, who) for who in (done.giver, done.asker)[: number % 3]]
        ticking = clock(site, now() + UNDO_WINDOW)
        answers = at_once(
            [
                partial(press, giver, f"{site.url}/drift/{done.drift}/undo"),
                partial(press, asker, f"{site.url}/drift/{done.drift}/received"),
            ]
        )
        for thread in (*leaving, ticking):
            thread.join()
        # 302: the account was closed first, so that nobody is logged in.
        assert {answer.status_code for answer in answers} <= {302, 303, 400, 403, 404, 409}
        _, actions = facts_of(done.drift)
        assert (actions["undo"] <= 1, actions["received"] <= 1) == (True, True)
        assert_audit_is_clean()
        assert run_deadlines(now() + 2 * UNDO_WINDOW).stuck == []
        assert facts_of(done.drift)[0].undo_until is None
        assert_audit_is_clean()


def test_cancelling_against_mailing_and_the_address(site):
    address = {"recipient": "王小明", "phone": "13800001111", "address": "北京市朝阳区建国路八号"}
    for _ in range(ROUNDS):
        done = exchange("accepted", now())
        giver, other, asker = browser(done.giver), browser(done.giver), browser(done.asker)
        answers = at_once(
            [
                partial(press, giver, f"{site.url}/drift/{done.drift}/cancel", reason="gone"),
                partial(press, other, f"{site.url}/drift/{done.drift}/mailed"),
                partial(press, asker, f"{site.url}/drift/{done.drift}/address", **address),
            ]
        )
        statuses = [answer.status_code for answer in answers]
        assert sorted(statuses[:2]) == [303, 409]
        assert statuses[2] in (303, 409)
        assert_audit_is_clean()
    with db.auto_commit():
        db.session.execute(update(Drift).where(Drift.undo_until.is_not(None)).values(undo_until=now()))
    assert run_deadlines(now()).stuck == []
    assert_audit_is_clean()
