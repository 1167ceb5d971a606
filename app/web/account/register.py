"""Registering, and confirming the address."""

from flask import current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.forms.account import RegisterForm
from app.forms.door import AskToRegisterForm
from app.i18n import current_language
from app.models.base import now
from app.models.user import User
from app.rules.account.refusals import NicknameTaken, PasswordTooEasy
from app.rules.door.door import Door
from app.services.account import registration
from app.services.account.link_token import Purpose, read_link_token
from app.services.account.login import log_in, passed_by
from app.services.door.arrival import current_door
from app.services.door.invitation import find_usable
from app.web.account.login import begin, device_name
from app.web.blueprint import web
from app.web.circle.joining import join_if_invited, tell_entry
from app.web.page.login_limits import count_registration
from app.web.page.paths import local_path
from app.web.page.refusals import refuse
from app.web.page.strangers import give_ticket, is_from_a_person

LONGEST_TARGET = 200
"""Most characters of a path that the link in the mail carries along."""


@web.get("/register")
def register() -> ResponseReturnValue:
    """Show the form for a new account, or how to get in where that takes an invitation."""
    invite = request.args.get("invite", "")
    if _lacks_invitation(invite):
        return _show_by_invitation(invite)
    return _show(_form(next=local_path(request.args.get("next")), invite=invite))


def _form(**given: str) -> RegisterForm:
    return (AskToRegisterForm if current_door() is Door.APPROVAL else RegisterForm)(**given)


def _show(form: RegisterForm, status: int = 200) -> ResponseReturnValue:
    give_ticket(form, "register")
    return render_template("account/register.html", form=form), status


def _lacks_invitation(invite: str) -> bool:
    return current_door() is Door.INVITE and find_usable(invite, now()) is None


def _show_by_invitation(invite: str) -> ResponseReturnValue:
    return render_template("door/by_invitation.html", is_gone=bool(invite)), 403 if invite else 200


@web.post("/register")
def do_register() -> ResponseReturnValue:
    """Create the account, and send the reader to their mail."""
    form = _form()
    if _lacks_invitation(form.invite.data):
        return _show_by_invitation(form.invite.data)
    if form.validate_on_submit() and is_from_a_person(form, "register"):
        count_registration(form.email.data)
        target = local_path(form.next.data)
        try:
            mark = registration.register(
                form.nickname.data,
                form.email.data,
                form.password.data,
                current_language(),
                target if len(target) <= LONGEST_TARGET else "",
                registration.Knock(form.invite.data, form.words.data if "words" in form else ""),
            )
        except (NicknameTaken, PasswordTooEasy) as refusal:
            refuse(form, refusal)
        else:
            session["registered"] = mark
            return redirect(url_for("web.look_into_mail"))
    return _show(form, 400)


@web.get("/register/done")
def look_into_mail() -> ResponseReturnValue:
    """Say that a mail has been sent, without naming the address."""
    return render_template("account/look_into_mail.html", shows_mailbox=shows_mailbox())


def shows_mailbox() -> bool:
    """Return whether a developer can read the site's mails at `/dev/mail`."""
    settings = current_app.config
    return bool(settings["ENVIRONMENT"] == "development" and settings["MAIL_BACKEND"] == "file")


@web.get("/register/waiting")
def waiting() -> ResponseReturnValue:
    """Say that the address is confirmed, and that somebody looks at it before one can log in."""
    return render_template("door/waiting.html", refused=None, days=0)


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
    if not user.is_confirmed:
        return redirect(url_for("web.waiting"), 303)
    target = local_path(target)
    joined = join_if_invited(user.id, target)
    target = joined.path if joined else target
    if session.get("registered") == registration.registration_mark(user.email, user.password_hash):
        response = begin(log_in(passed_by(user), device_name(), is_remembered=False), False, target)
    else:
        response = make_response(redirect(url_for("web.login", next=target)))
    flash(_thanks(user), "success")
    if joined:
        tell_entry(joined.name, joined.entry)
    return response


def _thanks(user: User) -> str:
    if user.beans:
        return str(gettext("Thank you, your address is confirmed. You have your first bean."))
    return str(gettext("Thank you, your address is confirmed. Its first bean went to an account that you had before."))
