"""Becoming a reader: register, confirm the address."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required

from app.forms.account import RegisterForm
from app.i18n import current_language
from app.rules.account import AlreadyConfirmed, LinkNotValid, NicknameTaken, PasswordTooEasy
from app.services import registration
from app.web import web
from app.web.account_refusals import refuse, sentence
from app.web.limits import count_mail, count_registration
from app.web.reader import reader


@web.get("/register")
def register() -> ResponseReturnValue:
    """Show the form for a new account."""
    return render_template("account/register.html", form=RegisterForm())


@web.post("/register")
def do_register() -> ResponseReturnValue:
    """Make the account and ask to look into the mail."""
    form = RegisterForm()
    if form.validate_on_submit():
        count_registration()
        try:
            registration.register(form.nickname.data, form.email.data, form.password.data, current_language())
        except NicknameTaken as refusal:
            refuse(form, refusal, "nickname")
        except PasswordTooEasy as refusal:
            refuse(form, refusal, "password")
        else:
            return redirect(url_for("web.look_into_mail"))
    return render_template("account/register.html", form=form), 400


@web.get("/register/done")
def look_into_mail() -> ResponseReturnValue:
    """Say that a mail is under way, to whatever address."""
    return render_template("account/look_into_mail.html", shows_mailbox=shows_mailbox())


def shows_mailbox() -> bool:
    """Tell whether this site keeps its mails where a developer can read them."""
    settings = current_app.config
    return bool(settings["ENVIRONMENT"] == "development" and settings["MAIL_BACKEND"] == "file")


@web.get("/confirm/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Show a button: programs that open the links of a mail to check them confirm nothing."""
    return render_template("account/confirm.html", token=token)


@web.post("/confirm/<token>")
def do_confirm(token: str) -> ResponseReturnValue:
    """Confirm the address."""
    try:
        registration.confirm_email(token)
    except LinkNotValid as refusal:
        return render_template("account/link_not_valid.html", text=sentence(refusal)), 400
    flash(gettext("Thank you, your address is confirmed."), "success")
    return redirect(url_for("web.personal" if current_user.is_authenticated else "web.login"))


@web.post("/personal/confirm")
@login_required
def confirm_again() -> ResponseReturnValue:
    """Send the link once more."""
    count_mail(reader().email_folded)
    try:
        registration.resend_confirmation(reader())
    except AlreadyConfirmed as refusal:
        flash(sentence(refusal))
    else:
        flash(gettext("The mail is on its way. Please look into your inbox, and into the spam folder."), "success")
    return redirect(url_for("web.personal"))
