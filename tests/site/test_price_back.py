"""Exchanges for which no bean was needed, before migration 0131 and after it."""

import pytest
from flask_migrate import downgrade, upgrade

from app.models.base import db
from app.models.drift import Drift
from tests.exchange import assert_audit_is_clean
from tests.services.circle.test_price import free_exchange, give


@pytest.fixture
def settings(any_database_uri, tmp_path):
    return {"SQLALCHEMY_DATABASE_URI": any_database_uri, "SEARCH_INDEX_PATH": str(tmp_path / "search.db")}


def test_a_step_back_pays_for_them_from_the_mint(app_context):
    db.drop_all()
    upgrade()
    free_exchange()
    give(*free_exchange())
    assert_audit_is_clean()
    db.session.remove()
    downgrade(revision="0130", x_arg="yes-lose-data")
    upgrade()
    assert {row.beans for row in db.session.query(Drift)} == {1}
    assert_audit_is_clean()
