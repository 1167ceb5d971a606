"""A borrower and a lender, or a borrower and the next reader, who decide about the same book at the same time."""

import threading

import pytest
from sqlalchemy import select

from app.models.base import db
from app.models.drift import Drift
from app.models.gift import Gift
from app.models.user import User
from app.rules.refusal import Refusal
from app.services.exchange import drift
from app.services.exchange.deadlines import run_deadlines
from app.services.exchange.lending import call_home, confirm_returned, pass_on
from app.services.exchange.wish import wish_for_book
from tests.exchange import NOW, ask, assert_audit_is_clean, beans_of, escrow, exchange, reader


def lent():
    done, third = exchange("lent", lend_days=30), reader(1)
    with db.auto_commit():
        db.session.get_one(Gift, done.gift).goes_on = True
        db.session.get_one(User, done.asker).ways = "post"
    wish_for_book(third, db.session.get_one(Gift, done.gift).book_id, NOW)
    return done, third


def at_once(app, *actions):
    """Do all of it at the same time, and return how many were refused."""
    start, refused = threading.Barrier(len(actions)), []

    def act(action):
        with app.app_context():
            start.wait()
            try:
                action()
            except Refusal as refusal:
                refused.append(refusal)
            db.session.remove()

    db.session.rollback()
    threads = [threading.Thread(target=act, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(refused)


@pytest.mark.parametrize("by_lender", [call_home, confirm_returned])
def test_a_borrower_promises_the_book_while_its_lender_calls_it_home(any_engine_app, by_lender):
    done, third = lent()
    pass_on(done.asker, done.drift, NOW)
    onward = ask(third, db.session.scalars(select(Gift.id).where(Gift.loan_id == done.drift)).one())

    refused = at_once(
        any_engine_app,
        lambda: drift.accept_request(done.asker, onward, NOW),
        lambda: by_lender(done.giver, done.drift, NOW),
    )

    assert refused == 1
    state, loan = db.session.get_one(Drift, onward).state, db.session.get_one(Drift, done.drift).state
    assert state in ("accepted", "rejected")
    assert beans_of(third) == (state == "rejected")
    assert loan == ("returned" if by_lender is confirm_returned and state == "rejected" else "lent")
    assert_audit_is_clean()


def test_a_book_is_passed_on_once_however_often_that_is_pressed(any_engine_app):
    done, _ = lent()

    assert at_once(any_engine_app, *[lambda: pass_on(done.asker, done.drift, NOW)] * 3) == 2

    assert len(db.session.scalars(select(Gift).where(Gift.loan_id == done.drift)).all()) == 1


def test_a_loan_ends_once_when_the_clock_works_twice(any_engine_app):
    done, third = lent()
    pass_on(done.asker, done.drift, NOW)
    onward = ask(third, db.session.scalars(select(Gift.id).where(Gift.loan_id == done.drift)).one())
    drift.accept_request(done.asker, onward, NOW)
    drift.confirm_mailed(done.asker, onward, "", NOW)
    drift.confirm_received(third, onward, NOW)

    at_once(any_engine_app, *[lambda: run_deadlines(NOW + 600)] * 3)

    states = db.session.scalars(select(Drift.state).order_by(Drift.id)).all()
    assert states == ["returned", "passed_on", "lent"]
    assert (beans_of(done.asker), beans_of(third), escrow()) == (1, 0, 1)
    assert_audit_is_clean()
