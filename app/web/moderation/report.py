"""Reporting something to the people who run the site."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from app.extensions import limiter
from app.forms.report import ReportForm
from app.models.base import now
from app.rules.moderation.report import OPEN_TO_ALL, Reason
from app.services.moderation.report import find_reported
from app.services.moderation.report import report as report_it
from app.web.blueprint import web
from app.web.page.caching import no_store
from app.web.page.limits import report_rate, visitor_key
from app.web.page.reader import ask_to_log_in, reader_id
from app.web.page.strangers import give_ticket, is_from_a_person


@web.get("/report/<kind>/<int:id>")
@no_store
def report(kind: str, id: int) -> ResponseReturnValue:
    """Show what is to be reported, and ask why; what everybody sees can be reported without an account."""
    return _show(kind, id, ReportForm()) if _may_see(kind) else ask_to_log_in()


@web.post("/report/<kind>/<int:id>")
@limiter.limit(report_rate, key_func=visitor_key)
@no_store
def do_report(kind: str, id: int) -> ResponseReturnValue:
    """Report it."""
    if not _may_see(kind):
        return ask_to_log_in()
    form = ReportForm()
    if not (form.validate_on_submit() and (current_user.is_authenticated or is_from_a_person(form, "report"))):
        return _show(kind, id, form, 400)
    report_it(kind, id, reader_id(), Reason(form.reason.data), form.words.data, now())
    flash(gettext("Thank you. A moderator will look at it."), "success")
    return redirect(url_for("web.index" if kind in OPEN_TO_ALL else "web.pending"), 303)


def _may_see(kind: str) -> bool:
    return current_user.is_authenticated or kind in OPEN_TO_ALL


def _show(kind: str, id: int, form: ReportForm, status: int = 200) -> ResponseReturnValue:
    give_ticket(form, "report")
    reported = find_reported(kind, id, reader_id(), now())
    return render_template("moderation/report.html", reported=reported, form=form, kind=kind, id=id), status
