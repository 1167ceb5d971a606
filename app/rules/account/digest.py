"""When a summary is sent: at eight in the morning of the reader's time zone, each day or on the reader's day."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.rules.account.mail_topic import MailTopic, Pace

HOUR_OF_DIGESTS = 8


def next_digest(paces: Mapping[MailTopic, Pace], day: int, zone: str, now: int) -> int | None:
    """Return when the next summary is due, in Unix seconds after `now`; None if the reader wants none.

    :param day: the day of the week of weekly summaries; 0 is Monday.
    """
    if not {Pace.DAILY, Pace.WEEKLY}.intersection(paces.values()):
        return None
    local = datetime.fromtimestamp(now, ZoneInfo(zone))
    for ahead in range(9):
        date = local.date() + timedelta(days=ahead)
        due = int(datetime.combine(date, time(HOUR_OF_DIGESTS), ZoneInfo(zone)).timestamp())
        if due > now and (Pace.DAILY in paces.values() or date.weekday() == day):
            return due
    raise ValueError(day)


def topics_at(paces: Mapping[MailTopic, Pace], day: int, zone: str, due: int) -> set[MailTopic]:
    """Return the kinds that the summary which is due at a time tells of."""
    is_day = datetime.fromtimestamp(due, ZoneInfo(zone)).weekday() == day
    wanted = {Pace.DAILY, Pace.WEEKLY} if is_day else {Pace.DAILY}
    return {topic for topic, pace in paces.items() if pace in wanted}
