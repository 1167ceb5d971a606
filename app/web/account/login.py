"""Logging in and out."""

import re
import time

from flask import Response, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from app.forms.account import CodeForm, LoginForm
from app.models.user import User
from app.rules.account.refusals import WrongCode, WrongLogin
from app.services.account import login as logins
from app.services.account.login import PasswordPassed
from app.services.account.login_session import end_session, note_browser
from app.web.blueprint import web
from app.web.page.login_limits import password_attempts, remember_device
from app.web.page.paths import local_path
from app.web.page.reader import reader
from app.web.page.refusals import refuse

CODE_SECONDS = 300
"""Seconds for which the page that asks for the code may stay open."""
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")
BROWSERS = ("MicroMessenger", "Edg", "OPR", "Firefox", "Chrome", "Safari")
NAMES = {"MicroMessenger": "WeChat", "Edg": "Edge", "OPR": "Opera", "Mac OS X": "macOS"}


@web.get("/login")
def login() -> ResponseReturnValue:
    """Show the log-in form, unless the reader is logged in."""
    target = local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target)
    return render_template("account/login.html", form=LoginForm(next=target))


@web.post("/login")
def do_login() -> ResponseReturnValue:
    """Check the password; ask for the code if the second factor is on."""
    form = LoginForm()
    if form.validate_on_submit():
        try:
            with password_attempts(form.email.data) as attempt:
                passed = logins.check_password(form.email.data, form.password.data)
                if passed.needs_code:
                    attempt.keep()
                    return _ask_for_code(passed, form)
                user = logins.log_in(passed, device_name(), form.remember.data)
        except WrongLogin as refusal:
            refuse(form, refusal)
        else:
            return begin(user, form.remember.data, local_path(form.next.data))
    return render_template("account/login.html", form=form), 400


def _ask_for_code(passed: PasswordPassed, form: LoginForm) -> ResponseReturnValue:
    session.clear()
    session["passed"] = [passed.user_id, passed.version, int(time.time()), form.email.data]
    session["then"] = [form.remember.data, local_path(form.next.data)]
    return redirect(url_for("web.login_code"))


@web.get("/login/code")
def login_code() -> ResponseReturnValue:
    """Ask for the code of the authenticator app."""
    if _passed() is None:
        return redirect(url_for("web.login"))
    return render_template("account/login_code.html", form=CodeForm())


@web.post("/login/code")
def do_login_code() -> ResponseReturnValue:
    """Check the code and log in."""
    found = _passed()
    if found is None:
        return redirect(url_for("web.login"))
    passed, email = found
    is_remembered, target = session["then"]
    form = CodeForm()
    if form.validate_on_submit():
        try:
            with password_attempts(email):
                user = logins.log_in(passed, device_name(), is_remembered, form.code.data)
        except WrongCode as refusal:
            refuse(form, refusal)
        except WrongLogin:
            session.clear()
            return redirect(url_for("web.login"))
        else:
            return begin(user, is_remembered, local_path(target))
    return render_template("account/login_code.html", form=form), 400


def _passed() -> tuple[PasswordPassed, str] | None:
    if "passed" not in session:
        return None
    user_id, version, passed_at, email = session["passed"]
    if passed_at < time.time() - CODE_SECONDS:
        session.clear()
        return None
    return PasswordPassed(user_id=user_id, version=version, needs_code=True), email


def begin(user: User, is_remembered: bool, target: str) -> Response:
    """Set the cookies of the login session and redirect; the previous session is cleared."""
    session.clear()
    login_user(user, remember=is_remembered)
    response = make_response(redirect(target))
    note_browser(user, remember_device(response, user))
    return response


@web.post("/logout")
def logout() -> ResponseReturnValue:
    """End the login session of this device."""
    if current_user.is_authenticated:
        end_session(reader().login_token)
    session.clear()
    logout_user()
    return redirect(url_for("web.index"))


def device_name() -> str:
    """Return a name by which readers recognise this device, such as `Firefox, Windows`."""
    agent = request.user_agent.string
    found = [next((word for word in words if re.search(rf"\b{word}", agent)), "") for words in (BROWSERS, SYSTEMS)]
    return ", ".join(NAMES.get(word, word) for word in found if word)
