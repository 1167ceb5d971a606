"""The address of a work, and its editions with what operators do about them."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from app.forms.book import PlacingForm
from app.i18n import book_language
from app.models.work import Work
from app.rules.account.role import Role
from app.services.book.editions import find_best_edition, list_editions_of_work
from app.services.book.placing import join_editions, split_editions, undo_act
from app.services.book.work_log import list_acts
from app.web.blueprint import web
from app.web.page.reader import may_act, role_required, sight

PATH = "/work"


@web.get(f"{PATH}/<int:id>")
def work(id: int) -> ResponseReturnValue:
    """Redirect to the edition that stands for the work: what is to be had first, then the reader's language."""
    edition = find_best_edition(id, book_language(), sight())
    if edition is None:
        abort(404)
    return redirect(url_for("web.book_detail", isbn=edition.number))


@web.get(f"{PATH}/<int:id>/editions")
def work_editions(id: int) -> ResponseReturnValue:
    """List the editions of a work; operators see there what has been decided about it, and decide."""
    found = Work.find_by_id(id)
    editions = list_editions_of_work(found.id, book_language(), sight()) if found else []
    if found is None or not editions:
        abort(404)
    if found.id != id:
        return redirect(url_for("web.work_editions", id=found.id))
    form, acts = (PlacingForm(), list_acts(id)) if may_act(Role.OPERATOR) else (None, [])
    return render_template("book/editions.html", work_id=id, editions=editions, form=form, acts=acts)


@web.post(f"{PATH}/<int:id>/editions")
@role_required(Role.OPERATOR)
def place_editions(id: int) -> ResponseReturnValue:
    """Join the work with that of another book, split editions off it, or undo one of these."""
    form = PlacingForm()
    best = find_best_edition(id, book_language())
    if best is None or not form.validate_on_submit():
        abort(404 if best is None else 400)
    if form.do.data == "join":
        id = join_editions(best.number, form.number.data, current_user.id)
        flash(gettext("The two works are one now."), "success")
    elif form.do.data == "split":
        split_editions(form.edition.data or [], current_user.id)
        flash(gettext("The chosen editions are a work of their own now."), "success")
    else:
        undo_act(form.act.data or 0)
        flash(gettext("Undone."), "success")
    return redirect(url_for("web.work_editions", id=id), 303)
