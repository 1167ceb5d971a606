"""Breaker and limiter on a clock that the test moves."""

import pytest

from app.catalogues.throttling import Breaker, Limiter


class Clock:
    time = 1000.0

    def __call__(self):
        return self.time


@pytest.fixture
def clock():
    return Clock()


def test_the_breaker_opens_after_three_failures_in_a_row_and_closes_after_a_good_trial(clock):
    breaker = Breaker(patience=3, rest=60, clock=clock)
    breaker.failed()
    breaker.failed()
    breaker.succeeded()
    for _ in range(3):
        assert breaker.may_pass()
        breaker.failed()
    assert not breaker.may_pass()
    assert breaker.seconds_to_rest() == 60

    clock.time += 60
    assert breaker.may_pass()
    assert not breaker.may_pass(), "one trial at a time"
    breaker.succeeded()
    assert breaker.may_pass()
    assert breaker.may_pass()


def test_a_failed_trial_opens_the_breaker_again(clock):
    breaker = Breaker(patience=1, rest=60, clock=clock)
    breaker.failed()
    clock.time += 61
    assert breaker.may_pass()
    breaker.failed()
    assert not breaker.may_pass()


def test_a_trial_that_never_ends_does_not_lock_the_breaker_for_ever(clock):
    breaker = Breaker(patience=1, rest=60, clock=clock)
    breaker.failed()
    clock.time += 61
    assert breaker.may_pass()
    clock.time += 61
    assert breaker.may_pass()


def test_a_limit_opens_the_breaker_at_once_for_as_long_as_it_says(clock):
    breaker = Breaker(patience=3, rest=60, clock=clock)
    breaker.failed(300, at_once=True)
    clock.time += 299
    assert not breaker.may_pass()
    clock.time += 2
    assert breaker.may_pass()


def test_a_limit_without_a_time_rests_a_minute(clock):
    breaker = Breaker(patience=3, rest=60, clock=clock)
    breaker.failed(None, at_once=True)
    assert breaker.seconds_to_rest() == 60


def test_the_limiter_spaces_calls_and_takes_nothing_from_those_who_can_not_wait(clock):
    limiter = Limiter(2, clock=clock)
    assert limiter.reserve(1) == 0
    assert limiter.reserve(1) == 0.5
    assert limiter.reserve(0.9) is None
    assert limiter.reserve(1) == 1
    clock.time += 10
    assert limiter.reserve(1) == 0


def test_the_limiter_allows_a_burst_when_told_so(clock):
    limiter = Limiter(1, burst=3, clock=clock)
    assert [limiter.reserve(9) for _ in range(5)] == [0, 0, 0, 1, 2]
