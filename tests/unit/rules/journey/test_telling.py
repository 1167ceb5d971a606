"""What a journey tells, and whose line is shown at once."""

import pytest

from app.rules.clock import DAY
from app.rules.journey.telling import (
    BLANK_A_DAY,
    MOST_WAITING,
    LineState,
    TooManyBlankMarks,
    TooManyLinesWait,
    area_to_tell,
    ensure_may_print_blank,
    ensure_room_for_line,
    first_state,
    month_of,
)

NOW = 1_800_000_000


def test_a_journey_tells_months_and_cities_and_nothing_finer():
    assert month_of(NOW) == "2027-01"
    assert [area_to_tell(area) for area in ("CN/31/3101/310104", "CN/31", None, "")] == [
        "CN/31/3101",
        "CN/31",
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("words", "is_confirmed", "registered", "state"),
    [
        ("lovely", True, NOW - 4 * DAY, LineState.SHOWN),
        ("lovely", True, NOW - 2 * DAY, LineState.HELD),
        ("lovely", False, NOW - 4 * DAY, LineState.HELD),
        ("lovely", False, None, LineState.HELD),
        ("see www.shop.example", True, NOW - 4 * DAY, LineState.HELD),
    ],
)
def test_only_a_line_of_a_known_reader_that_leads_nowhere_is_shown_at_once(words, is_confirmed, registered, state):
    assert first_state(words, is_confirmed, registered, NOW) is state


def test_lines_and_blank_labels_have_limits():
    ensure_room_for_line(LineState.HELD, MOST_WAITING - 1)
    ensure_room_for_line(LineState.SHOWN, 1_000)
    with pytest.raises(TooManyLinesWait):
        ensure_room_for_line(LineState.HELD, MOST_WAITING)
    ensure_may_print_blank(0, BLANK_A_DAY)
    with pytest.raises(TooManyBlankMarks):
        ensure_may_print_blank(1, BLANK_A_DAY)
