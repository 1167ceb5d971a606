"""A reader's own feeds, at secret addresses without a log-in, and turning them on and off."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, abort, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import login_required

from app.i18n import use_locale
from app.models.base import now
from app.models.user import User
from app.services.circle.access import get_shown
from app.services.circle.shelf import CircleCopy, list_circle_shelf
from app.services.errors import NotFound
from app.services.exchange.my_drifts import DriftRow, Turn, list_drifts
from app.services.feed.address import get_reader_of_feed, renew_feed, revoke_feed
from app.services.feed.copies import MOST
from app.services.notice.notices import NoticeRow, list_notices
from app.services.sight.visible import Sight
from app.site_links import site_link
from app.web.blueprint import web
from app.web.display.book_filters import names
from app.web.display.drift_words import by_way
from app.web.feed.documents import Due, Entry, tag, write_atom, write_calendar
from app.web.page.caching import no_store
from app.web.page.limits import feed_limit
from app.web.page.reader import reader

DUES: dict[tuple[str, ...], Any] = {
    ("waiting", "giver"): _l("Answer the request for “%(title)s”"),
    ("waiting", "asker"): _l("“%(title)s”: last day for the giver to answer"),
    ("accepted", "giver"): _l("Mail “%(title)s”"),
    ("accepted", "asker"): _l("“%(title)s”: last day for the giver to mail it"),
    ("accepted", "giver", "meet"): _l("“%(title)s”: last day to meet"),
    ("accepted", "asker", "meet"): _l("“%(title)s”: last day to meet"),
    ("accepted", "giver", "place"): _l("Leave “%(title)s” at its place"),
    ("accepted", "asker", "place"): _l("“%(title)s”: last day for the giver to leave it"),
    ("no_giver", "giver"): _l("“%(title)s”: say whether you came"),
    ("no_giver", "asker"): _l("“%(title)s”: last day for the other reader to answer"),
    ("no_asker", "asker"): _l("“%(title)s”: say whether you came"),
    ("no_asker", "giver"): _l("“%(title)s”: last day for the other reader to answer"),
    ("lent", "asker"): _l("Give “%(title)s” back"),
    ("lent", "giver"): _l("“%(title)s” is due back"),
    ("given_back", "giver"): _l("Say whether “%(title)s” is back"),
    ("given_back", "asker"): _l("“%(title)s” counts as returned"),
    ("mailed", "asker"): _l("Say whether “%(title)s” has arrived"),
    ("mailed", "giver"): _l("“%(title)s” counts as received"),
    ("mailed", "asker", "meet"): _l("“%(title)s”: say if you have not met"),
    ("mailed", "asker", "place"): _l("Say whether you have found “%(title)s”"),
}
"""What is to be done by the last day of a state, as a side reads it; a third word is the way that the text is for."""
_title = by_way(DUES)


def _secret(view: Callable[..., Response]) -> Any:
    """Call a view with the reader whose feed has the token in the URL, in their language; kept by nobody.

    The feed of a circle, which the URL names, has a token of its own.
    """

    @wraps(view)
    @feed_limit
    @no_store
    def feed(token: str, slug: str = "") -> Response:
        try:
            user = get_reader_of_feed(token, now(), slug)
        except NotFound:
            abort(404)
        with use_locale(user.locale):
            response = view(user, slug=slug) if slug else view(user)
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return feed


@web.get("/feed/mine/<token>.atom")
@_secret
def own_feed(user: User) -> Response:
    """List the reader's notices; they stay new on the site."""
    rows = list_notices(user.id, None, MOST, now()).rows
    return write_atom(tag("reader", user.id), gettext("Notices"), site_link("web.notices"), list(map(_entry, rows)))


def _entry(row: NoticeRow) -> Entry:
    return Entry(tag("notice", row.id), row.words, site_link(row.endpoint, **row.values), row.show_from)


@web.get("/feed/circle/<slug>/<token>.atom")
@_secret
def own_circle_feed(user: User, slug: str) -> Response:
    """List the newest copies on the shelf of a circle, for one of its members as long as they are one."""
    found, standing = get_shown(slug, user.id)
    if not standing.is_in:
        raise NotFound()
    shelf = list_circle_shelf(found.id, None, MOST, Sight(user.id, has_blocks=True, has_circles=True))
    home = site_link("web.circle", slug=slug)
    return write_atom(tag("circle", slug), found.name, home, list(map(_shelved, shelf.copies)))


def _shelved(copy: CircleCopy) -> Entry:
    link = site_link("web.book_detail", isbn=copy.book.number)
    return Entry(tag("copy", copy.gift_id), copy.book.title, link, copy.time, names(copy.book.authors), copy.giver)


@web.get("/feed/mine/<token>.ics")
@_secret
def own_calendar(user: User) -> Response:
    """List the last days of what is under way, in the reader's time zone."""
    zone, name = ZoneInfo(user.time_zone), str(current_app.config["SITE_NAME"])
    rows = list_drifts(user.id, 1, MOST, now()).rows
    return write_calendar(name, [_due(row, zone) for row in rows if row.turn is not Turn.ENDED and row.end])


def _due(row: DriftRow, zone: ZoneInfo) -> Due:
    drift, other = row.drift, row.other or gettext("a reader who has left")
    asked = gettext("You asked %(name)s.", name=other) if row.role == "asker" else None
    return Due(
        id=tag("exchange", drift.id),
        day=datetime.fromtimestamp(row.end, zone).date(),
        title=_title(drift.state, row.role, drift.way) % {"title": drift.title},
        words=asked or gettext("%(name)s asked you.", name=other),
        link=site_link("web.pending"),
        since=drift.state_time,
    )


@web.post("/personal/feed")
@login_required
def renew_own_feed() -> ResponseReturnValue:
    """Turn the reader's feeds on, or give them new addresses."""
    renew_feed(reader().id)
    flash(gettext("Your feeds have new addresses. Nobody can read them at old ones."), "success")
    return redirect(url_for("web.user_settings", _anchor="feeds"), 303)


@web.post("/personal/feed/off")
@login_required
def revoke_own_feed() -> ResponseReturnValue:
    """Turn the reader's feeds off."""
    revoke_feed(reader().id)
    flash(gettext("Your feeds are off. Nobody can read them at their addresses any more."), "success")
    return redirect(url_for("web.user_settings", _anchor="feeds"), 303)
