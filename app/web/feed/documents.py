"""Atom feeds (RFC 4287) and calendars (RFC 5545) as documents."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial

from flask import Response, current_app, render_template
from icalendar import Calendar, Event

from app.rules.text import as_typed
from app.site_links import site_host, site_link

ATOM, ICALENDAR = "application/atom+xml", "text/calendar"
OWNED_SINCE = "2026"
"""The date in the `tag:` URIs (RFC 4151) of this site's entries; it must never change."""


@dataclass(frozen=True)
class Entry:
    """An entry of a feed; `time` is in Unix seconds, `author` is empty for what the site says itself."""

    id: str
    title: str
    link: str
    time: int
    summary: str = ""
    author: str = ""


@dataclass(frozen=True)
class Due:
    """A day by which something is to be done; `since`, when that was set, is in Unix seconds."""

    id: str
    day: date
    title: str
    words: str
    link: str
    since: int


def tag(*name: object) -> str:
    """Return an id that is the same for ever, wherever the site moves within its host."""
    return f"tag:{site_host()},{OWNED_SINCE}:{':'.join(map(str, name))}"


def write_atom(id: str, title: str, link: str, entries: Sequence[Entry], own: str = "") -> Response:
    """Return a feed with the newest entries first; `link` is the page that it belongs to.

    `own`, its own address, is left out of a feed whose address is secret.
    """
    said = as_typed(f"{title} · {current_app.config['SITE_NAME']}")
    feed = {"id": id, "title": said, "link": link, "own": own}
    # XML allows no control characters.
    entries = [_cleaned(entry) for entry in entries]
    updated = max((entry.time for entry in entries), default=0)
    times = partial(datetime.fromtimestamp, tz=UTC)
    body = render_template(
        "feed/atom.xml", feed=feed, entries=entries, updated=updated, home=site_link("web.index"), times=times
    )
    return Response(body, mimetype=ATOM)


def _cleaned(entry: Entry) -> Entry:
    title, summary, author = map(as_typed, (entry.title, entry.summary, entry.author))
    return replace(entry, title=title, summary=summary, author=author)


def write_calendar(title: str, dues: Sequence[Due]) -> Response:
    """Return a calendar with an event for each day."""
    calendar = Calendar()
    calendar.add("prodid", "-//Fisher//Fisher//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    for due in dues:
        calendar.add_component(_event(due))
    return Response(calendar.to_ical(), mimetype=ICALENDAR)


def _event(due: Due) -> Event:
    event = Event()
    event.add("uid", due.id)
    event.add("dtstamp", datetime.fromtimestamp(due.since, UTC))
    event.add("dtstart", due.day)
    event.add("summary", as_typed(due.title))
    event.add("description", as_typed(due.words))
    event.add("url", due.link)
    event.add("transp", "TRANSPARENT")
    return event
