"""Changing what one says about a copy."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required

from app.forms.gift import CopyForm
from app.models.base import now
from app.rules.exchange.listing import Condition
from app.services.correction.edit import GiftToEdit, find_gift_to_edit
from app.services.correction.edit import edit_gift as save
from app.web.blueprint import web
from app.web.page.area import reader_area
from app.web.page.audience import offer_audience


@web.get("/gifts/<int:gid>/edit")
@login_required
def edit_gift(gid: int) -> ResponseReturnValue:
    """Show what the giver says about the copy."""
    found = find_gift_to_edit(current_user.id, gid, reader_area())
    gift = found.gift
    said = {
        "condition": gift.condition,
        "note": gift.note,
        "meeting_words": gift.meeting_words,
        "lend_days": gift.lend_days,
        "goes_on": gift.goes_on,
    }
    form = CopyForm(data=said | {"ways": list(gift.terms.ways)})
    _offer_choices(form, found)
    return _show(form, found)


@web.post("/gifts/<int:gid>/edit")
@login_required
def save_gift(gid: int) -> ResponseReturnValue:
    """Change what the giver says about the copy."""
    found, form = find_gift_to_edit(current_user.id, gid, reader_area()), CopyForm()
    _offer_choices(form, found)
    if not form.validate_on_submit():
        return _show(form, found), 400
    save(current_user.id, gid, Condition(form.condition.data), form.note.data, form.terms, now())
    flash(gettext("Saved. Readers see the change from now on."), "success")
    return redirect(url_for("web.my_gifts"), 303)


def _offer_choices(form: CopyForm, found: GiftToEdit) -> None:
    form.offer_places([(place.id, place.line) for place in found.places], found.chosen)
    offer_audience(form, found.gift.id)
    if found.gift.loan_id is not None:
        form.leave_to_lender()


def _show(form: CopyForm, found: GiftToEdit) -> str:
    return render_template("gift/edit_gift.html", form=form, book=found.book, gid=found.gift.id)
