"""A book that is not as described: saying so, and answering."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required

from app.extensions import limiter
from app.forms.complaint import ComplaintAnswerForm, ComplaintForm
from app.forms.fields import PostForm
from app.models.base import now
from app.rules.trust.complaint import Fault
from app.services.delivery.own_drift import is_free
from app.services.trust import complaint as service
from app.web.blueprint import web
from app.web.page.caching import no_store
from app.web.page.limits import account_key, report_rate


@web.get("/drift/<int:did>/complaint")
@login_required
@no_store
def complaint(did: int) -> ResponseReturnValue:
    """Show what is said to be not as described, and the form to say so or to answer."""
    return _show(did)


@web.post("/drift/<int:did>/complaint")
@login_required
@limiter.limit(report_rate, key_func=account_key)
@no_store
def do_complain(did: int) -> ResponseReturnValue:
    """Say that the book is not as described."""
    form = ComplaintForm()
    if not form.validate_on_submit():
        return _show(did, form, 400)
    service.complain(current_user.id, did, Fault(form.fault.data), form.words.data, now())
    return _done(did, gettext("The giver reads it and has seven days to answer."))


@web.post("/drift/<int:did>/complaint/answer")
@login_required
@no_store
def answer_complaint(did: int) -> ResponseReturnValue:
    """Give the bean back, or disagree."""
    form = ComplaintAnswerForm()
    if not form.validate_on_submit():
        return _show(did, form, 400)
    gives_back = form.answer.data == "return"
    service.answer_complaint(current_user.id, did, gives_back, form.words.data, now())
    if not gives_back:
        return _done(did, gettext("A moderator is looking at it."))
    return _done(
        did, gettext("Thank you. The other reader is told.") if is_free(did) else gettext("The bean went back.")
    )


def _show(did: int, form: PostForm | None = None, status: int = 200) -> ResponseReturnValue:
    page = service.find_complaint_page(current_user.id, did, now())
    wanted = ComplaintAnswerForm if page.is_giver else ComplaintForm
    if form is not None and not isinstance(form, wanted):
        abort(403)
    form = form or wanted()
    if isinstance(form, ComplaintAnswerForm) and page.is_free:
        form.without_beans()
    return render_template("drift/complaint.html", page=page, form=form), status


def _done(did: int, sentence: str) -> ResponseReturnValue:
    flash(sentence, "success")
    return redirect(url_for("web.complaint", did=did), 303)
