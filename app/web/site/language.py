"""Choosing the language."""

from flask import current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.forms.language import LanguageForm
from app.i18n import LANGUAGE_COOKIE, cookie_name, current_language
from app.rules.clock import YEAR
from app.services.account.profile import choose_language as choose_language_of
from app.web.blueprint import web
from app.web.page.paths import local_path
from app.web.page.reader import reader


@web.get("/language")
def language() -> ResponseReturnValue:
    """Offer the languages."""
    form = LanguageForm(language=current_language(), next=local_path(request.args.get("next")))
    return render_template("language.html", form=form)


@web.post("/language")
def choose_language() -> ResponseReturnValue:
    """Store the choice in a cookie and return to the previous page."""
    form = LanguageForm()
    if not form.validate_on_submit():
        return render_template("language.html", form=form), 400
    if current_user.is_authenticated:
        choose_language_of(reader(), form.language.data)
    response = redirect(local_path(form.next.data))
    response.set_cookie(
        cookie_name(LANGUAGE_COOKIE),
        form.language.data,
        max_age=YEAR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response
