"""The pool: what sleeps comes back in full, whatever the pool holds; who ran dry gets a bean a month."""

import threading

import pytest
from sqlalchemy import func, select

from app.models.base import db
from app.models.bean import BeanPool, BeanTransfer
from app.models.drift import Drift
from app.models.notice import Notice
from app.models.user import User
from app.rules.bean.pool import insuring, month_of
from app.rules.bean.transfer import MINT, Reason, Transfer, reader_account
from app.rules.clock import DAY
from app.services.account.closing import erase_account
from app.services.account.pool import PoolRun, run_pool, wake
from app.services.bean.pool import insure
from app.services.bean.transfers import grant_beans, move_beans, pay_from_pool
from app.services.exchange import drift
from tests.exchange import (
    NOW,
    ask,
    assert_audit_is_clean,
    beans_of,
    copy_of,
    exchange,
    ledger_balances,
    reader,
    receive,
)
from tests.killed import is_killed_at

pytestmark = pytest.mark.usefixtures("any_engine_app")
SILENT = NOW + 180 * DAY


def come_back(reader_id, now):
    with db.auto_commit():
        db.session.get_one(User, reader_id).last_seen = now
        db.session.flush()
        wake(reader_id, now)


def asleep(reader_id):
    db.session.rollback()
    return db.session.execute(select(User.asleep_beans, User.asleep_since).where(User.id == reader_id)).one()


def in_pool():
    db.session.rollback()
    return db.session.scalar(select(func.sum(BeanPool.beans))) or 0


def told(reader_id):
    return list(db.session.scalars(select(Notice.kind).where(Notice.user_id == reader_id).order_by(Notice.id)))


def give_away(beans, now):
    """Let the pool give beans away."""
    done = exchange("received", now)
    with db.auto_commit():
        pay_from_pool(insuring(done.drift, beans, f"reader:{done.asker}"), now)


def test_beans_sleep_after_180_days_of_silence_and_come_back_in_full():
    who = reader(3)
    assert run_pool(SILENT - 1).asleep == 0
    assert (run_pool(SILENT).asleep, run_pool(SILENT + 1).asleep) == (1, 0)
    assert (beans_of(who), asleep(who), in_pool()) == (0, (3, SILENT), 3)
    assert_audit_is_clean()
    for _ in range(2):
        come_back(who, SILENT + 9)
    assert (beans_of(who), asleep(who), in_pool()) == (3, (0, None), 0)
    assert told(who) == ["beans_asleep", "beans_back"]
    assert_audit_is_clean()


def test_they_sleep_again_after_another_180_days_in_a_second_episode():
    who = reader(3)
    for start in (SILENT, SILENT + 200 * DAY):
        assert run_pool(start).asleep == 1
        come_back(who, start + DAY)
    assert beans_of(who) == 3
    assert_audit_is_clean()


@pytest.mark.parametrize("left", [0, 2])
def test_the_mint_covers_what_the_pool_gave_away_meanwhile(left):
    who = reader(3)
    run_pool(SILENT)
    give_away(3 - left, SILENT)
    minted = -ledger_balances()["mint"]
    come_back(who, SILENT + 9)
    assert (beans_of(who), in_pool()) == (3, 0)
    assert -ledger_balances()["mint"] == minted + 3 - left
    assert_audit_is_clean()


@pytest.mark.parametrize("state", ["waiting", "mailed"])
def test_nothing_sleeps_while_an_exchange_is_under_way(state):
    done = exchange(state)
    for who in (done.asker, done.giver):
        grant_beans(who, 1, f"more-{who}", NOW)
    assert run_pool(SILENT).asleep == 0


def test_what_a_sleeper_gets_meanwhile_stays_theirs():
    done = exchange("received")
    run_pool(SILENT)
    assert (beans_of(done.giver), asleep(done.giver).asleep_beans) == (0, 1)
    grant_beans(done.giver, 2, "meanwhile", SILENT)
    assert run_pool(SILENT + DAY).asleep == 0
    come_back(done.giver, SILENT + DAY)
    assert beans_of(done.giver) == 3
    assert_audit_is_clean()


