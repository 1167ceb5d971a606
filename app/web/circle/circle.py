"""The page of a circle: its shelf for members; for others what it is, and how one gets in."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from app.extensions import limiter
from app.forms.circle import CircleQuery, KnockForm
from app.models.base import now
from app.models.circle import Circle
from app.rules.circle.circle import Door, MemberState
from app.rules.circle.joining import Standing
from app.services.account.area import find_area_names
from app.services.circle.access import count_members
from app.services.circle.directory import list_members
from app.services.circle.reading import list_titles
from app.services.circle.shelf import (
    NEW,
    count_stock,
    list_circle_shelf,
    list_waiting_members,
    search_circle_shelf,
)
from app.services.circle.succession import is_asked
from app.services.feed.address import find_token
from app.site_links import site_link
from app.web.blueprint import web
from app.web.page.caching import no_store
from app.web.page.circle import circle_at, own_circle_at
from app.web.page.limits import search_rate
from app.web.page.paging import page_number, page_size
from app.web.page.reader import reader, sight

ON_A_PAGE = 24
FEW_MEMBERS = 12
FEW_TITLES = 6


@web.get("/circle/<slug>")
@limiter.limit(search_rate, exempt_when=lambda: "q" not in request.args)
@no_store
def circle(slug: str) -> ResponseReturnValue:
    """Show a circle."""
    found, standing = circle_at(slug)
    return _show_shelf(found, standing) if standing.is_in else show_outside(found, standing, KnockForm(formdata=None))


def _show_shelf(found: Circle, standing: Standing) -> ResponseReturnValue:
    query = CircleQuery(request.args)
    if query.words:
        shelf = search_circle_shelf(found.id, query.words, sight())
    else:
        shelf = list_circle_shelf(found.id, query.behind, ON_A_PAGE, sight())
    is_first = not query.words and query.behind is None
    facts = {"circle": found, "standing": standing, "shelf": shelf, "words": query.words, "is_first": is_first}
    return render_template(
        "circle/circle.html", **facts, new_since=now() - NEW, **(_what_else(found) if is_first else {})
    )


def _what_else(found: Circle) -> dict[str, Any]:
    """Return what the first page shows besides the shelf."""
    members = list_members(found.id, 1, FEW_MEMBERS, sight())
    has_steward = any(member.is_steward for member in members.rows)
    return {
        "stock": count_stock(found.id, now(), sight()),
        "waiting": list_waiting_members(found.id, sight()),
        "members": members,
        "feed": _feed_of(found),
        "titles": list_titles(found.id, FEW_TITLES),
        "is_asked": not has_steward and is_asked(found.id, reader().id),
    }


def _feed_of(found: Circle) -> str | None:
    """Return the reader's own address of the circle's feed; None if the reader has no feeds."""
    token = find_token(reader(), found.slug)
    return token and site_link("web.own_circle_feed", slug=found.slug, token=token)


def show_outside(found: Circle, standing: Standing, form: KnockForm, status: int = 200) -> ResponseReturnValue:
    """Show who is no member what a circle is, and the button that fits its door."""
    facts = {"circle": found, "form": form, "doors": Door, "members": count_members(found.id)}
    asks, was_out = standing.state is MemberState.ASKED, standing.state is MemberState.OUT
    area = find_area_names(found.area)
    return render_template("circle/outside.html", **facts, asks=asks, was_out=was_out, area=area), status


@web.get("/circle/<slug>/members")
@login_required
@no_store
def circle_members(slug: str) -> ResponseReturnValue:
    """List all members of a circle, to members."""
    found, standing = own_circle_at(slug)
    members = list_members(found.id, page_number(), page_size(), sight())
    if members.page > members.pages:
        return redirect(url_for("web.circle_members", slug=slug, page=members.pages))
    return render_template("circle/members.html", circle=found, standing=standing, members=members)
