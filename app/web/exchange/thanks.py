"""Thank-you lines."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required

from app.extensions import limiter
from app.forms.thanks import ThanksForm
from app.models.base import now
from app.services.delivery.own_drift import get_own_drift
from app.services.trust.thanks import show_thanks, take_thanks_back, thank
from app.web.blueprint import web
from app.web.exchange.drift import show_errors
from app.web.page.limits import account_key, message_rate
from app.web.page.paths import referring_page


@web.post("/drift/<int:did>/thanks")
@login_required
@limiter.limit(message_rate, key_func=account_key)
def thank_for_drift(did: int) -> ResponseReturnValue:
    """Thank the giver of a book that has arrived."""
    get_own_drift(current_user.id, did)
    form = ThanksForm()
    if not form.validate_on_submit():
        return show_errors(form)
    thank(current_user.id, did, form.text.data, now())
    return _done(gettext("Your line is with the giver, who decides whether to show it on their page."))


@web.post("/drift/<int:did>/thanks/<any(show, hide, back):act>")
@login_required
def settle_thanks(did: int, act: str) -> ResponseReturnValue:
    """Show a line on the reader's page, or not any more, or take one's own back."""
    if act == "back":
        take_thanks_back(current_user.id, did, now())
        return _done(gettext("Your line is deleted."))
    show_thanks(current_user.id, did, act == "show", now())
    return _done(gettext("It is shown on your page now.") if act == "show" else gettext("It is no longer shown."))


def _done(sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(referring_page() or url_for("web.pending"), 303)
