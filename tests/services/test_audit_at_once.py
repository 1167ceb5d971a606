"""The audit looks at one moment, however busy the site is, on both databases."""

import threading

import pytest

from app import create_app
from app.models.base import db
from app.services import bean
from config import Testing
from tests.services.exchange import ask, assert_audit_is_clean, copy_of, reader


@pytest.fixture
def app(any_database_uri, tmp_path):
    app = create_app(Testing(SQLALCHEMY_DATABASE_URI=any_database_uri, SEARCH_INDEX_PATH=str(tmp_path / "search.db")))
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


def test_a_request_made_during_the_audit_is_no_fault(app, monkeypatch):
    asker, copy = reader(), copy_of(reader(0))
    count_balances = bean.ledger_balances

    def count_while_somebody_asks():
        balances = count_balances()
        other = threading.Thread(target=_ask, args=(app, asker, copy))
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
