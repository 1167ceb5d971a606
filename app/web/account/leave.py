"""Exporting one's data, and closing the account."""

from flask import Response, flash, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required, logout_user

from app.forms.account import PasswordForm
from app.rules.account.refusals import WrongCode, WrongPassword
from app.services.account import closing
from app.services.account.export import export_account
from app.services.account.password import ensure_password
from app.web.blueprint import web
from app.web.page.login_limits import password_attempts
from app.web.page.reader import reader
from app.web.page.refusals import refuse


@web.get("/personal/export")
@login_required
def export() -> ResponseReturnValue:
    """Ask for the password, so that nobody who borrows the reader's device gets the addresses."""
    return render_template("account/export.html", form=PasswordForm())


@web.post("/personal/export")
@login_required
def do_export() -> ResponseReturnValue:
    """Return everything that is stored about the reader as one JSON file (docs/export.md)."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            with password_attempts(reader().email):
                ensure_password(reader(), form.password.data)
        except WrongPassword as refusal:
            refuse(form, refusal)
        else:
            return _data()
    return render_template("account/export.html", form=form), 400


def _data() -> Response:
    response = make_response(export_account(reader()))
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="fisher-{reader().id}.json"'
    response.cache_control.no_store = True
    return response


@web.get("/personal/delete")
@login_required
def delete_account() -> ResponseReturnValue:
    """Explain what closing the account means, and ask for the password."""
    return render_template("account/delete_account.html", form=PasswordForm())


@web.post("/personal/delete")
@login_required
def do_delete_account() -> ResponseReturnValue:
    """Close the account."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            with password_attempts(reader().email):
                closing.close_account(reader(), form.password.data, form.code.data)
        except (WrongPassword, WrongCode) as refusal:
            refuse(form, refusal)
        else:
            session.clear()
            logout_user()
            flash(gettext("Your account is closed and your data deleted. Goodbye, and thank you!"), "success")
            return redirect(url_for("web.index"))
    return render_template("account/delete_account.html", form=form), 400
