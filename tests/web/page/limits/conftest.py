import pytest

from app.extensions import limiter
from app.models.base import db
from tests.factories import UserFactory
from tests.web.page.limits.visitors import EMAIL


@pytest.fixture
def settings(settings):
    return settings | {"RATELIMIT_ENABLED": True}


@pytest.fixture(autouse=True)
def nothing_counted(app):
    # All applications share the limiter: it stays in its in-memory fallback for a while after a test whose Redis died.
    limiter._storage_dead = False
    with app.app_context():
        limiter.reset()
        UserFactory(email=EMAIL)
        db.session.remove()