def test_a_closed_sleeper_leaves_all_beans_to_the_mint():
    who = reader(3)
    run_pool(SILENT)
    give_away(3, SILENT)
    erase_account(db.session.get_one(User, who))
    db.session.rollback()
    left = db.session.execute(
        select(User.beans, User.asleep_beans, User.asleep_since).where(User.id == who),
        execution_options={"include_deleted": True},
    ).one()
    assert left == (0, 0, None)
    assert_audit_is_clean()


def hand_over(giver, asker, now):
    request = ask(asker, copy_of(giver, now=now), now)
    drift.accept_request(giver, request, now)
    drift.confirm_mailed(giver, request, "", now)
    receive(asker, request, now)


def dry_giver(now=NOW):
    """Return a reader who gave a book to somebody who has dealt with a third reader too, and has spent all beans."""
    giver, receiver, third = (reader(beans, last_seen=now) for beans in (0, 1, 1))
    hand_over(giver, receiver, now)
    hand_over(receiver, third, now)
    spend_all(giver, now)
    return giver


def spend_all(who, now):
    while beans_of(who):
        hand_over(reader(0, last_seen=now), who, now)


def test_who_gave_and_has_none_gets_a_bean_a_month_as_long_as_the_pool_has_some():
    sleeper = reader(2, last_seen=NOW - 170 * DAY)
    giver = dry_giver()
    assert run_pool(NOW).helped == 0  # the pool is empty
    later = NOW + 12 * DAY
    assert (run_pool(later), asleep(sleeper).asleep_beans) == (PoolRun(asleep=1, helped=1), 2)
    assert (beans_of(giver), in_pool()) == (1, 1)
    assert told(giver)[-1] == "bean_from_pool"
    assert run_pool(later + 1).helped == 0
    assert_audit_is_clean()
    come_back(sleeper, later + DAY)
    assert (beans_of(sleeper), in_pool()) == (2, 0)
    assert_audit_is_clean()


def test_the_pool_pays_once_a_month_and_for_90_days():
    reader(9, last_seen=NOW - 200 * DAY)
    giver = dry_giver()
    paid = []
    for day in range(0, 120, 5):
        if run_pool(NOW + day * DAY).helped:
            paid.append(month_of(NOW + day * DAY))
            with db.auto_commit():  # the ratio would not let them ask for so many books
                move_beans(Transfer(reader_account(giver), MINT, 1, Reason.GRANTED, f"spent on day {day}"), NOW)
    assert paid == ["2027-01", "2027-02", "2027-03", "2027-04"]
    assert_audit_is_clean()


def test_two_runs_at_once_pay_and_put_to_sleep_once(any_engine_app):
    sleepers = [reader(2, last_seen=NOW - 200 * DAY) for _ in range(3)]
    giver = dry_giver()
    db.session.rollback()

    def run():
        with any_engine_app.app_context():
            run_pool(NOW)

    runs = [threading.Thread(target=run) for _ in range(4)]
    for one in runs:
        one.start()
    for one in runs:
        one.join()
    assert [asleep(who).asleep_beans for who in sleepers] == [2, 2, 2]
    assert (beans_of(giver), in_pool()) == (1, 5)
    assert_audit_is_clean()


def test_a_run_that_is_killed_at_any_statement_leaves_nothing_half_done(monkeypatch):
    monkeypatch.setattr("app.services.account.pool.BATCH", 1)
    sleepers = [reader(2, last_seen=NOW - 200 * DAY) for _ in range(2)]
    giver = dry_giver()
    db.session.rollback()
    statement = 0
    while is_killed_at(statement, lambda: run_pool(NOW)):
        assert_audit_is_clean()
        states = [(beans_of(who), asleep(who).asleep_beans) for who in sleepers]
        assert set(states) <= {(2, 0), (0, 2)}
        assert [told(who) for who in sleepers] == [["beans_asleep"] if state[1] else [] for state in states]
        statement += 1
    assert statement > 10
    assert (beans_of(giver), in_pool()) == (1, 3)
    assert_audit_is_clean()


def test_the_desk_gives_an_asker_the_bean_back_once():
    done = exchange("received")
    row = db.session.get_one(Drift, done.drift)
    with db.auto_commit():
        assert (insure(row, NOW), insure(row, NOW)) == (True, False)
    assert (beans_of(done.asker), beans_of(done.giver)) == (1, 1)
    covered = select(func.sum(BeanTransfer.amount)).where(BeanTransfer.reason == "covered")
    assert db.session.scalar(covered) == 1
    assert_audit_is_clean()
