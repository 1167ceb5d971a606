"""Meeting places: the list that everybody can read, and what moderators do about it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.forms.fields import PostForm
from app.forms.place import PlaceForm
from app.rules.account.role import Role
from app.rules.exchange.nearness import find_nearness
from app.rules.refusal import Refusal
from app.services.delivery import places as service
from app.web.blueprint import web
from app.web.page.area import area_name, reader_area, typed_area, unclear_area
from app.web.page.paging import last_page, page_number, page_size
from app.web.page.reader import may_act, role_required
from app.web.page.refusals import refuse


@web.get("/places")
def places() -> ResponseReturnValue:
    """List the open places, the nearest first; moderators see the closed ones too."""
    area, may_change = reader_area(), may_act(Role.MODERATOR)
    listed = service.list_places(area, page_number(), page_size(), with_closed=may_change)
    if listed.page > listed.pages:
        return last_page(listed.pages)
    rows = [(place, find_nearness(area, place.area)) for place in listed.rows]
    form = PostForm() if may_change else None
    return render_template("place/places.html", listed=listed, rows=rows, form=form)


@web.get("/places/new")
@role_required(Role.MODERATOR)
def new_place() -> ResponseReturnValue:
    """Show the form for a new place."""
    return _show(PlaceForm())


@web.post("/places/new")
@role_required(Role.MODERATOR)
def add_place() -> ResponseReturnValue:
    """Store a new place."""
    return _store(PlaceForm(), None)


@web.get("/places/<int:pid>")
@role_required(Role.MODERATOR)
def edit_place(pid: int) -> ResponseReturnValue:
    """Show the form for what is said of a place."""
    place = service.get_place(pid)
    return _show(PlaceForm(obj=place, area_name=area_name(place.area)), pid)


@web.post("/places/<int:pid>")
@role_required(Role.MODERATOR)
def change_place(pid: int) -> ResponseReturnValue:
    """Store what is said of a place."""
    return _store(PlaceForm(), pid)


@web.post("/places/<int:pid>/close")
@role_required(Role.MODERATOR)
def close_place(pid: int) -> ResponseReturnValue:
    """Close a place."""
    service.close_place(pid)
    flash(gettext("The place is closed: nobody can ask for a book to be left there."), "success")
    return redirect(url_for("web.places"), 303)


@web.post("/places/<int:pid>/open")
@role_required(Role.MODERATOR)
def open_place(pid: int) -> ResponseReturnValue:
    """Open a closed place again."""
    service.close_place(pid, closed=False)
    flash(gettext("The place is open again."), "success")
    return redirect(url_for("web.places"), 303)


def _store(form: PlaceForm, pid: int | None) -> ResponseReturnValue:
    known = service.get_place(pid).area if pid is not None else ""
    if not form.validate_on_submit():
        return _show(form, pid, 400)
    area = typed_area(form.area_name.data, known)
    if area is None:
        form.area_name.errors = [unclear_area()]
        return _show(form, pid, 400)
    try:
        if pid is None:
            service.add_place(form.facts(area))
        else:
            service.change_place(pid, form.facts(area))
    except Refusal as refusal:
        refuse(form, refusal)
        return _show(form, pid, refusal.status)
    flash(gettext("The place is saved."), "success")
    return redirect(url_for("web.places"), 303)


def _show(form: PlaceForm, pid: int | None = None, status: int = 200) -> ResponseReturnValue:
    return render_template("place/place.html", form=form, pid=pid), status
