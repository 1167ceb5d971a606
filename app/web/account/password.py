"""Resetting and changing passwords."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required

from app.forms.account import ChangePasswordForm, EmailForm, NewPasswordForm
from app.rules.account.refusals import PasswordTooEasy, WrongCode, WrongPassword
from app.services.account import profile as users
from app.services.account import recovery
from app.web.blueprint import web
from app.web.page.login_limits import count_mail, forget_attempts, password_attempts
from app.web.page.reader import reader
from app.web.page.refusals import refuse


@web.get("/reset/password")
def reset_password() -> ResponseReturnValue:
    """Ask for the address to which a link is sent."""
    return render_template("account/reset_password.html", form=EmailForm())


@web.post("/reset/password")
def do_reset_password() -> ResponseReturnValue:
    """Send a link; the response is the same whether or not the account exists."""
    form = EmailForm()
    if not form.validate_on_submit():
        return render_template("account/reset_password.html", form=form), 400
    count_mail(form.email.data)
    recovery.request_reset(form.email.data)
    return redirect(url_for("web.look_into_mail"))


@web.get("/reset/password/<token>")
def set_password(token: str) -> ResponseReturnValue:
    """Ask for a new password."""
    recovery.find_reset(token)
    return render_template("account/set_password.html", form=NewPasswordForm(), token=token)


@web.post("/reset/password/<token>")
def do_set_password(token: str) -> ResponseReturnValue:
    """Set the new password."""
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            user = recovery.reset_password(token, form.password.data)
        except PasswordTooEasy as refusal:
            refuse(form, refusal)
        else:
            forget_attempts(user.email)
            flash(gettext("Your new password is set. Please log in with it."), "success")
            return redirect(url_for("web.login"))
    return render_template("account/set_password.html", form=form, token=token), 400


@web.get("/change/password")
@login_required
def change_password() -> ResponseReturnValue:
    """Ask for the present password and a new one."""
    return render_template("account/change_password.html", form=ChangePasswordForm())


@web.post("/change/password")
@login_required
def do_change_password() -> ResponseReturnValue:
    """Change the password, which logs out other devices."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            with password_attempts(reader().email):
                users.change_password(reader(), form.present.data, form.password.data, form.code.data)
        except (WrongPassword, WrongCode, PasswordTooEasy) as refusal:
            refuse(form, refusal)
        else:
            flash(gettext("Your password is changed. Other devices are logged out."), "success")
            return redirect(url_for("web.user_settings"))
    return render_template("account/change_password.html", form=form), 400
