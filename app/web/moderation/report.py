"""Reporting something to the people who run the site."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required

from app.extensions import limiter
from app.forms.report import ReportForm
from app.models.base import now
from app.rules.moderation.report import Reason
from app.services.moderation.report import find_reported
from app.services.moderation.report import report as report_it
from app.web.blueprint import web
from app.web.page.caching import no_store
from app.web.page.limits import account_key, report_rate


@web.get("/report/<kind>/<int:id>")
@login_required
@no_store
def report(kind: str, id: int) -> ResponseReturnValue:
    """Show what is to be reported, and ask why."""
    return _show(kind, id, ReportForm())


@web.post("/report/<kind>/<int:id>")
@login_required
@limiter.limit(report_rate, key_func=account_key)
@no_store
def do_report(kind: str, id: int) -> ResponseReturnValue:
    """Report it."""
    form = ReportForm()
    if not form.validate_on_submit():
        return _show(kind, id, form, 400)
    report_it(kind, id, current_user.id, Reason(form.reason.data), form.words.data, now())
    flash(gettext("Thank you. The people who run this site will look at it."), "success")
    return redirect(url_for("web.pending"), 303)


def _show(kind: str, id: int, form: ReportForm, status: int = 200) -> ResponseReturnValue:
    reported = find_reported(kind, id, current_user.id, now())
    return render_template("moderation/report.html", reported=reported, form=form, kind=kind, id=id), status
