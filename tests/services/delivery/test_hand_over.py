"""Handing a book over with the code that its asker shows."""

import threading

import pytest
from sqlalchemy import text, update

from app.models.base import db
from app.models.drift import Drift
from app.models.hand_over import HandOver
from app.rules.clock import DAY, HOUR
from app.rules.exchange.drift import Way
from app.rules.exchange.refusals import AlreadyDone, CodeRests, NotYourMove, WrongHandOverCode
from app.rules.refusal import Refusal
from app.services.delivery.hand_over import find_code
from app.services.errors import NotFound
from app.services.exchange import drift
from app.services.exchange.deadlines import run_deadlines
from app.services.site.field_keys import rotate_keys
from tests.exchange import NOW, assert_audit_is_clean, beans_of, escrow, events, exchange, make_certain, reader

LATER = NOW + 2 * DAY


@pytest.fixture
def done(app_context):
    return exchange("accepted", way=Way.MEET)


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_giver_who_enters_the_code_is_paid_and_the_code_is_gone(done):
    code = find_code(done.drift)
    assert (len(code), code.isdigit()) == (6, True)
    assert code not in str(db.session.execute(text("SELECT code FROM hand_over")).all())
    drift.hand_over(done.giver, done.drift, f" {code[:3]} {code[3:]}", LATER)
    assert (beans_of(done.giver), escrow()) == (0, 1)
    make_certain(done.drift, LATER)
    assert (beans_of(done.giver), escrow(), find_code(done.drift)) == (1, 0, None)
    assert events(done.drift)[-1] == ("hand_over", "giver")
    with pytest.raises(AlreadyDone):
        drift.hand_over(done.giver, done.drift, code, LATER)
    assert_audit_is_clean()


def test_a_book_handed_over_on_the_day_it_was_asked_for_is_paid_three_days_later(done):
    drift.hand_over(done.giver, done.drift, find_code(done.drift), NOW + DAY - 1)
    assert (beans_of(done.giver), escrow()) == (0, 1)
    run_deadlines(NOW + 4 * DAY)
    assert (beans_of(done.giver), escrow()) == (1, 0)


def test_six_wrong_codes_rest_an_hour_and_then_the_right_one_is_accepted(done):
    code = find_code(done.drift)
    left = []
    for _ in range(4):
        with pytest.raises(WrongHandOverCode) as refused:
            drift.hand_over(done.giver, done.drift, wrong(code), NOW)
        left.append(refused.value.tries_left)
    assert left == [4, 3, 2, 1]
    for time in (NOW, NOW, NOW + HOUR - 1):
        with pytest.raises(CodeRests) as rests:
            drift.hand_over(done.giver, done.drift, wrong(code) if time == NOW else code, time)
        assert rests.value.until == NOW + HOUR
    drift.hand_over(done.giver, done.drift, code, NOW + HOUR)
    assert db.session.get_one(Drift, done.drift).state == "received"


@pytest.mark.parametrize("typed", ["", "000", "abcdef", "１２３", "²³", "0" * 40])
def test_what_is_no_code_is_a_wrong_one(done, typed):
    with pytest.raises(WrongHandOverCode):
        drift.hand_over(done.giver, done.drift, typed, NOW)


def test_full_width_digits_are_read(done):
    code = "".join(chr(ord(digit) + 0xFEE0) for digit in find_code(done.drift))
    drift.hand_over(done.giver, done.drift, code, NOW)


def test_the_code_of_another_drift_is_refused(done):
    other = exchange("accepted", way=Way.MEET)
    with db.auto_commit():
        db.session.execute(update(HandOver).where(HandOver.drift_id == other.drift).values(code="111111"))
        db.session.execute(update(HandOver).where(HandOver.drift_id == done.drift).values(code="222222"))
    with pytest.raises(WrongHandOverCode):
        drift.hand_over(done.giver, done.drift, "111111", NOW)


@pytest.mark.parametrize("end", [drift.redraw_request, drift.confirm_received])
def test_a_code_is_good_for_nothing_after_the_end(done, end):
    code = find_code(done.drift)
    end(done.asker, done.drift, NOW)
    assert find_code(done.drift) is None
    with pytest.raises(AlreadyDone):
        drift.hand_over(done.giver, done.drift, code, NOW)


def test_nobody_but_the_giver_hands_over(done):
    code = find_code(done.drift)
    with pytest.raises(NotYourMove):
        drift.hand_over(done.asker, done.drift, code, NOW)
    with pytest.raises(NotFound):
        drift.hand_over(reader(), done.drift, code, NOW)
    posted = exchange("accepted")
    with pytest.raises(NotYourMove):
        drift.hand_over(posted.giver, posted.drift, code, NOW)


def test_codes_are_encrypted_again_with_a_new_key(done):
    code = find_code(done.drift)
    _, failed = rotate_keys()
    db.session.rollback()
    assert (failed, find_code(done.drift)) == (0, code)


def test_twenty_right_codes_at_once_pay_once(any_engine_app):
    done = exchange("accepted", way=Way.MEET)
    code = find_code(done.drift)
    db.session.rollback()
    outcomes, start = [], threading.Barrier(20)

    def enter():
        with any_engine_app.app_context():
            start.wait()
            try:
                drift.hand_over(done.giver, done.drift, code, LATER)
                outcomes.append("paid")
            except Refusal as refusal:
                outcomes.append(type(refusal).__name__)

    threads = [threading.Thread(target=enter) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["AlreadyDone"] * 19 + ["paid"]
    make_certain(done.drift, LATER)
    assert (beans_of(done.giver), escrow()) == (1, 0)
    assert_audit_is_clean()


def test_twenty_wrong_codes_at_once_are_all_counted(any_engine_app):
    done = exchange("accepted", way=Way.MEET)
    code = find_code(done.drift)
    db.session.rollback()
    outcomes, start = [], threading.Barrier(20)

    def enter():
        with any_engine_app.app_context():
            start.wait()
            try:
                drift.hand_over(done.giver, done.drift, wrong(code), NOW)
            except Refusal as refusal:
                outcomes.append(type(refusal).__name__)

    threads = [threading.Thread(target=enter) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["CodeRests"] * 16 + ["WrongHandOverCode"] * 4
