"""Cancelling a promise: the asker is told why, and the copy is open again or off the list."""

from dataclasses import replace

import pytest

from app.models.base import db
from app.models.drift import Drift
from app.models.encrypted import unseal
from app.models.gift import Gift
from app.models.user import User
from app.rules.clock import DAY
from app.rules.correction.cancelling import Cancelling, CancelReason
from app.rules.exchange.drift import Way
from app.rules.exchange.refusals import AlreadyDone, NotYourMove, TooManyPromises
from app.services.correction.cancel import cancel_promise
from app.services.exchange import drift
from app.services.exchange.export import export_drifts
from app.services.exchange.my_drifts import list_drifts
from tests.exchange import (
    GONE,
    NOW,
    ask,
    assert_audit_is_clean,
    beans_of,
    copy_of,
    exchange,
    last_letter,
    letters,
    make_certain,
    reader,
)

pytestmark = pytest.mark.usefixtures("app_context")


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize(("is_withdrawn", "copy"), [(False, "open"), (True, "withdrawn")])
def test_the_bean_goes_back_and_the_copy_is_where_the_giver_wants_it(way, is_withdrawn, copy):
    done = exchange("accepted", way=way)
    letter = last_letter()
    cancel_promise(done.giver, done.drift, replace(GONE, is_copy_withdrawn=is_withdrawn), NOW)
    make_certain(done.drift)
    assert beans_of(done.asker) == 1
    assert (db.session.get_one(Drift, done.drift).state, db.session.get_one(Gift, done.gift).state) == (
        "cancelled",
        copy,
    )
    assert letters(letter) == [("drift_cancelled", done.asker)]
    assert_audit_is_clean()


def test_the_two_sides_see_the_reason_and_nobody_sees_the_words_in_the_database():
    done = exchange("cancelled")
    row = db.session.get_one(Drift, done.drift)
    assert row.cancel_reason == "gone"
    assert GONE.words not in row.cancel_words
    assert unseal(row.cancel_words) == GONE.words
    for side in (done.asker, done.giver):
        shown = list_drifts(side, 1, 10, NOW).rows[0]
        assert (shown.drift.cancel_reason, shown.cancel_words, shown.address) == ("gone", GONE.words, None)
        exported = export_drifts(db.session.get_one(User, side))[0]
        assert (exported["cancel_reason"], exported["cancel_words"]) == ("gone", GONE.words)


def test_a_reason_is_enough():
    done = exchange("accepted")
    cancel_promise(done.giver, done.drift, Cancelling(CancelReason.NO_TIME), NOW)
    assert db.session.get_one(Drift, done.drift).cancel_words is None


@pytest.mark.parametrize("state", ["waiting", "mailed", "received", "rejected", "cancelled"])
def test_only_what_is_promised_and_not_yet_handed_over_can_be_cancelled(state):
    done = exchange(state)
    with pytest.raises(AlreadyDone):
        cancel_promise(done.giver, done.drift, GONE, NOW)
    with pytest.raises(NotYourMove):
        cancel_promise(done.asker, done.drift, GONE, NOW)


def test_a_giver_does_not_collect_addresses_by_accepting_and_cancelling():
    done = exchange("cancelled")
    second = ask(reader(1), copy_of(done.giver))
    with pytest.raises(TooManyPromises):
        drift.accept_request(done.giver, second, NOW + 7 * DAY - 1)
    drift.accept_request(done.giver, second, NOW + 7 * DAY)


def test_a_cancelled_meeting_showed_no_address_and_does_not_count():
    done = exchange("cancelled", way=Way.MEET)
    second = ask(reader(1), copy_of(done.giver))
    drift.accept_request(done.giver, second, NOW)
