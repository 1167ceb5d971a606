"""A reader's own place: what they read, give and wait for, and the ledger of their beans."""

from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from app.models.base import now
from app.rules.account.role import Role
from app.rules.door.door import Door
from app.services.bean.ledger import list_ledger
from app.services.door.arrival import current_door
from app.services.exchange.my_drifts import Turn, list_drifts
from app.services.exchange.my_lists import MyWish, list_my_wishes
from app.services.journey.year import count_year
from app.services.shelf.my_shelf import list_shelf, list_to_pass_on
from app.services.trust.thanks import list_received
from app.web.blueprint import web
from app.web.display.times import day_of
from app.web.page.audience import new_audience_form
from app.web.page.caching import no_store
from app.web.page.paging import last_page, page_number, page_size
from app.web.page.reader import may_act, reader, sight

MOST_ROWS = 5
"""How many exchanges, and books to pass on, are shown."""
MOST_COVERS = 8
"""How many books of the shelf, and wishes, are shown."""
MOST_WISHES_SEEN = 100
"""Among how many of the newest wishes those are looked for of which a copy is to be had."""
MOST_LINES = 3


@web.get("/personal")
@login_required
@no_store
def personal() -> ResponseReturnValue:
    """Show the reader's life with books; the ledger had its pages here once."""
    if "page" in request.args:
        return redirect(url_for("web.ledger", page=page_number()), 301)
    return render_template("user/personal.html", reader=reader(), now=now(), **_reading_life(), **_what_else())


def _reading_life() -> dict[str, Any]:
    me, year = reader(), day_of(now()).year
    drifts = list_drifts(me.id, 1, MOST_ROWS, now())
    to_pass_on = list_to_pass_on(me.id, MOST_ROWS)
    wishes = list_my_wishes(me.id, 1, MOST_WISHES_SEEN, me.area, sight())
    return {
        "under_way": [row for row in drifts.rows if row.turn is not Turn.ENDED],
        "open": drifts.open,
        "turns": Turn,
        "to_pass_on": to_pass_on,
        "audience": new_audience_form() if to_pass_on else None,
        "shelf": list_shelf(me.id, None, "", 1, MOST_COVERS, sight()),
        "wishes": sorted(wishes.rows, key=_how_near)[:MOST_COVERS],
        "wish_count": wishes.total,
        "year": year,
        "of_year": count_year(me, year),
        "lines": list_received(me.id, sight(), MOST_LINES),
    }


def _how_near(wish: MyWish) -> int:
    """Return the place of a wish: those for which a copy is kept come first, then those that others give."""
    return 0 if wish.gift_id else 1 if wish.others else 2


def _what_else() -> dict[str, Any]:
    return {
        "may_moderate": may_act(Role.MODERATOR),
        "may_invite": current_door() is Door.INVITE and current_app.config["INVITATIONS"] > 0,
    }


@web.get("/personal/ledger")
@login_required
@no_store
def ledger() -> ResponseReturnValue:
    """Show each movement of the reader's beans."""
    moved = list_ledger(reader().id, page_number(), page_size())
    if moved.page > moved.pages:
        return last_page(moved.pages)
    return render_template("user/ledger.html", ledger=moved, reader=reader())
