"""A reader's e-mail address: change it; and turn kinds of mail off."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required

from app.extensions import csrf
from app.forms.account import NOTICE_NAMES, ChangeEmailForm
from app.rules.account import EmailTaken, LinkNotValid, SameEmail, WrongPassword
from app.services import user as users
from app.web import web
from app.web.account_refusals import refuse, sentence
from app.web.limits import LoginAttempts, count_mail
from app.web.reader import reader


@web.get("/change/email")
@login_required
def change_email() -> ResponseReturnValue:
    """Ask for a new address."""
    return render_template("account/change_email.html", form=ChangeEmailForm())


@web.post("/change/email")
@login_required
def do_change_email() -> ResponseReturnValue:
    """Send a link to the new address."""
    form = ChangeEmailForm()
    if form.validate_on_submit():
        attempts = LoginAttempts(reader().email)
        attempts.count()
        count_mail(form.email.data)
        try:
            users.request_new_email(reader(), form.password.data, form.email.data)
        except WrongPassword as refusal:
            refuse(form, refusal, "password")
        except SameEmail as refusal:
            refuse(form, refusal, "email")
        else:
            attempts.succeed()
            flash(gettext("We have sent a link to the new address. Until you open it, the old one stays."), "success")
            return redirect(url_for("web.personal"))
    return render_template("account/change_email.html", form=form), 400


@web.get("/change/email/<token>")
def confirm_new_email(token: str) -> ResponseReturnValue:
    """Show a button: programs that open the links of a mail to check them change nothing."""
    return render_template("account/confirm_new_email.html", token=token)


@web.post("/change/email/<token>")
def do_confirm_new_email(token: str) -> ResponseReturnValue:
    """Change the address."""
    try:
        users.confirm_new_email(token)
    except (LinkNotValid, EmailTaken) as refusal:
        return render_template("account/link_not_valid.html", text=sentence(refusal)), 400
    flash(gettext("Your new e-mail address is set."), "success")
    return redirect(url_for("web.personal" if current_user.is_authenticated else "web.login"))


@web.get("/mail/off/<token>")
def mail_off(token: str) -> ResponseReturnValue:
    """Show the button that turns one kind of mail off."""
    try:
        kind = users.find_notice(token)
    except LinkNotValid as refusal:
        return render_template("account/link_not_valid.html", text=sentence(refusal)), 400
    return render_template("account/mail_off.html", token=token, notice=NOTICE_NAMES[kind], is_off=False)


@web.post("/mail/off/<token>")
@csrf.exempt  # Mail programs press this button by themselves (RFC 8058); the link itself is the proof.
def do_mail_off(token: str) -> ResponseReturnValue:
    """Turn one kind of mail off."""
    try:
        kind = users.mute_notice(token)
    except LinkNotValid as refusal:
        return render_template("account/link_not_valid.html", text=sentence(refusal)), 400
    return render_template("account/mail_off.html", token=token, notice=NOTICE_NAMES[kind], is_off=True)
