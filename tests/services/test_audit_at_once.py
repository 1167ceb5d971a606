"""The audit looks at one moment, however busy the site is, on both databases."""

import threading

from app.services import bean
from tests.services.exchange import ask, assert_audit_is_clean, copy_of, reader


def test_a_request_made_during_the_audit_is_no_fault(any_engine_app, monkeypatch):
    asker, copy = reader(), copy_of(reader(0))
    count_balances = bean.ledger_balances

    def count_while_somebody_asks():
        balances = count_balances()
        other = threading.Thread(target=_ask, args=(any_engine_app, asker, copy))
        other.start()
        other.join()
        return balances

    monkeypatch.setattr(bean, "ledger_balances", count_while_somebody_asks)
    assert (bean.audit_beans().faults, bean.audit_beans().in_escrow) == ([], 1)
    monkeypatch.undo()
    assert_audit_is_clean()


def _ask(app, asker, copy):
    from app.rules.refusals import AlreadyAsked

    with app.app_context():
        try:
            ask(asker, copy)
        except AlreadyAsked:
            return
