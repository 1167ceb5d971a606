"""The second bean of a newcomer: the first copy is asked for by somebody who is known."""

import pytest
from sqlalchemy import func, select

from app.models.base import db
from app.models.bean import BeanTransfer
from app.rules.clock import DAY
from app.services.bean.transfers import reward_confirmation
from app.services.exchange import drift
from tests.exchange import NOW, ask, assert_audit_is_clean, beans_of, copy_of, exchange, reader

pytestmark = pytest.mark.usefixtures("any_engine_app")
LATER = NOW + 7 * DAY


def newcomer():
    """A reader with the bean for confirming."""
    who = reader(0)
    with db.auto_commit():
        reward_confirmation(who, NOW)
    return who


def rewarded(reader_id):
    return db.session.scalar(select(func.count()).where(BeanTransfer.key == f"first-request:{reader_id}"))


def test_who_has_been_here_for_a_week_brings_it_to_one_giver():
    asker, first, second = reader(5), newcomer(), newcomer()
    request = ask(asker, copy_of(first, now=LATER), LATER)
    assert (beans_of(first), rewarded(first)) == (2, 1)
    drift.redraw_request(asker, request, LATER)
    assert beans_of(first) == 2  # it may be spent by now, and an asker must not be able to take it away
    ask(asker, copy_of(second, now=LATER), LATER)
    assert (beans_of(second), rewarded(second)) == (1, 0)
    assert_audit_is_clean()


def test_who_came_lately_brings_none():
    giver = newcomer()
    ask(reader(1), copy_of(giver), LATER - 1)
    assert rewarded(giver) == 0


def test_who_has_finished_an_exchange_brings_it_to_every_giver_at_once_but_only_once():
    asker, givers = exchange("received").asker, [newcomer(), newcomer()]
    with db.auto_commit():
        reward_confirmation(asker, NOW)
    for giver in givers:
        for _ in range(2):
            drift.redraw_request(asker, ask(asker, copy_of(giver), NOW), NOW)
    assert [(rewarded(giver), beans_of(giver)) for giver in givers] == [(1, 2), (1, 2)]


def test_two_who_have_dealt_with_each_other_bring_each_other_none():
    one, two = newcomer(), newcomer()
    ask(one, copy_of(two), NOW)
    ask(two, copy_of(one, now=LATER), LATER)
    assert (rewarded(one), rewarded(two)) == (0, 0)


def test_who_got_no_bean_for_confirming_gets_none_for_being_asked():
    """Somebody has closed an account with the same mailbox and registered anew."""
    giver = reader(0)
    ask(exchange("received").giver, copy_of(giver), NOW)
    assert rewarded(giver) == 0
