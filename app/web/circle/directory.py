"""The directory of circles, and founding one."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from app.forms.circle import FoundForm
from app.models.base import now
from app.rules.circle.circle import Door
from app.rules.exchange.nearness import find_nearness
from app.rules.refusal import Refusal
from app.services.circle.directory import list_listed, list_own
from app.services.circle.founding import found
from app.web.blueprint import web
from app.web.page.area import reader_area
from app.web.page.limits import listing_limit
from app.web.page.paging import last_page, page_number, page_size
from app.web.page.reader import reader, reader_id
from app.web.page.refusals import refuse


@web.get("/circles")
def circles() -> ResponseReturnValue:
    """List the reader's circles, and those that anybody can find, the nearest first."""
    area, own_id = reader_area(), reader_id()
    listed = list_listed(area, page_number(), page_size())
    if listed.page > listed.pages:
        return last_page(listed.pages)
    rows = [(circle, find_nearness(area, circle.area)) for circle in listed.rows]
    mine = list_own(own_id) if own_id is not None else []
    return render_template("circle/circles.html", listed=listed, rows=rows, mine=mine)


@web.get("/circle/new")
@login_required
def new_circle() -> ResponseReturnValue:
    """Show the form for a new circle."""
    return _show(FoundForm(formdata=None))


@web.post("/circle/new")
@login_required
@listing_limit
def found_circle() -> ResponseReturnValue:
    """Found a circle."""
    form = FoundForm()
    if not form.validate_on_submit():
        return _show(form, 400)
    try:
        slug = found(reader().id, form.name.data, form.about.data, Door(form.door.data), now())
    except Refusal as refusal:
        refuse(form, refusal)
        return _show(form, refusal.status)
    flash(gettext("Your circle is founded. Now invite the first readers, and list your books."), "success")
    return redirect(url_for("web.circle", slug=slug), 303)


def _show(form: FoundForm, status: int = 200) -> ResponseReturnValue:
    return render_template("circle/new_circle.html", form=form), status
