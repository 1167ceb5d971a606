"""The ledger: append-only, unique per event, and audited."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from app.models.base import db
from app.models.bean import BeanTransfer
from app.models.user import User
from app.rules.exchange.refusals import NotEnoughBeans
from app.services.bean import transfers as bean
from app.services.exchange import drift
from tests.exchange import NOW, ask, beans_of, copy_of, exchange, reader

pytestmark = pytest.mark.usefixtures("app_context")


def test_a_grant_with_the_same_key_is_given_once():
    who = reader(0)
    assert bean.grant_beans(who, 3, "spring", NOW)
    assert not bean.grant_beans(who, 3, "spring", NOW)
    assert beans_of(who) == 3


def test_confirming_is_rewarded_once():
    who = reader(0)
    for _ in range(2):
        with db.auto_commit():
            bean.reward_confirmation(who, NOW)
    assert beans_of(who) == 1


def test_a_late_receipt_needs_a_bean_and_changes_nothing_without_one():
    done = exchange("missing")
    spent_on = ask(done.asker, copy_of(reader(0)))
    with pytest.raises(NotEnoughBeans):
        drift.confirm_received(done.asker, done.drift, NOW)
    drift.redraw_request(done.asker, spent_on, NOW)
    drift.confirm_received(done.asker, done.drift, NOW)
    assert (beans_of(done.asker), beans_of(done.giver)) == (0, 1)


def test_a_transfer_can_be_neither_changed_nor_removed():
    reader(1)
    row = db.session.scalars(select(BeanTransfer)).one()
    row.amount = 5
    with pytest.raises(TypeError, match="history"):
        db.session.flush()
    db.session.rollback()
    db.session.delete(db.session.scalars(select(BeanTransfer)).one())
    with pytest.raises(TypeError, match="history"):
        db.session.flush()


def test_a_negative_balance_is_refused_by_the_database():
    reader(0)
    with pytest.raises(DBAPIError, match="ck_user_beans_not_negative"):
        db.session.execute(update(User).values(beans=-1))
