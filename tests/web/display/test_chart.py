"""Charts keep within their edges and begin at zero."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.display.chart import BOTTOM, LEFT, RIGHT, TOP, bar_length, line_chart, round_top

VALUES = st.lists(st.none() | st.floats(0, 1e6), min_size=1, max_size=9)


@given(VALUES)
def test_every_point_is_within_the_chart_and_unknown_values_break_the_line(values):
    chart = line_chart(range(0, 86_400 * len(values), 86_400), [("beans", values)])
    points = [tuple(map(float, point.split(","))) for part in chart.lines[0].parts for point in part.split()]
    assert all(LEFT <= across <= RIGHT + 2 and TOP <= down <= BOTTOM for across, down in points)
    runs = "".join("x" if value is None else "." for value in values).split("x")
    assert len(chart.lines[0].parts) == len(list(filter(None, runs)))


@given(st.floats(0, 1e9))
def test_the_top_is_a_round_number_not_far_above(highest):
    assert highest <= round_top(highest) <= max(0.01, 2.5 * highest)


@pytest.mark.parametrize(("value", "highest", "length"), [(0, 9, 0), (9, 9, 100), (1, 1_000, 1), (-3, 9, 0), (0, 0, 0)])
def test_a_bar_is_as_long_as_its_value(value, highest, length):
    assert bar_length(value, highest) == length
