"""Where a reader's books are now, what their stations tell, and leaving a book somewhere."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required

from app.forms.journey import ConsentForm, FreeForm
from app.models.base import now
from app.models.copy import Whereabouts
from app.rules.refusal import Refusal
from app.services.journey.freeing import get_own_title, set_free, take_back
from app.services.journey.lines import list_waiting
from app.services.journey.stations import Consent, change_station
from app.services.journey.whereabouts import list_travelling
from app.web.blueprint import web
from app.web.page.caching import no_store
from app.web.page.limits import listing_limit
from app.web.page.reader import reader
from app.web.page.refusals import refuse


@web.get("/my/journeys")
@login_required
@no_store
def journeys() -> ResponseReturnValue:
    """List the copies that the reader had, with the last that is known of them, and lines that wait for the reader."""
    rows, waiting = list_travelling(current_user.id), list_waiting(current_user.id)
    year = datetime.fromtimestamp(now(), ZoneInfo(reader().time_zone)).year
    return render_template("journey/journeys.html", rows=rows, waiting=waiting, states=Whereabouts, this_year=year)


@web.post("/my/journeys/<int:id>")
@login_required
def change_journey(id: int) -> ResponseReturnValue:
    """Change what one station tells of the reader."""
    form = ConsentForm()
    if not form.validate_on_submit():
        abort(400)
    change_station(current_user.id, id, Consent(form.shows_area.data, form.shows_name.data))
    flash(gettext("Saved. The page of the book shows no more than that."), "success")
    return redirect(url_for("web.journeys"), 303)


@web.get("/my/books/<int:copy>/free")
@login_required
@no_store
def free_copy(copy: int) -> ResponseReturnValue:
    """Ask where a copy on the reader's shelf is left."""
    return _show(copy, FreeForm())


@web.post("/my/books/<int:copy>/free")
@login_required
@listing_limit
@no_store
def do_free_copy(copy: int) -> ResponseReturnValue:
    """Leave a copy somewhere, for whoever finds it."""
    form = FreeForm()
    if not form.validate_on_submit():
        return _show(copy, form, 400)
    try:
        mark = set_free(current_user.id, copy, form.words.data, now())
    except Refusal as refusal:
        refuse(form, refusal)
        return _show(copy, form, refusal.status)
    flash(gettext("The book is free. Please put its label on it, so that whoever finds it finds this page."), "success")
    return redirect(url_for("web.journey", mark=mark), 303)


@web.post("/my/books/<int:copy>/back")
@login_required
def take_copy_back(copy: int) -> ResponseReturnValue:
    """Take a copy back that was left somewhere and not found."""
    take_back(current_user.id, copy, now())
    flash(gettext("The book is on your shelf again."), "success")
    return redirect(url_for("web.journeys"), 303)


def _show(copy: int, form: FreeForm, status: int = 200) -> ResponseReturnValue:
    title = get_own_title(current_user.id, copy)
    return render_template("journey/free.html", copy=copy, title=title, form=form), status
