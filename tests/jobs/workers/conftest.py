"""A site that sends mails, for tests of its workers."""

import pytest

from app.models.base import db
from tests.jobs.sending_site import site


@pytest.fixture
def settings(any_database_uri, tmp_path):
    return {
        "SQLALCHEMY_DATABASE_URI": any_database_uri,
        "SEARCH_INDEX_PATH": str(tmp_path / "search.db"),
        "MAIL_FOLDER": str(tmp_path / "mail"),
        "SEARCH_KEEPER": False,
        "JOB_LEASE": 3,
        "JOB_POLL": 1,
    }


@pytest.fixture
def app(settings):
    app = site(settings)
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
