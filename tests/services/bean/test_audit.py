"""The audit finds every kind of fault, in one snapshot and in little memory, on both databases."""

import threading
import tracemalloc

import pytest
from sqlalchemy import delete, insert, text, update

from app.models.base import db
from app.models.bean import BeanTransfer
from app.models.drift import Drift
from app.models.user import User
from app.services.bean import audit
from app.services.bean.audit import MOST_NAMED, audit_beans
from tests.exchange import NOW, ask, assert_audit_is_clean, copy_of, exchange, reader

pytestmark = pytest.mark.usefixtures("any_engine_app")


def forged(source="mint", target="reader:99999", amount=1, drift_id=None, key="forged"):
    row = {"source": source, "target": target, "amount": amount, "reason": "x", "drift_id": drift_id, "key": key}
    return insert(BeanTransfer).values(row)


FORGERIES = {
    "a bean given without a transfer": (update(User).values(beans=User.beans + 1), "reader {asker} shows 1 beans, the"),
    "a bean that a closed account has": (update(User).values(beans=1, status=0), "reader {giver} shows 1 beans, the"),
    "a transfer to a reader who is not there": (forged(), "reader:99999 has no reader"),
    "a transfer from a reader who is not there": (forged("reader:99999", "mint"), "reader:99999 has no reader"),
    "transfers that cancel each other out": (
        [forged(), forged("reader:99999", "mint", key="other")], "reader:99999 has no reader",
    ),
    "a transfer to an account of no kind": (forged(target="bank"), "bank has no reader"),
    "a transfer to a number written oddly": (forged(target="reader:0{asker}"), "like a reader's has no reader"),
    "a transfer to a reader without a number": (forged(target="reader:x"), "like a reader's has no reader"),
    "a transfer without a bean": (forged(target="reader:{asker}"), "reader {asker} shows 0 beans, the ledger 1"),
    "a bean of no drift in escrow": (forged(target="escrow"), "escrow holds 2 beans, open drifts 1"),
    "a hold that is gone": (text("DELETE FROM bean_transfer WHERE reason = 'asked'"), "escrow holds 0 beans"),
    "another's hold": (update(Drift).values(beans=2), "drift {drift} did not put its 2 beans into escrow once"),
    "a drift ended by hand": (update(Drift).values(state="rejected"), "drift {drift} is rejected but released 0 beans"),
    "a release too early": (
        forged("escrow", "reader:{giver}", drift_id="{drift}"), "drift {drift} is waiting but released 1 beans",
    ),
    "a payment still awaited": (update(Drift).values(state="received", pay_from=None), "is received but released 0"),
}  # fmt: skip

FORGERIES_OF_THE_PAST = {
    "hold and release both gone": (delete(BeanTransfer).where(BeanTransfer.drift_id > 0), "did not put its 1 beans"),
    "another price": (update(Drift).values(beans=2), "drift {drift} did not put its 2 beans into escrow once"),
    "a release of more": (
        update(BeanTransfer).where(BeanTransfer.source == "escrow").values(amount=2), "released 2 beans, in 1",
    ),
    "a third hold": (
        [forged("reader:{asker}", "escrow", drift_id="{drift}", key=f"k{n}") for n in range(2)], "did not put its 1",
    ),
    "a release for nothing": (
        [update(BeanTransfer).values(amount=2), update(Drift).values(beans=2),
         update(BeanTransfer).where(BeanTransfer.source == "escrow").values(amount=1),
         forged("escrow", "reader:{asker}", drift_id="{drift}")], "released 2 beans, in 2 transfers",
    ),
}  # fmt: skip


def _about(statement, facts):
    """Insert the ids of the exchange into a forged row."""
    values = statement.compile().params if isinstance(statement, type(insert(User))) else {}
    filled = {name: value.format(**facts) for name, value in values.items() if isinstance(value, str)}
    return statement.values(filled) if filled else statement


@pytest.mark.parametrize("name", [*FORGERIES, *FORGERIES_OF_THE_PAST])
def test_the_audit_finds(name):
    done = exchange("waiting" if name in FORGERIES else "rejected")
    assert audit_beans().faults == []
    statements, complaint = (FORGERIES | FORGERIES_OF_THE_PAST)[name]
    facts = {"asker": done.asker, "giver": done.giver, "drift": done.drift}
    for statement in statements if isinstance(statements, list) else [statements]:
        db.session.execute(_about(statement, facts))
    db.session.commit()
    found = audit_beans()
    assert found.fault_count == len(found.faults) > 0
    assert any(complaint.format(**facts) in fault for fault in found.faults)


@pytest.mark.parametrize("state", ["waiting", "accepted", "mailed", "received", "missing", "rejected", "withdrawn"])
def test_the_audit_is_clean_in_every_state(state):
    exchange(state)
    found = audit_beans()
    assert (found.faults, found.fault_count, found.in_escrow) == ([], 0, state in ("waiting", "accepted", "mailed"))


def _fill(readers, beans):
    """Store readers with beans that are missing from the ledger, in one statement."""
    rows = [
        {"nickname": f"r{n}", "nickname_folded": f"r{n}", "email": f"r{n}", "email_folded": f"r{n}", "beans": beans}
        for n in range(readers)
    ]
    db.session.execute(insert(User), rows)
    db.session.commit()


def test_of_many_faults_of_a_kind_the_first_are_named_and_all_counted():
    _fill(MOST_NAMED + 5, beans=1)
    db.session.execute(forged())
    db.session.commit()
    found = audit_beans()
    assert found.fault_count == MOST_NAMED + 6
    assert len(found.faults) == MOST_NAMED + 2
    assert found.faults[-1] == "5 more wrong balances"
    assert found.in_circulation == MOST_NAMED + 5


def test_the_audit_takes_no_more_memory_for_more_readers_and_faults():
    peaks = []
    for more in (2_000, 20_000):
        _fill_more(more)
        audit_beans()  # fill the caches now
        tracemalloc.start()
        audit_beans()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0]


def _fill_more(readers):
    db.session.execute(text("DELETE FROM user" if db.engine.dialect.name == "sqlite" else "DELETE FROM `user`"))
    _fill(readers, beans=1)


def test_a_request_made_during_the_audit_is_no_fault(any_engine_app, monkeypatch):
    asker, copy = reader(), copy_of(reader(0))
    audit_readers = audit._audit_readers

    def audit_while_somebody_asks(faults):
        other = threading.Thread(target=_ask, args=(any_engine_app, asker, copy))
        other.start()
        other.join()
        audit_readers(faults)

    monkeypatch.setattr(audit, "_audit_readers", audit_while_somebody_asks)
    assert (audit_beans().faults, audit_beans().in_escrow) == ([], 1)
    monkeypatch.undo()
    assert_audit_is_clean()


def _ask(app, asker, copy):
    from app.rules.exchange.refusals import AlreadyAsked

    with app.app_context():
        try:
            ask(asker, copy, NOW)
        except AlreadyAsked:
            return
