"""Getting into a circle, by its door or by a link, and leaving it."""

import re
from typing import NamedTuple

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from app.forms.circle import KnockForm
from app.models.base import now
from app.rules.circle.joining import Entry
from app.rules.refusal import Refusal
from app.services.circle.invitation import get_invited
from app.services.circle.joining import join_by_invitation, knock, leave
from app.web.blueprint import web
from app.web.circle.circle import show_outside
from app.web.page.circle import circle_at
from app.web.page.limits import listing_limit
from app.web.page.reader import reader, reader_id

_LINK = re.compile(r"/join/([A-Za-z0-9_-]{1,100})")


class Joined(NamedTuple):
    """The circle of a reader who came by a link, and whether they are in."""

    name: str
    path: str
    entry: Entry


@web.post("/circle/<slug>/join")
@login_required
@listing_limit
def join_circle(slug: str) -> ResponseReturnValue:
    """Join a circle, or ask to be let in."""
    found, standing = circle_at(slug)
    form = KnockForm()
    if not form.validate_on_submit():
        return show_outside(found, standing, form, 400)
    tell_entry(found.name, knock(reader().id, found.id, form.words.data, now()))
    return redirect(url_for("web.circle", slug=slug), 303)


def tell_entry(name: str, entry: Entry) -> None:
    """Say whether the reader is in, or has to wait."""
    if entry is Entry.IN:
        flash(gettext("Welcome! You are in “%(name)s” now.", name=name), "success")
    else:
        flash(gettext("You have asked to be let into “%(name)s”. Somebody who looks after it decides.", name=name))


@web.post("/circle/<slug>/leave")
@login_required
def leave_circle(slug: str) -> ResponseReturnValue:
    """Leave a circle, or take back that one asks to be let in."""
    found, standing = circle_at(slug)
    name, was_in = found.name, standing.is_in
    leave(reader().id, found.id, now())
    if was_in:
        flash(gettext("You have left “%(name)s”.", name=name), "success")
    else:
        flash(gettext("You don’t ask to be let into “%(name)s” any more.", name=name), "success")
    return redirect(url_for("web.circles"), 303)


@web.get("/join/<token>")
def join(token: str) -> ResponseReturnValue:
    """Show to which circle a link invites: to a reader with a button, to a stranger with the way into the site."""
    found, is_in = get_invited(token, reader_id(), now())
    if is_in:
        return redirect(url_for("web.circle", slug=found.slug))
    return render_template("circle/join.html", circle=found, token=token)


def join_if_invited(new_id: int, target: str) -> Joined | None:
    """Let a reader who has just confirmed the address into the circle by whose link they came, if they did.

    None, too, where the link does not work any more: the page behind it says so.
    """
    invited = _LINK.fullmatch(target)
    if invited is None:
        return None
    try:
        found, entry = join_by_invitation(new_id, invited[1], now())
    except Refusal:
        return None
    return Joined(found.name, url_for("web.circle", slug=found.slug), entry)


@web.post("/join/<token>")
@login_required
@listing_limit
def join_by_link(token: str) -> ResponseReturnValue:
    """Join the circle to which a link invites."""
    found, entry = join_by_invitation(reader().id, token, now())
    tell_entry(found.name, entry)
    return redirect(url_for("web.circle", slug=found.slug), 303)
