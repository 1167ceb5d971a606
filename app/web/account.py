"""Taking one's data along, and leaving."""

from flask import Response, flash, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required, logout_user

from app.forms.account import PasswordForm
from app.rules.account import WrongPassword
from app.services import closing
from app.services.export import export_account
from app.web import web
from app.web.account_refusals import refuse
from app.web.limits import LoginAttempts
from app.web.reader import reader


@web.post("/personal/export")
@login_required
def export() -> Response:
    """Hand out everything that is stored about the reader, as one JSON file (docs/export.md)."""
    answer = make_response(export_account(reader()))
    answer.mimetype = "application/json"
    answer.headers["Content-Disposition"] = f'attachment; filename="fisher-{reader().id}.json"'
    answer.cache_control.no_store = True
    return answer


@web.get("/personal/delete")
@login_required
def delete_account() -> ResponseReturnValue:
    """Say what leaving means, and ask for the password."""
    return render_template("account/delete_account.html", form=PasswordForm())


@web.post("/personal/delete")
@login_required
def do_delete_account() -> ResponseReturnValue:
    """Close the account."""
    form = PasswordForm()
    if form.validate_on_submit():
        attempts = LoginAttempts(reader().email)
        attempts.count()
        try:
            closing.close_account(reader(), form.password.data)
        except WrongPassword as refusal:
            refuse(form, refusal, "password")
        else:
            session.clear()
            logout_user()
            flash(gettext("Your account is closed and your data erased. Farewell!"), "success")
            return redirect(url_for("web.index"))
    return render_template("account/delete_account.html", form=form), 400
