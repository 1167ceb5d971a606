"""The ledger: append-only, unique per event, and audited."""

import pytest
from sqlalchemy import select, text, update

from app.models.base import db
from app.models.bean import BeanTransfer
from app.models.user import User
from app.rules.refusals import NotEnoughBeans
from app.services import bean, drift
from tests.services.exchange import NOW, ask, beans_of, copy_of, exchange, reader

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


def test_the_first_book_that_arrives_earns_its_giver_one_bean_more():
    giver = reader(0)
    for expected in (2, 3):
        asker, copy = reader(), copy_of(giver)
        drift_id = ask(asker, copy)
        drift.accept_request(giver, drift_id, NOW)
        drift.confirm_mailed(giver, drift_id, "", NOW)
        drift.confirm_received(asker, drift_id, NOW)
        assert beans_of(giver) == expected


def test_a_late_receipt_needs_a_bean_and_changes_nothing_without_one():
    done = exchange("missing")
    spent_on = ask(done.asker, copy_of(reader(0)))
    with pytest.raises(NotEnoughBeans):
        drift.confirm_received(done.asker, done.drift, NOW)
    drift.redraw_request(done.asker, spent_on, NOW)
    drift.confirm_received(done.asker, done.drift, NOW)
    assert (beans_of(done.asker), beans_of(done.giver)) == (0, 2)


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


FORGERIES = {
    "a bean given without a transfer": (update(User).values(beans=User.beans + 1), "shows"),
    "a transfer without a bean": (
        text(
            "INSERT INTO bean_transfer (source, target, amount, reason, key, create_time, status) "
            "VALUES ('mint', 'reader:99999', 1, 'x', 'x', 0, 1)"
        ),
        "has no reader",
    ),
    "a hold that is gone": (text("DELETE FROM bean_transfer WHERE reason = 'asked'"), "escrow"),
    "a drift ended by hand": (text("UPDATE drift SET state = 'rejected'"), "released"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_the_audit_finds(name):
    exchange("waiting")
    assert bean.audit_beans().faults == []
    statement, complaint = FORGERIES[name]
    db.session.execute(statement)
    db.session.commit()
    assert any(complaint in fault for fault in bean.audit_beans().faults)


def test_a_negative_balance_is_refused_by_the_database():
    from sqlalchemy.exc import IntegrityError

    reader(0)
    with pytest.raises(IntegrityError):
        db.session.execute(update(User).values(beans=-1))
