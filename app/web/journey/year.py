"""A reader's year in books: a page and one picture, for themselves, or at a secret address for others."""

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required

from app.models.base import now
from app.services.book.cover_drawing import draw_cover
from app.services.errors import NotFound
from app.services.journey.year import Year, find_token, get_shared_year, get_year, share_year, stop_sharing
from app.site_links import site_link
from app.web.blueprint import web
from app.web.display.times import day_of
from app.web.page.caching import no_store
from app.web.page.limits import feed_limit


@web.get("/my/year/<int:year>")
@login_required
@no_store
def my_year(year: int) -> ResponseReturnValue:
    """Show the reader's year, and whether others can see it; with `picture`, only its picture."""
    found = get_year(current_user.id, year)
    if request.args.get("picture"):
        return _draw(found)
    token = find_token(current_user.id, year)
    address = site_link("web.shared_year", token=token) if token else None
    this_year = day_of(now()).year
    return render_template("journey/year.html", year=found, address=address, is_mine=True, this_year=this_year)


@web.post("/my/year/<int:year>/share")
@login_required
def share_my_year(year: int) -> ResponseReturnValue:
    """Give the year an address for others, or a new one."""
    share_year(current_user.id, year)
    flash(gettext("Anyone with the address below can see this page now, until you turn it off."), "success")
    return redirect(url_for("web.my_year", year=year), 303)


@web.post("/my/year/<int:year>/hide")
@login_required
def hide_my_year(year: int) -> ResponseReturnValue:
    """End the address for others."""
    get_year(current_user.id, year)
    stop_sharing(current_user.id, year)
    flash(gettext("Only you can see this page now."), "success")
    return redirect(url_for("web.my_year", year=year), 303)


@web.get("/year/<token>")
@feed_limit
@no_store
def shared_year(token: str) -> ResponseReturnValue:
    """Show a year that its reader shares; with `picture`, only its picture."""
    try:
        found = get_shared_year(token, now())
    except NotFound:
        abort(404)
    if request.args.get("picture"):
        response = _draw(found)
    else:
        response = make_response(render_template("journey/year.html", year=found, address=None, is_mine=False))
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _draw(year: Year) -> Response:
    covers = [draw_cover(book) for book in year.books]
    drawing = make_response(render_template("journey/year.svg", year=year, covers=covers))
    drawing.mimetype = "image/svg+xml"
    return drawing
