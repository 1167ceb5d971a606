"""Medians, shares and velocities of counted values."""

import statistics
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.economy.figures import median, month_name, month_starts, top_tenth_share, velocity

COUNTED = st.dictionaries(st.integers(0, 50), st.integers(1, 9), min_size=1)


@given(COUNTED)
def test_the_median_is_that_of_the_values_themselves(counted):
    assert median(counted) == statistics.median(value for value in counted for _ in range(counted[value]))


@given(COUNTED)
def test_the_richest_tenth_holds_what_its_readers_hold(balances):
    beans = sorted((value for value in balances for _ in range(balances[value])), reverse=True)
    rich = beans[: -(-len(beans) // 10)]
    assert top_tenth_share(balances) == (sum(rich) / sum(beans) if sum(beans) else None)


def test_nothing_counted_has_neither_median_nor_share_nor_velocity():
    assert (median({}), top_tenth_share({}), velocity(0, 0, 90)) == (None, None, None)


@pytest.mark.parametrize(("paid", "beans", "days", "speed"), [(30, 10, 90, 1.0), (10, 10, 30, 1.0), (0, 5, 7, 0.0)])
def test_velocity_is_for_thirty_days(paid, beans, days, speed):
    assert velocity(paid, beans, days) == pytest.approx(speed)


def test_months_end_with_the_present_one():
    starts = month_starts(int(datetime(2026, 2, 28, 23, tzinfo=UTC).timestamp()), 3)
    assert list(map(month_name, starts)) == ["2025-12", "2026-01", "2026-02"]
