"""Taking back a step of an exchange, cancelling a promise, and changing the address or the tracking number."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required

from app.extensions import limiter
from app.forms.drift import AddressForm, CancelForm, MailedForm
from app.forms.fields import PostForm
from app.models.base import now
from app.rules.exchange.undo import UNDO_WINDOW
from app.services.correction.cancel import cancel_promise, ensure_may_cancel
from app.services.correction.edit import change_address, change_tracking, find_address_to_change
from app.services.correction.undo import undo_step
from app.services.delivery.own_drift import is_free
from app.services.delivery.postal_address import PostalAddress
from app.web.blueprint import web
from app.web.page.caching import no_store
from app.web.page.limits import account_key, asking_rate
from app.web.page.undo_flash import flash_with_undo


@web.post("/drift/<int:did>/undo")
@login_required
def undo_drift(did: int) -> ResponseReturnValue:
    """Take the reader's last step back."""
    undo_step(current_user.id, did, now())
    flash(gettext("Reversed: everything is as it was before."), "success")
    return redirect(url_for("web.pending"), 303)


@web.post("/drift/<int:did>/cancel")
@login_required
def cancel_drift(did: int) -> ResponseReturnValue:
    """Cancel a request that the reader has accepted."""
    ensure_may_cancel(current_user.id, did)
    form = CancelForm()
    if not form.validate_on_submit():
        return _show_errors(form)
    cancel_promise(current_user.id, did, form.cancelling, now())
    minutes = UNDO_WINDOW // 60
    flash_with_undo(
        gettext("You cancelled. In %(minutes)d minutes the other reader is told.", minutes=minutes)
        if is_free(did)
        else gettext(
            "You cancelled. In %(minutes)d minutes the other reader is told and gets the bean back.", minutes=minutes
        ),
        did,
    )
    return redirect(url_for("web.pending"), 303)


@web.post("/drift/<int:did>/tracking")
@login_required
def save_tracking(did: int) -> ResponseReturnValue:
    """Enter or correct the tracking number of a book that is on its way."""
    form = MailedForm()
    if not form.validate_on_submit():
        return _show_errors(form)
    change_tracking(current_user.id, did, form.tracking.data)
    flash(gettext("The tracking number is saved; the other reader sees it."), "success")
    return redirect(url_for("web.pending"), 303)


@web.get("/drift/<int:did>/address")
@login_required
@no_store
def drift_address(did: int) -> ResponseReturnValue:
    """Show the form for another address."""
    address, title = find_address_to_change(current_user.id, did, now())
    return render_template("drift/address.html", form=AddressForm(obj=address), title=title, did=did)


@web.post("/drift/<int:did>/address")
@login_required
@limiter.limit(asking_rate, key_func=account_key)
@no_store
def change_drift_address(did: int) -> ResponseReturnValue:
    """Let the book be sent to another address."""
    form = AddressForm()
    if not form.validate_on_submit():
        _, title = find_address_to_change(current_user.id, did, now())
        return render_template("drift/address.html", form=form, title=title, did=did), 400
    address = PostalAddress(form.recipient.data, form.phone.data, form.address.data)
    change_address(current_user.id, did, address, now(), keep=form.keep.data)
    flash(gettext("The giver sees the new address from now on."), "success")
    return redirect(url_for("web.pending"), 303)


def _show_errors(form: PostForm) -> ResponseReturnValue:
    """Lead back to the list of exchanges, whose forms have no room of their own for errors."""
    for errors in form.errors.values():
        flash(" ".join(map(str, errors)), "error")
    return redirect(url_for("web.pending"), 303)
