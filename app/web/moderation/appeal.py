"""What a reader is told of a decision, and the appeal against it, by a link that works without a log-in."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.forms.decision import AppealForm
from app.models.base import now
from app.rules.account.refusals import Suspended
from app.services.moderation import appeal as service
from app.web.blueprint import web
from app.web.page.caching import no_store


@web.get("/appeal/<token>")
@no_store
def appeal(token: str) -> ResponseReturnValue:
    """Show a decision, and the form to appeal against it."""
    return _show(token, AppealForm())


@web.post("/appeal/<token>")
@no_store
def do_appeal(token: str) -> ResponseReturnValue:
    """Appeal against a decision."""
    form = AppealForm()
    if not form.validate_on_submit():
        return _show(token, form, 400)
    service.appeal(token, form.words.data, now())
    flash(gettext("We have received your appeal, and will write to you when we have looked at it."), "success")
    return redirect(url_for("web.appeal", token=token), 303)


def _show(token: str, form: AppealForm, status: int = 200) -> ResponseReturnValue:
    said = service.find_statement(token)
    return render_template("moderation/appeal.html", said=said, form=form, token=token), status


@web.app_errorhandler(Suspended)
def show_suspended(refusal: Suspended) -> ResponseReturnValue:
    """Say why and until when a reader, who has given the password, cannot log in."""
    found = service.find_suspension(refusal.reader_id, now())
    said, token = found or (None, "")
    page = render_template("moderation/suspended.html", until=refusal.until, said=said, token=token)
    return page, refusal.status
