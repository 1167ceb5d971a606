"""Closing an account and registering again with the same mailbox earns no second first bean."""

import pytest
from sqlalchemy import select, text

from app.models.base import db, now
from app.models.mailbox import ClosedMailbox
from app.models.user import User
from app.rules.clock import DAY
from app.services.account.administration import create_reader
from app.services.account.closing import erase_account
from app.services.account.link_token import Purpose, make_link_token
from app.services.account.profile import confirm_new_email, request_new_email
from app.services.exchange.deadlines import run_deadlines
from tests.exchange import assert_audit_is_clean, beans_of
from tests.factories import PASSWORD

pytestmark = pytest.mark.usefixtures("app_context")


def register(nickname, email):
    return create_reader(nickname, email, PASSWORD, "en", is_confirmed=True)


def close(reader_id):
    erase_account(db.session.get_one(User, reader_id))


def test_a_mailbox_gets_its_first_bean_again_only_half_a_year_after_its_account_was_closed():
    for turn, beans in enumerate((1, 0, 0)):
        who = register(f"reader {turn}", ["Li@example.org", "li+books@example.org"][turn % 2])
        assert beans_of(who) == beans
        close(who)
    assert beans_of(register("somebody else", "wang@example.org")) == 1
    run_deadlines(now() + 180 * DAY)
    assert db.session.scalars(select(ClosedMailbox)).all() == []
    assert beans_of(register("reader 9", "li@example.org")) == 1
    assert_audit_is_clean()


def test_nothing_that_is_kept_shows_the_mailbox():
    close(register("reader", "li@example.org"))
    rows = db.session.execute(text("SELECT * FROM closed_mailbox")).all()
    assert len(rows) == 1
    assert "example" not in repr(rows)


def test_a_mailbox_that_an_account_has_left_brings_no_second_first_bean_either():
    user = db.session.get_one(User, register("reader", "li@example.org"))
    request_new_email(user, PASSWORD, "wang@example.org", "")
    confirm_new_email(make_link_token(Purpose.NEW_EMAIL, user))
    assert beans_of(register("second", "li@example.org")) == 0
    assert beans_of(register("third", "zhao@example.org")) == 1
