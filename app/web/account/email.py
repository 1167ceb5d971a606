"""Changing the e-mail address, and turning kinds of mail off."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_required

from app.extensions import csrf
from app.forms.account import TOPIC_NAMES, ChangeEmailForm
from app.rules.account.refusals import EmailTaken, SameEmail, WrongCode, WrongPassword
from app.services.account import profile as users
from app.services.account import take_back
from app.services.account.link_token import Purpose, read_link_token
from app.web.blueprint import web
from app.web.page.login_limits import count_mail, password_attempts
from app.web.page.reader import reader
from app.web.page.refusals import refuse, show_dead_link


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
        try:
            with password_attempts(reader().email):
                count_mail(form.email.data)
                users.request_new_email(reader(), form.password.data, form.email.data, form.code.data)
        except (WrongPassword, WrongCode, SameEmail) as refusal:
            refuse(form, refusal)
        else:
            flash(gettext("We have sent a link to the new address. The old one stays until you open it."), "success")
            return redirect(url_for("web.user_settings"))
    return render_template("account/change_email.html", form=form), 400


@web.get("/change/email/<token>")
def confirm_new_email(token: str) -> ResponseReturnValue:
    """Show a button, so that programs that check the links of a mail change nothing."""
    read_link_token(Purpose.NEW_EMAIL, token)
    return render_template("account/confirm_new_email.html", token=token)


@web.post("/change/email/<token>")
def do_confirm_new_email(token: str) -> ResponseReturnValue:
    """Change the address."""
    try:
        users.confirm_new_email(token)
    except EmailTaken as refusal:
        return show_dead_link(refusal)
    flash(gettext("Your new e-mail address is set."), "success")
    return redirect(url_for("web.user_settings" if current_user.is_authenticated else "web.login"))


@web.get("/change/email/back/<token>")
def take_back_email(token: str) -> ResponseReturnValue:
    """Explain what restoring the old address does, and show the button."""
    read_link_token(Purpose.OLD_EMAIL, token)
    return render_template("account/take_back_email.html", token=token)


@web.post("/change/email/back/<token>")
def do_take_back_email(token: str) -> ResponseReturnValue:
    """Restore the old address, and go on to setting a new password."""
    try:
        reset = take_back.take_back_email(token)
    except (EmailTaken, SameEmail) as refusal:
        return show_dead_link(refusal)
    flash(
        gettext("Your old address is back, and all devices are logged out. Please set a new password now."), "success"
    )
    return redirect(url_for("web.set_password", token=reset))


@web.get("/mail/off/<token>")
def mail_off(token: str) -> ResponseReturnValue:
    """Show the button that turns one kind of mail off."""
    kind = users.find_mail_topic(token)
    return render_template("account/mail_off.html", token=token, topic=TOPIC_NAMES[kind], is_off=False)


@web.post("/mail/off/<token>")
@csrf.exempt  # Mail programs send this request by themselves (RFC 8058); the token in the link authorises it.
def do_mail_off(token: str) -> ResponseReturnValue:
    """Turn one kind of mail off."""
    kind = users.mute_mail_topic(token)
    return render_template("account/mail_off.html", token=token, topic=TOPIC_NAMES[kind], is_off=True)
