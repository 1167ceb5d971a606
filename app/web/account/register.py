"""Registering, and confirming the address."""

from flask import current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.forms.account import RegisterForm
from app.i18n import current_language
from app.models.user import User
from app.rules.account.refusals import NicknameTaken, PasswordTooEasy
from app.services.account import registration
from app.services.account.link_token import Purpose, read_link_token
from app.services.account.login import log_in, passed_by
from app.web.account.login import begin, device_name
from app.web.blueprint import web
from app.web.page.login_limits import count_mail
from app.web.page.paths import local_path
from app.web.page.refusals import refuse

LONGEST_TARGET = 200
"""Most characters of a path that the link in the mail carries along."""


@web.get("/register")
def register() -> ResponseReturnValue:
    """Show the form for a new account."""
    return render_template("account/register.html", form=RegisterForm(next=local_path(request.args.get("next"))))


@web.post("/register")
def do_register() -> ResponseReturnValue:
    """Create the account, and send the reader to their mail."""
    form = RegisterForm()
    if form.validate_on_submit():
        count_mail(form.email.data)
        target = local_path(form.next.data)
        try:
            mark = registration.register(
                form.nickname.data,
                form.email.data,
                form.password.data,
                current_language(),
                target if len(target) <= LONGEST_TARGET else "",
            )
        except (NicknameTaken, PasswordTooEasy) as refusal:
            refuse(form, refusal)
        else:
            session["registered"] = mark
            return redirect(url_for("web.look_into_mail"))
    return render_template("account/register.html", form=form), 400


@web.get("/register/done")
def look_into_mail() -> ResponseReturnValue:
    """Say that a mail has been sent, without naming the address."""
    return render_template("account/look_into_mail.html", shows_mailbox=shows_mailbox())


def shows_mailbox() -> bool:
    """Return whether a developer can read the site's mails at `/dev/mail`."""
    settings = current_app.config
    return bool(settings["ENVIRONMENT"] == "development" and settings["MAIL_BACKEND"] == "file")


@web.get("/confirm/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Show a button, so that programs that check the links of a mail confirm nothing."""
    read_link_token(Purpose.CONFIRM, token)
    return render_template("account/confirm.html", token=token)


@web.post("/confirm/<token>")
def do_confirm(token: str) -> ResponseReturnValue:
    """Confirm the address; log in only the browser in which it was registered with the account's present password.

    Somebody else may have registered the address since: logging in automatically would share the account with them.
    """
    user, target = registration.confirm_email(token)
    target = local_path(target)
    if session.get("registered") == registration.registration_mark(user.email, user.password_hash):
        response = begin(log_in(passed_by(user), device_name(), is_remembered=False), False, target)
    else:
        response = make_response(redirect(url_for("web.login", next=target)))
    flash(_thanks(user), "success")
    return response


def _thanks(user: User) -> str:
    if user.beans:
        return str(gettext("Thank you, your address is confirmed. You have your first bean."))
    return str(gettext("Thank you, your address is confirmed. Its first bean went to an account that you had before."))
