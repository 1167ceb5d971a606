"""Login sessions expire."""

import pytest
import time_machine

from app.models.base import db, now
from app.models.user import LoginSession, User
from app.services.account.login_session import find_reader, start_session
from tests.exchange import reader

pytestmark = pytest.mark.usefixtures("app_context")


def test_a_log_in_is_over_in_the_second_in_which_it_ends():
    with db.auto_commit():
        token = start_session(db.session.get_one(User, reader()), "test", is_remembered=False)
    end = db.session.query(LoginSession).one().expires_at
    assert end > now()
    for second, is_known in ((end, False), (end - 1, True)):
        with time_machine.travel(second, tick=False):
            assert (find_reader(token) is not None) == is_known
