from app.rules import clock


def test_the_units_are_seconds():
    assert (clock.MINUTE, clock.HOUR, clock.DAY, clock.YEAR) == (60, 3_600, 86_400, 31_536_000)


def test_a_time_is_written_in_utc_and_none_is_none():
    assert clock.iso_time(1_700_000_000) == "2023-11-14T22:13:20+00:00"
    assert clock.iso_time(0) == "1970-01-01T00:00:00+00:00"
    assert clock.iso_time(None) is None
