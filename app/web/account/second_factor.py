"""Two-step verification: turn it on or off, recovery codes."""

import segno
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_required
from markupsafe import Markup

from app.forms.account import CodeForm, PasswordForm
from app.rules.account.refusals import WrongCode, WrongPassword
from app.rules.refusal import Refusal
from app.services.account import second_factor as factors
from app.web.blueprint import web
from app.web.page.login_limits import password_attempts
from app.web.page.reader import reader
from app.web.page.refusals import refuse, words_of


@web.get("/personal/second-factor")
@login_required
def second_factor() -> ResponseReturnValue:
    """Show how to turn two-step verification on or off."""
    if reader().has_second_factor:
        return _page_when_on(PasswordForm())
    return _page_when_off(CodeForm())


def _page_when_on(form: PasswordForm, status: int = 200) -> ResponseReturnValue:
    codes_left = factors.count_recovery_codes(reader())
    return render_template("account/second_factor_on.html", form=form, codes_left=codes_left), status


def _page_when_off(form: CodeForm, status: int = 200) -> ResponseReturnValue:
    try:
        address = factors.begin_second_factor(reader())
    except Refusal as refusal:
        flash(words_of(refusal).sentence, "error")
        return redirect(url_for("web.user_settings"))
    # The QR code is inline, so that the secret is in no URL and no file.
    drawing = segno.make(address, error="m").svg_inline(scale=5, border=4, light="#fff", svgclass="qr")
    picture = Markup(drawing)  # noqa: S704  (drawn here, of squares)
    secret = reader().totp_secret
    return render_template("account/second_factor_off.html", form=form, picture=picture, secret=secret), status


@web.post("/personal/second-factor/on")
@login_required
def turn_on_second_factor() -> ResponseReturnValue:
    """Turn it on, and show the recovery codes once."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            with password_attempts(reader().email):
                codes = factors.turn_on_second_factor(reader(), form.code.data)
        except WrongCode as refusal:
            refuse(form, refusal)
        else:
            return render_template("account/recovery_codes.html", codes=codes), 200, {"Cache-Control": "no-store"}
    return _page_when_off(form, 400)


@web.post("/personal/second-factor/off")
@login_required
def turn_off_second_factor() -> ResponseReturnValue:
    """Turn it off."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            with password_attempts(reader().email):
                factors.turn_off_second_factor(reader(), form.password.data, form.code.data)
        except (WrongPassword, WrongCode) as refusal:
            refuse(form, refusal)
        else:
            flash(gettext("Two-step verification is off."), "success")
            return redirect(url_for("web.user_settings"))
    return _page_when_on(form, 400)


@web.post("/personal/second-factor/codes")
@login_required
def renew_recovery_codes() -> ResponseReturnValue:
    """Replace the recovery codes, and show the new ones once."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            with password_attempts(reader().email):
                codes = factors.renew_recovery_codes(reader(), form.password.data, form.code.data)
        except (WrongPassword, WrongCode) as refusal:
            refuse(form, refusal)
        else:
            return render_template("account/recovery_codes.html", codes=codes), 200, {"Cache-Control": "no-store"}
    return _page_when_on(form, 400)
