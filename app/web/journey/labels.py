"""Labels with marks: chosen, made, printed, and bound to a copy at the first scan."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required
from markupsafe import Markup

from app.forms.journey import BindForm, LabelsForm
from app.models.base import now
from app.rules.journey.mark import read_mark
from app.rules.journey.telling import MOST_LABELS
from app.rules.refusal import Refusal
from app.services.errors import NotFound
from app.services.journey.marks import (
    Label,
    bind_mark,
    bind_mark_to_book,
    is_own_blank,
    list_blank,
    list_labels,
    make_marks,
    reserve_marks,
)
from app.site_links import site_link
from app.web.blueprint import web
from app.web.page.caching import no_store
from app.web.page.limits import listing_limit, mark_limit
from app.web.page.qr import draw_qr
from app.web.page.refusals import refuse

A_SHEET = 24
"""Labels on a sheet of A4: three by eight."""


@web.get("/my/labels")
@login_required
@no_store
def labels() -> ResponseReturnValue:
    """List the reader's copies, to choose those whose labels are printed; `copy` chooses some before."""
    form = LabelsForm(formdata=None)
    chosen = _chosen()
    found = _offer(form, chosen)
    form.copies.data = [label.copy_id for label in found if label.copy_id in chosen]
    return _show(form)


@web.post("/my/labels")
@login_required
@listing_limit
@no_store
def make_labels() -> ResponseReturnValue:
    """Make the marks of the chosen copies, or reserve those of a sheet of blank labels."""
    form = LabelsForm()
    if request.form.get("blank"):
        reserve_marks(current_user.id, A_SHEET, now())
        return redirect(url_for("web.label_sheet", blank=1), 303)
    _offer(form, {int(text) for text in request.form.getlist("copies")[:MOST_LABELS] if _is_number(text)})
    if not form.validate_on_submit():
        return _show(form, 400)
    make_marks(current_user.id, form.copies.data or [])
    return redirect(url_for("web.label_sheet", copy=form.copies.data), 303)


def _offer(form: LabelsForm, chosen: set[int]) -> list[Label]:
    found = list_labels(current_user.id, chosen)
    form.offer([(label.copy_id, _line(label)) for label in found])
    return found


def _line(label: Label) -> str:
    return " · ".join(filter(None, (label.title, label.authors, gettext("has a label") if label.mark else "")))


def _chosen() -> set[int]:
    return {int(text) for text in request.args.getlist("copy")[:MOST_LABELS] if _is_number(text)}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _show(form: LabelsForm, status: int = 200) -> ResponseReturnValue:
    blank = list_blank(current_user.id)
    return render_template("journey/labels.html", form=form, blank=blank, sheet=A_SHEET), status


@web.get("/my/labels/sheet")
@login_required
@no_store
def label_sheet() -> ResponseReturnValue:
    """Show the labels of the chosen copies, or the reader's blank ones, as sheets to print."""
    if request.args.get("blank"):
        printed = [("", mark, _draw(mark)) for mark in list_blank(current_user.id)]
    else:
        chosen = _chosen()
        found = [label for label in list_labels(current_user.id, chosen) if label.copy_id in chosen]
        printed = [(label.title, label.mark, _draw(label.mark)) for label in found if label.mark]
    sheets = [printed[first : first + A_SHEET] for first in range(0, len(printed), A_SHEET)]
    return render_template("journey/sheet.html", sheets=sheets, address=site_link("web.index").split("://")[1] + "c/")


def _draw(mark: str) -> Markup:
    return draw_qr(site_link("web.journey", mark=mark))


@web.post("/c/<mark>/bind")
@login_required
@mark_limit
@no_store
def bind_label(mark: str) -> ResponseReturnValue:
    """Say which book a blank label is on."""
    known = read_mark(mark)
    if known is None or not is_own_blank(current_user.id, known):
        abort(404)
    form = BindForm()
    try:
        if not form.validate_on_submit() or not _bind(known, form):
            return show_blank(known, form, 400)
    except Refusal as refusal:
        refuse(form, refusal)
        return show_blank(known, form, refusal.status)
    flash(gettext("The label belongs to this book now."), "success")
    return redirect(url_for("web.journey", mark=known), 303)


def _bind(mark: str, form: BindForm) -> bool:
    try:
        if form.isbn.data:
            bind_mark_to_book(current_user.id, mark, form.isbn.data, now())
        else:
            bind_mark(current_user.id, mark, int(form.copy.data) if _is_number(form.copy.data) else 0)
    except NotFound:
        form.isbn.errors = [gettext("We don’t know this book. Search for it first, then come back.")]
        return False
    return True


def show_blank(mark: str, form: BindForm, status: int = 200) -> ResponseReturnValue:
    """Show the reader the page on which a blank label of theirs gets its book."""
    own = [label for label in list_labels(current_user.id) if label.mark is None]
    return render_template("journey/blank.html", mark=mark, form=form, own=own), status
