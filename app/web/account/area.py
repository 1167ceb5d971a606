"""Choosing an area: suggestions while typing, and a page that lists what is found."""

from flask import flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from app.extensions import limiter
from app.forms.area import AreaForm
from app.i18n import area_name, current_language
from app.models.area import Area
from app.services.account.area import choose_area as store_area
from app.services.account.area import find_area_names, list_areas
from app.web.blueprint import web
from app.web.page.limits import suggest_rate
from app.web.page.paths import local_path
from app.web.page.reader import reader


@web.get("/personal/area")
@login_required
def area() -> ResponseReturnValue:
    """List the areas that a text may mean, each with a button to choose it."""
    text = request.args.get("q", "")
    own = find_area_names(reader().area)[current_language()]
    names = [(one.path, _name(one)) for one in list_areas(text)]
    target = local_path(request.args.get("next") or "/personal/settings")
    return render_template("user/area.html", text=text, own=own, hits=names, next=target, form=AreaForm(formdata=None))


@web.post("/personal/area")
@login_required
def choose_area() -> ResponseReturnValue:
    """Store the chosen area, or remove it."""
    form = AreaForm()
    if form.validate_on_submit():
        store_area(reader(), form.area.data)
        flash(gettext("Your settings are saved."), "success")
    return redirect(local_path(form.next.data), 303)


@web.get("/areas")
@limiter.limit(suggest_rate)
def suggest_areas() -> ResponseReturnValue:
    """Return the names of areas for what is being typed, as JSON; any text is accepted."""
    return jsonify(suggestions=[{"text": _name(one)} for one in list_areas(request.args.get("q", ""))])


def _name(one: Area) -> str:
    return area_name(one.name_zh, one.name_en)
